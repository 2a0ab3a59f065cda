using SecuTicket.Api.Composition;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Peers;

/// <summary>The paths that nodes speak to each other on.</summary>
internal static class PeerRoutes
{
    /// <summary>What all of them begin with.</summary>
    public const string Prefix = "/peer/v1";

    /// <summary>Whether a request is a message that nodes send in a session, and shows one that is open here.</summary>
    public static bool HasSession(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method)
        && context.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest)
        && rest.Value is ['/', .. var kind]
        && PeerKinds.All.Contains(kind)
        && !PeerKinds.IsJson(kind)
        && SessionOf(context.Request) is { } session
        && context.RequestServices.GetService<NetworkHost>() is { } host
        && host.Network.Knows(session);

    /// <summary>The session that a request shows; null when there is none.</summary>
    public static string? SessionOf(HttpRequest request) => request.Headers[SessionToken.HeaderName] is [{ } session] ? session : null;
}
