using Microsoft.AspNetCore.Localization;

namespace SecuTicket.Api.Web.Frame;

/// <summary>Remembers in which language a person reads.</summary>
public static class LanguageChoice
{
    /// <summary>Where it is chosen; <c>back</c> is the page to return to.</summary>
    public const string Route = "/language/{language}";

    /// <summary>The cookie; it holds the language and nothing else.</summary>
    public const string CookieName = "language";

    /// <summary>Languages of one request that are looked at.</summary>
    public const int MostAsked = 16;

    /// <summary>How long it is remembered.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(365);

    /// <summary>The language a browser asks for, in its order of preference: of <c>fr-CH</c> the first part counts. Machines without ICU do not know that one is the parent of the other.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Null where it asks for none that we speak.</returns>
    public static Task<ProviderCultureResult?> Asked(HttpContext context)
    {
        var asked = context.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(one => one.Quality ?? 1).Take(MostAsked)
            .Select(one => one.Value.ToString().Split('-')[0].ToLowerInvariant()).FirstOrDefault(one => WebPages.Languages.Contains(one, StringComparer.Ordinal));
        return Task.FromResult(asked is null ? null : new ProviderCultureResult(asked));
    }

    /// <summary>Sets the cookie and returns to the page; to the first one, where <paramref name="back"/> is not of this site.</summary>
    /// <param name="context">The request.</param>
    /// <param name="language">One of <see cref="WebPages.Languages"/>; another one changes nothing.</param>
    /// <param name="back">A path of this site, with its query.</param>
    public static IResult Choose(HttpContext context, string language, string? back)
    {
        if (WebPages.Languages.Contains(language, StringComparer.Ordinal))
        {
            var options = new CookieOptions { MaxAge = Remembered, SameSite = SameSiteMode.Lax, HttpOnly = true, Secure = context.Request.IsHttps, IsEssential = true };
            context.Response.Cookies.Append(CookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(language)), options);
        }

        return Results.LocalRedirect(IsLocal(back) ? back! : "/");
    }

    private static bool IsLocal(string? path) => path is { Length: > 0 and <= 2_048 } && path[0] == '/' && (path.Length == 1 || path[1] is not ('/' or '\\')) && !path.Any(char.IsControl);
}
