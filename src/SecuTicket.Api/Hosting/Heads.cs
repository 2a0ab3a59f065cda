using SecuTicket.Api.Administration;

namespace SecuTicket.Api.Hosting;

/// <summary>Answers HEAD wherever GET is answered (RFC 9110, section 9.1: every general-purpose server must): <c>curl -I</c> and those who watch whether a node is there ask so.</summary>
/// <remarks>The server leaves the body out itself; what is said of the API names GET alone. Left out are administrative routes: their GET form, which the tutorials ask for, does something.</remarks>
public static class Heads
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Lets these routes take HEAD with GET.</summary>
    public static T AnswerHeads<T>(this T routes)
        where T : IEndpointConventionBuilder
    {
        routes.Finally(static endpoint =>
        {
            if (endpoint.Metadata.OfType<AdminOnlyAttribute>().Any()) return;

            for (var i = 0; i < endpoint.Metadata.Count; i++)
            {
                if (endpoint.Metadata[i] is HttpMethodMetadata { HttpMethods: ["GET"] }) endpoint.Metadata[i] = new HttpMethodMetadata(GetAndHead);
            }
        });
        return routes;
    }
}
