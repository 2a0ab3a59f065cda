using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecuTicket.Benchmarks.World;

/// <summary>The least that Kestrel can do with the bytes of a figure: reads the body, answers as many bytes as the node does. It bounds every figure over HTTP.</summary>
/// <remarks>The path begins with the number of bytes to answer, in as many characters as <c>tickets</c>, so that a request is as long as the node's.</remarks>
internal static class EchoServer
{
    public const int PostStatus = StatusCodes.Status201Created;
    public const int GetStatus = StatusCodes.Status200OK;

    private const string Metrics = "/metrics";
    private const int Digits = 7;
    private const int LargestAnswer = 64 * 1024;

    /// <summary>What a path begins with that is answered with so many bytes, instead of <c>/tickets/</c>.</summary>
    public static string PathOf(int answer) => string.Create(CultureInfo.InvariantCulture, $"/{answer:D7}/");

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var answer = new byte[LargestAnswer];
        answer.AsSpan().Fill((byte)' ');
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

            var size = int.Parse(path.AsSpan(1, Digits), CultureInfo.InvariantCulture);
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
}
