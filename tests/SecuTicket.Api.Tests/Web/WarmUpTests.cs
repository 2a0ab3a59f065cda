using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web;
using SecuTicket.Api.Web.Frame;

namespace SecuTicket.Api.Tests.Web;

/// <summary>The first pages are asked for before somebody does. What listens here answers as a test says.</summary>
public sealed class WarmUpTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly List<string> _asked = [];
    private readonly Lines _log = new();
    private readonly WebApplication _site;
    private Func<HttpContext, Task> _answer = static _ => Task.CompletedTask;

    public WarmUpTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _site = builder.Build();
        _site.Urls.Add("http://127.0.0.1:0");
        _site.Run(context =>
        {
            _asked.Add($"{context.Request.Path} {context.Request.Headers.AcceptLanguage} {context.Request.Headers.Accept} {context.Request.Headers.AcceptEncoding}");
            return _answer(context);
        });
    }

    private static IEnumerable<string> Everything => WebPages.Languages.SelectMany(static _ => WarmUp.Routes, static (language, route) => $"{route} {language} text/html gzip, br");

    private string Url => _site.Urls.Single();

    public Task InitializeAsync() => _site.StartAsync();

    public async Task DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task Pages_are_asked_for_in_each_language_a_moment_after_the_start()
    {
        var running = Make(Url).RunAsync(CancellationToken.None);
        _asked.Should().BeEmpty("who started the node waits for nothing here");
        _clock.Advance(WarmUp.Pause);
        await running;

        _asked.Should().Equal(Everything);
        _log.Levels.Should().Equal(LogLevel.Debug);
    }

    [Fact]
    public async Task They_are_asked_for_where_this_machine_reaches_them_without_a_certificate()
    {
        await RunAsync(Make("https://127.0.0.1:1", "http://unix:/run/secuticket.sock", Url.Replace("127.0.0.1", "0.0.0.0", StringComparison.Ordinal)));
        _asked.Should().Equal(Everything);

        _asked.Clear();
        await RunAsync(Make("https://127.0.0.1:1", "http://unix:/run/secuticket.sock"));
        await RunAsync(Make());
        await RunAsync(Make([Url], isWanted: false));
        _asked.Should().BeEmpty();
        _log.Levels.Should().Equal(LogLevel.Debug);
    }

    [Fact]
    public async Task What_goes_wrong_is_a_line_of_the_log()
    {
        _answer = static context => Results.BadRequest().ExecuteAsync(context);
        await RunAsync(Make(Url));
        _log.Levels.Should().Equal(Enumerable.Repeat(LogLevel.Debug, Everything.Count() + 1), "whoever allows some hosts only means to refuse this one");

        _log.Levels.Clear();
        _answer = static context => context.Response.Body.WriteAsync(new byte[WarmUp.MaxAnswerBytes + 1]).AsTask();
        await RunAsync(Make(Url));
        _log.Levels.Should().Equal(LogLevel.Warning);

        _log.Levels.Clear();
        _answer = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await RunAsync(Make(Url));
        _log.Levels.Should().Equal(LogLevel.Warning);
    }

    [Fact]
    public async Task A_process_that_stops_begins_no_further_page()
    {
        using var stopping = new CancellationTokenSource();
        _answer = _ => stopping.CancelAsync();

        await RunAsync(Make(Url), stopping.Token);

        _asked.Should().ContainSingle();
        _log.Levels.Should().BeEmpty();
    }

    private async Task RunAsync(WarmUp warm, CancellationToken stopping = default)
    {
        var running = warm.RunAsync(stopping);
        _clock.Advance(WarmUp.Pause);
        await running;
    }

    private WarmUp Make(params string[] addresses) => Make(addresses, isWanted: true);

    private WarmUp Make(string[] addresses, bool isWanted) => new(new Listening(addresses), Options.Create(new NodeOptions { WarmPages = isWanted }), _clock, _log);

    private sealed class Listening : IServer
    {
        public Listening(string[] addresses)
        {
            var listened = new ServerAddressesFeature();
            foreach (var address in addresses) listened.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(listened);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
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
