using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Benchmarks.Load;

/// <summary>One keep-alive connection with at most one request under way.</summary>
/// <remarks>A socket itself, so that what <see cref="Socket.Select(System.Collections.IList?,System.Collections.IList?,System.Collections.IList?,int)"/> returns needs no lookup.</remarks>
internal sealed class LoadConnection : Socket
{
    private const int FirstBuffer = 16 * 1024;
    private const int LargestBuffer = 16 * 1024 * 1024;

    private byte[] _received = new byte[FirstBuffer];
    private int _length;

    public LoadConnection(IPEndPoint server)
        : base(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true;
        Connect(server);
    }

    /// <summary>When the request under way was sent, in stopwatch ticks.</summary>
    public long SentAt { get; private set; }

    /// <summary>The bytes of the response, once it is complete.</summary>
    public ReadOnlySpan<byte> Received => _received.AsSpan(0, _length);

    /// <summary>Sends a request; the response to the one before was read.</summary>
    public void Send(ReadOnlySpan<byte> request, long now)
    {
        _length = 0;
        SentAt = now;
        while (!request.IsEmpty) request = request[Send(request, SocketFlags.None)..];
    }

    /// <summary>Takes what has arrived. Call it when the socket is readable: it then does not wait.</summary>
    public ResponseState Receive(out Response response)
    {
        if (_length == _received.Length)
        {
            if (_length == LargestBuffer)
            {
                response = default;
                return ResponseState.Malformed;
            }

            Array.Resize(ref _received, 2 * _length);
        }

        var count = Receive(_received.AsSpan(_length), SocketFlags.None, out var error);
        if (count <= 0 || error != SocketError.Success)
        {
            response = default;
            return ResponseState.Malformed;
        }

        _length += count;
        return ResponseReader.Read(Received, out response);
    }
}
