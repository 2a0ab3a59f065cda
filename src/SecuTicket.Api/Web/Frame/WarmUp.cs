using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Hosting;

namespace SecuTicket.Api.Web.Frame;

/// <summary>Asks for the pages that people open first once, when the process has started, so that none of them waits until the runtime has compiled what answers them.</summary>
/// <remarks>
/// It asks as a browser does, over a connection from this machine: half of what the first page waits for is the connection, the limits, the meters and the log, which a request within the process
/// does not go through. It waits a moment first: who started the node waits for its first answer, and for nothing here. A node that speaks TLS only is not asked: its certificate is for another name.
/// What it gave, and what it did not, is in docs/performance.md.
/// </remarks>
/// <param name="server">Knows what is listened on.</param>
/// <param name="options">Whether it is wanted.</param>
/// <param name="clock">Tells when the moment has passed.</param>
/// <param name="logger">Hears what went wrong.</param>
public sealed partial class WarmUp(IServer server, IOptions<NodeOptions> options, TimeProvider clock, ILogger<WarmUp> logger)
{
    /// <summary>What is asked for, in each language: the pages that the address bar and a link of an event lead to, and what they look like.</summary>
    public static readonly string[] Routes = ["/", "/sale", "/web/css/tokens.css"];

    /// <summary>How long the process has to itself before.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Most bytes of an answer: a page has some 30,000.</summary>
    public const int MaxAnswerBytes = 1 << 20;

    /// <summary>Asks for each page. What goes wrong is logged: whoever asks for the page next is told.</summary>
    /// <param name="stopping">Told when the process stops: no further page is begun.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (!options.Value.WarmPages || Site is not { } site) return;

        try
        {
            await Task.Delay(Pause, clock, stopping);
            var begun = Stopwatch.GetTimestamp();
            using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ActivityHeadersPropagator = null }) { BaseAddress = site, MaxResponseContentBufferSize = MaxAnswerBytes };
            foreach (var language in WebPages.Languages)
                foreach (var route in Routes)
                    await AskAsync(client, route, language, stopping);
            var milliseconds = (int)Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            LogWarm(milliseconds);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody will ask for a page any more.
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException)
        {
            LogFault(fault);
        }
    }

    private Uri? Site => (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        .Where(static url => url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !BindingAddress.Parse(url).IsUnixPipe)
        .Select(static url => new Uri(StartupBanner.Reachable(url)))
        .FirstOrDefault();

    private async Task AskAsync(HttpClient client, string route, string language, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, route);
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)[("Accept", "text/html"), ("Accept-Encoding", "gzip, br"), ("Accept-Language", language)]) request.Headers.Add(name, value);
        using var answer = await client.SendAsync(request, stopping);

        // A node may be told to answer under its own names only (AllowedHosts).
        if (!answer.IsSuccessStatusCode) LogStatus(route, (int)answer.StatusCode);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The first pages are warm after {Milliseconds} ms")]
    private partial void LogWarm(int milliseconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The page {Path} was asked for once and answered {Status}")]
    private partial void LogStatus(string path, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The first pages could not be asked for beforehand")]
    private partial void LogFault(Exception fault);
}
