using System.Net;
using System.Security.Cryptography;
using System.Text;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Administration;

/// <summary>Says who may use the administrative routes: whoever has the node's admin key; in Development also whoever sits at this machine.</summary>
/// <remarks>
/// A browser at this machine runs pages of strangers, and their requests come from loopback too. So a loopback caller must also name this
/// server by a loopback name (a stranger's name that resolves to 127.0.0.1 is DNS rebinding) and, when a browser says where the request
/// comes from, it must come from this server's own pages. Forwarding headers are never looked at: anyone can write them.
/// </remarks>
public sealed class AdminGuard
{
    private const string BearerPrefix = "Bearer ";
    private readonly byte[]? _keyDigest;
    private readonly bool _isDevelopment;

    /// <summary>Guards with this key.</summary>
    /// <param name="adminKey">Setting <c>Node:AdminKey</c>; null or blank lets nobody in by key.</param>
    /// <param name="isDevelopment">Whether loopback callers need no key.</param>
    public AdminGuard(string? adminKey, bool isDevelopment)
    {
        _keyDigest = string.IsNullOrWhiteSpace(adminKey) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(adminKey));
        _isDevelopment = isDevelopment;
    }

    /// <summary>Accepted, or refused with <c>admin_only</c>.</summary>
    public Verdict Check(HttpContext context)
    {
        if (HasKey(context.Request)) return Verdict.Accepted;
        if (_isDevelopment && context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote))
            return IsFromOwnPage(context.Request) ? Verdict.Accepted : Refuse("The request names a foreign host or comes from a foreign page.");

        return Refuse(_keyDigest is null ? "This node has no admin key: set Node:AdminKey to use this route." : "The admin key is missing or wrong.");
    }

    private static Refusal Refuse(string why) => new("admin_only", $"{why} Administrative routes need the header Authorization: Bearer with the node's admin key.");

    /// <summary>Digests are compared, so that neither the key's content nor its length shows in the time it takes.</summary>
    private bool HasKey(HttpRequest request)
    {
        if (_keyDigest is null || request.Headers.Authorization is not [{ } header]) return false;
        if (!header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)) return false;

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(header[BearerPrefix.Length..].Trim()), digest);
        return CryptographicOperations.FixedTimeEquals(digest, _keyDigest);
    }

    private static bool IsFromOwnPage(HttpRequest request)
    {
        if (!IsLoopbackName(request.Host.Host)) return false;

        // Fetch Metadata: "same-site" is another port of this machine, hence another program's page.
        if (request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site != "same-origin" && site != "none") return false;

        return request.Headers.Origin is not { Count: > 0 } origin || IsOwnOrigin(origin.ToString(), request);
    }

    private static bool IsOwnOrigin(string origin, HttpRequest request)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var page)) return false;
        var ownPort = request.Host.Port ?? (request.IsHttps ? 443 : 80);
        return page.Scheme == request.Scheme && page.Port == ownPort && IsLoopbackName(page.Host);
    }

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
