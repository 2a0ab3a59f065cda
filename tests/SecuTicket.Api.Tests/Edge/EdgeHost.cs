using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>The edge around a few routes that do next to nothing.</summary>
internal sealed class EdgeHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EdgeHost(WebApplication app, HttpClient client, RecordedLog log)
    {
        _app = app;
        Client = client;
        Log = log;
    }

    public HttpClient Client { get; }

    public RecordedLog Log { get; }

    public Verdict Readiness { get; set; } = Verdict.Accepted;

    public static async Task<EdgeHost> StartAsync(
        string environment = "Production", IPAddress? remote = null, bool onKestrel = false, Action<LoggerConfiguration>? levels = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        var log = new RecordedLog();
        var configuration = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(log);
        levels?.Invoke(configuration);
        builder.Services.AddSerilog(configuration.CreateLogger(), dispose: true);
        if (onKestrel) builder.Configuration["urls"] = "http://127.0.0.1:0";
        else builder.WebHost.UseTestServer();
        builder.Services.AddNodeProcess().AddObservability().AddProblems().AddEdgeLimits().AddAdministration().AddSwaggerPages()
            .AddControllers().AddApplicationPart(typeof(EdgeHost).Assembly);

        var app = builder.Build();
        EdgeHost? host = null;
        app.Use((context, next) =>
        {
            if (!onKestrel) context.Connection.RemoteIpAddress = remote;
            return next(context);
        });
        app.UseObservability();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseEdgeLimits();
        app.UseSwaggerPages();
        app.MapControllers();
        app.MapProblems();
        app.MapObservability(() => host!.Readiness);
        await app.StartAsync();

        var client = onKestrel ? new HttpClient { BaseAddress = new Uri(app.Urls.First()) } : app.GetTestClient();
        return host = new EdgeHost(app, client, log);
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

internal static class ProblemAnswers
{
    /// <summary>Asserts that the answer is a whole problem, and returns it.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(status, text);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        var problem = JsonDocument.Parse(text).RootElement;
        problem.GetProperty("code").GetString().Should().Be(code);
        problem.GetProperty("type").GetString().Should().Be($"/problems/{code}");
        problem.GetProperty("status").GetInt32().Should().Be((int)status);
        problem.GetProperty("title").GetString().Should().NotBeNullOrWhiteSpace();
        problem.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace();
        return problem;
    }
}

/// <summary>Keeps what is logged, with its properties.</summary>
internal sealed class RecordedLog : ILogEventSink
{
    private readonly Lock _lock = new();
    private readonly List<(LogEventLevel Level, string Text, IReadOnlyDictionary<string, object?> Properties)> _lines = [];

    public IReadOnlyList<(LogEventLevel Level, string Text, IReadOnlyDictionary<string, object?> Properties)> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    public void Emit(LogEvent logEvent)
    {
        var properties = logEvent.Properties.ToDictionary(property => property.Key, property => property.Value is ScalarValue scalar ? scalar.Value : property.Value);
        lock (_lock) _lines.Add((logEvent.Level, logEvent.RenderMessage(CultureInfo.InvariantCulture) + logEvent.Exception, properties));
    }
}
