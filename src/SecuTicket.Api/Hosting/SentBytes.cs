using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace SecuTicket.Api.Hosting;

/// <summary>Counts the bytes of an answer's body on their way out, whichever way they are written.</summary>
internal sealed class SentBytes : PipeWriter, IHttpResponseBodyFeature
{
    private readonly IHttpResponseBodyFeature _inner;
    private Stream? _stream;

    private SentBytes(IHttpResponseBodyFeature inner) => _inner = inner;

    /// <summary>Bytes written so far.</summary>
    public long Total { get; private set; }

    public Stream Stream => _stream ??= AsStream(leaveOpen: true);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => _inner.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => _inner.Writer.UnflushedBytes;

    /// <summary>Puts a counter between the request and its server.</summary>
    public static void Count(HttpContext context) =>
        context.Features.Set<IHttpResponseBodyFeature>(new SentBytes(context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));

    public override void Advance(int bytes)
    {
        Total += bytes;
        _inner.Writer.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _inner.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _inner.Writer.GetSpan(sizeHint);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        Total += source.Length;
        return _inner.Writer.WriteAsync(source, cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => _inner.Writer.FlushAsync(cancellationToken);

    public override void CancelPendingFlush() => _inner.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _inner.Writer.Complete(exception);

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => _inner.StartAsync(cancellationToken);

    public async Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Total += count ?? (new FileInfo(path).Length - offset);
        await _inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    public Task CompleteAsync() => _inner.CompleteAsync();
}
