using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Radzen;
using SecuTicket.Api.Web.Entrance;
using SecuTicket.Api.Web.Explorer;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Api.Web.Organise;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Api.Web.Wallet;

namespace SecuTicket.Api.Web;

/// <summary>Composes the web site: pages rendered here for reading, small scripts that sign in the browser, interactive components where an organiser works.</summary>
/// <remarks>
/// Whatever changes something is sent by the browser to the same HTTP contract that curl uses; a page has no way of its own. So no key, no secret and no session of a person is
/// ever on this side; of cookies there are the chosen language and the framework's against forged forms.
/// </remarks>
public static class WebPages
{
    /// <summary>The languages the pages speak; the first one where a browser asks for none of them.</summary>
    public static readonly string[] Languages = ["en", "fr"];

    /// <summary>Bytes of one message of an interactive page: a thousand seats' names, several times over.</summary>
    public const long MessageBytes = 128 * 1024;

    /// <summary>Interactive pages that are kept, at most, after their browser went away without a word.</summary>
    public const int KeptCircuits = 50;

    /// <summary>For how long.</summary>
    public static readonly TimeSpan KeptTime = TimeSpan.FromMinutes(1);

    /// <summary>Registers what pages use.</summary>
    public static IServiceCollection AddWebPages(this IServiceCollection services)
    {
        // What is protected lives no longer than the process: pages that are open, and their forms. So there is no key to keep on the disk.
        services.AddDataProtection().SetApplicationName("SecuTicket").AddKeyManagementOptions(static options => options.XmlRepository = new PassingKeys());
        services.AddLocalization();

        // French is written as it is, not as escapes; <, >, & and quotes still are.
        services.AddWebEncoders(static options => options.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.Configure<RequestLocalizationOptions>(static options =>
        {
            options.SetDefaultCulture(Languages[0]).AddSupportedCultures(Languages).AddSupportedUICultures(Languages);
            options.RequestCultureProviders = [new CookieRequestCultureProvider { CookieName = LanguageChoice.CookieName }, new CustomRequestCultureProvider(LanguageChoice.Asked)];
        });
        services.AddRazorComponents().AddInteractiveServerComponents(static options =>
        {
            options.DisconnectedCircuitMaxRetained = KeptCircuits;
            options.DisconnectedCircuitRetentionPeriod = KeptTime;
        }).AddHubOptions(static options => options.MaximumReceiveMessageSize = MessageBytes);
        services.AddRadzenComponents();
        services.AddSingleton<WarmUp>();
        services.AddSingleton<LatestBlocks>();
        services.AddSingleton<SeatPlans>().AddSingleton<SessionTimes>().AddSingleton<EventSearch>().AddSingleton<Exchange>().AddScoped<RulesInWords>().AddScoped<TicketActions>();
        services.AddSingleton<EntranceShell>();
        services.AddSingleton<TipWatch>().AddSingleton<EventExports>().AddScoped<SigningBrowser>();
        services.AddSingleton<OpenCircuits>().AddScoped<CircuitHandler, CircuitLimit>();
        return services.AddScoped<PageWords>();
    }

    /// <summary>Chooses the language of pages, and shows a person who went astray a page instead of problem JSON.</summary>
    public static IApplicationBuilder UseWebPages(this IApplicationBuilder app)
    {
        app.UseWhen(static context => IsPage(context) || IsPersonAstray(context) || IsCircuit(context), static pages => pages.UseRequestLocalization().UseAntiforgery());
        return app.Use(static (context, next) => IsPersonAstray(context) ? FindPageAsync(context, next) : next(context));
    }

    /// <summary>Serves pages, scripts and styles.</summary>
    public static IEndpointRouteBuilder MapWebPages(this IEndpointRouteBuilder routes)
    {
        routes.MapStaticAssets().ExcludeFromDescription();
        routes.MapGet(LanguageChoice.Route, LanguageChoice.Choose).ExcludeFromDescription();
        routes.MapGet(SeatReading.Route, SeatReading.Read).ExcludeFromDescription();
        routes.MapEntranceShell();
        routes.MapGet(EventExports.TicketsRoute, static (HttpContext context, string id, EventExports exports) => exports.TicketsAsync(context, id)).ExcludeFromDescription();
        routes.MapGet(EventExports.SalesRoute, static (HttpContext context, string id, EventExports exports) => exports.SalesAsync(context, id)).ExcludeFromDescription();

        // Who may frame a page is in its policy already (SecurityHeaders).
        routes.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = null).Add(ReadOnly);
        return routes;
    }

    /// <summary>Whether the request is for a page.</summary>
    public static bool IsPage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;

    // No page takes a form. Whoever asks whether one is there is told (RFC 9110, 9.1); the server leaves the body out.
    private static void ReadOnly(EndpointBuilder page)
    {
        if (!page.Metadata.OfType<ComponentTypeMetadata>().Any()) return;

        for (var i = 0; i < page.Metadata.Count; i++)
            if (page.Metadata[i] is IHttpMethodMetadata) page.Metadata[i] = new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]);
    }

    private static async Task FindPageAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null })
            await new RazorComponentResult<App> { StatusCode = StatusCodes.Status404NotFound }.ExecuteAsync(context);
    }

    // What an interactive page says later is in the language of the request that opened its circuit.
    private static bool IsCircuit(HttpContext context) => context.Request.Path.StartsWithSegments("/_blazor");

    /// <summary>Whether a person asks for a page that is not there. Clients of the API ask for anything or for JSON; only a browser's address bar names HTML.</summary>
    internal static bool IsPersonAstray(HttpContext context) =>
        context.GetEndpoint() is null && HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
