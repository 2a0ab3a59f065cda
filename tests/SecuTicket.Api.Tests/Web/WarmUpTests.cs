using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web;
using SecuTicket.Api.Web.Frame;

namespace SecuTicket.Api.Tests.Web;

/// <summary>The first pages are rendered before somebody asks for them.</summary>
public sealed class WarmUpTests : IDisposable
{
    private readonly NodeFactory _node = new();
    private readonly List<(string Path, string Language, int Status)> _asked = [];
    private readonly Lines _log = new();

    [Fact]
    public async Task Pages_are_asked_for_in_each_language_a_moment_after_the_start()
    {
        var warm = Make();

        var running = warm.RunAsync(CancellationToken.None);
        _asked.Should().BeEmpty("who started the node waits for nothing here");
        _node.Clock.Advance(WarmUp.Pause);
        await running;

        _asked.Should().Equal(WebPages.Languages.SelectMany(_ => WarmUp.Routes, (language, route) => ($"/{route.TrimStart('/')}", language, StatusCodes.Status200OK)));
        _log.Levels.Should().Equal(LogLevel.Debug);
    }

    [Fact]
    public async Task What_goes_wrong_is_a_line_of_the_log()
    {
        var warm = Make();
        warm.Through(static _ => throw new InvalidOperationException("broken"));

        var running = warm.RunAsync(CancellationToken.None);
        _node.Clock.Advance(WarmUp.Pause);
        await running;

        _log.Levels.Should().Equal(LogLevel.Warning);
    }

    [Fact]
    public async Task A_process_that_stops_begins_no_further_page()
    {
        using var stopping = new CancellationTokenSource();
        var warm = Make();
        var pages = warm.Pages;
        warm.Through(async context =>
        {
            await pages(context);
            await stopping.CancelAsync();
        });

        var running = warm.RunAsync(stopping.Token);
        _node.Clock.Advance(WarmUp.Pause);
        await running;

        _asked.Should().ContainSingle();
        _log.Levels.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_does_not_want_it_pays_nothing()
    {
        await Make(isWanted: false).RunAsync(CancellationToken.None);

        _asked.Should().BeEmpty();
    }

    public void Dispose() => _node.Dispose();

    private WarmUp Make(bool isWanted = true)
    {
        var (services, pages) = (_node.Services, _node.Services.GetRequiredService<WarmUp>().Pages);
        var warm = new WarmUp(
            services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<EndpointDataSource>(), Options.Create(new NodeOptions { WarmPages = isWanted }), _node.Clock, _log);
        warm.Through(async context =>
        {
            await pages(context);
            _asked.Add((context.Request.Path.Value!, context.Request.Headers.AcceptLanguage.ToString(), context.Response.StatusCode));
        });
        return warm;
    }

    private sealed class Lines : ILogger<WarmUp>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);
    }
}
