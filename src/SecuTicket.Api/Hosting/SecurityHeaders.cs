using SecuTicket.Api.Web;

namespace SecuTicket.Api.Hosting;

/// <summary>Headers that keep browsers from doing more with an answer than it is for.</summary>
public static class SecurityHeaders
{
    /// <summary>Scripts, styles and connections of this server only: a page that knows a secret can send it nowhere else.</summary>
    /// <remarks>Swagger UI makes its interceptor out of text, hence <c>unsafe-eval</c>, and styles elements in place.</remarks>
    private const string SwaggerPolicy =
        "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The same for our own pages, which make no script out of text. Charts and grids place their parts by styles.</summary>
    private const string PagePolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets them on every answer.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (LeanControllers.IsForAction(context)) return next(context);

        if (context.Request.Path.StartsWithSegments("/swagger")) headers.ContentSecurityPolicy = SwaggerPolicy;
        else if (WebPages.IsPage(context) || WebPages.IsPersonAstray(context)) headers.ContentSecurityPolicy = PagePolicy;
        return next(context);
    });
}
