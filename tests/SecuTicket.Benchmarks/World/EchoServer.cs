using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>The least that Kestrel can do with the bytes of a figure: reads the body, answers as many bytes as the node does. It bounds every figure over HTTP.</summary>
/// <remarks>The path begins with the numbers of bytes to answer and to lengthen the head by, in as many characters as <c>tickets</c>, so that a request is as long as the node's.</remarks>
internal static class EchoServer
{
    public const int PostStatus = StatusCodes.Status201Created;
    public const int GetStatus = StatusCodes.Status200OK;

    private const string Metrics = "/metrics";
    private const string Padding = "X";
    private const int SizeDigits = 4;
    private const int PaddingDigits = 3;
    private const int Paddings = 1_000;
    private const int LargestAnswer = 9_999;

    // A line of the head with no value.
    private const int LeastPadding = 5;

    /// <summary>What a path begins with that is answered with so many bytes, instead of <c>/tickets/</c>.</summary>
    /// <param name="server">The server, which is asked how long its own head is.</param>
    /// <param name="size">Bytes of head and body.</param>
    public static string PathOf(ServerProcess server, ExchangeSize size)
    {
        var requests = new RequestSet();
        var plain = PathOf(size.AnswerBody, 0);
        if (size.Body > 0) requests.AddPost(plain, new byte[size.Body]);
        else requests.AddGet(plain);
        var padding = size.AnswerHead - HttpLoad.Ask(server.EndPoint, requests[0]).HeadSize;
        return padding is 0 or (>= LeastPadding and < Paddings)
            ? PathOf(size.AnswerBody, padding)
            : throw new BenchmarkFailedException($"A head of {size.AnswerHead} bytes can not be answered: it lacks {padding} bytes.");
    }

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var answer = new byte[LargestAnswer];
        answer.AsSpan().Fill((byte)' ');
        string[] paddings = [.. Enumerable.Range(0, Paddings).Select(static length => new string('x', length))];
        app.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            if (path == Metrics)
            {
                var text = $"dotnet_gc_allocated_bytes_total {GC.GetTotalAllocatedBytes()}\n";
                context.Response.ContentLength = text.Length;
                await context.Response.WriteAsync(text, context.RequestAborted);
                return;
            }

            var isPost = HttpMethods.IsPost(context.Request.Method);
            if (isPost)
            {
                var buffer = ArrayPool<byte>.Shared.Rent(4096);
                while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) > 0)
                {
                }

                ArrayPool<byte>.Shared.Return(buffer);
            }

            var size = int.Parse(path.AsSpan(1, SizeDigits), CultureInfo.InvariantCulture);
            var padding = int.Parse(path.AsSpan(1 + SizeDigits, PaddingDigits), CultureInfo.InvariantCulture);
            if (padding >= LeastPadding) context.Response.Headers[Padding] = paddings[padding - LeastPadding];
            context.Response.StatusCode = isPost ? PostStatus : GetStatus;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = size;
            await context.Response.Body.WriteAsync(answer.AsMemory(0, size), context.RequestAborted);
        });
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
    }

    private static string PathOf(int body, int padding) => string.Create(CultureInfo.InvariantCulture, $"/{body:D4}{padding:D3}/");
}
