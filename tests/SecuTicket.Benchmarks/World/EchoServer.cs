using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SecuTicket.Benchmarks.World;

/// <summary>The least that Kestrel can do with the bytes of a figure: reads the body, answers as many bytes as the node does. It bounds every figure over HTTP.</summary>
internal static class EchoServer
{
    public const int PostStatus = StatusCodes.Status201Created;
    public const int GetStatus = StatusCodes.Status200OK;

    public static async Task RunAsync(int answerSize)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var answer = new byte[answerSize];
        answer.AsSpan().Fill((byte)' ');
        app.Run(async context =>
        {
            var isPost = HttpMethods.IsPost(context.Request.Method);
            if (isPost)
            {
                var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(4096);
                while (await context.Request.Body.ReadAsync(buffer, context.RequestAborted) > 0)
                {
                }

                System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            }

            context.Response.StatusCode = isPost ? PostStatus : GetStatus;
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer, context.RequestAborted);
        });
<<<<<<< HEAD
        app.MapGet("/echo/{id}", (HttpContext context) => AnswerAsync(context, StatusCodes.Status200OK));
        app.MapGet("/metrics", static () => Results.Text($"dotnet_gc_allocated_bytes_total {GC.GetTotalAllocatedBytes()}\n"));
=======
>>>>>>> helper/loop
        await app.StartAsync();
        await Console.Out.WriteLineAsync(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
    }
}
