using System.Diagnostics;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;

namespace SecuTicket.Api.Web.Frame;

/// <summary>Renders the pages that people open first once, when the process has started, so that none of them waits until the runtime has compiled what renders them.</summary>
/// <remarks>
/// A page is asked for within the process, in the pipeline that all pages go through, so what is warm is what is used. It waits a moment first: who started the node waits for its first answer, and for nothing here.
/// What it gave, and what it did not, is in docs/performance.md.
/// </remarks>
/// <param name="scopes">Each page has services of its own.</param>
/// <param name="endpoints">Where pages, styles and scripts are.</param>
/// <param name="options">Whether it is wanted.</param>
/// <param name="clock">Tells when the moment has passed.</param>
/// <param name="logger">Hears what went wrong.</param>
public sealed partial class WarmUp(IServiceScopeFactory scopes, EndpointDataSource endpoints, IOptions<NodeOptions> options, TimeProvider clock, ILogger<WarmUp> logger)
{
    /// <summary>What is asked for, in each language: the pages that the address bar and a link of an event lead to, and what they look like.</summary>
    public static readonly string[] Routes = ["/", "/sale", "web/css/tokens.css"];

    /// <summary>How long the process has to itself before.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>The part of the pipeline that pages go through.</summary>
    public RequestDelegate Pages { get; private set; } = static _ => Task.CompletedTask;

    /// <summary>Takes that part.</summary>
    public RequestDelegate Through(RequestDelegate pages) => Pages = pages;

    /// <summary>Asks for each page. What goes wrong is logged: whoever asks for the page next is told.</summary>
    /// <param name="stopping">Told when the process stops: no further page is begun.</param>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (!options.Value.WarmPages) return;

        try
        {
            await Task.Delay(Pause, clock, stopping);
            var begun = Stopwatch.GetTimestamp();
            foreach (var language in WebPages.Languages)
                foreach (var route in Routes)
                {
                    stopping.ThrowIfCancellationRequested();
                    await AskAsync(route, language);
                }

            var milliseconds = (int)Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            LogWarm(milliseconds);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Nobody will ask for a page any more.
        }
        catch (Exception fault)
        {
            LogFault(fault);
        }
    }

    private async Task AskAsync(string route, string language)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        (context.Request.Method, context.Request.Scheme, context.Request.Host, context.Request.Path) = (HttpMethods.Get, "http", new HostString("localhost"), $"/{route.TrimStart('/')}");
        context.Request.Headers.AcceptLanguage = language;
        context.SetEndpoint(endpoints.Endpoints.OfType<RouteEndpoint>().First(endpoint => endpoint.RoutePattern.RawText == route));
        await Pages(context);
        if (context.Response.StatusCode != StatusCodes.Status200OK) LogStatus(context.Request.Path, context.Response.StatusCode);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The first pages are warm after {Milliseconds} ms")]
    private partial void LogWarm(int milliseconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The page {Path} was asked for once and answered {Status}")]
    private partial void LogStatus(string path, int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The first pages could not be rendered beforehand")]
    private partial void LogFault(Exception fault);
}
