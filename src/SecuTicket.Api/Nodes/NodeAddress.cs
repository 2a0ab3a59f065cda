using System.Diagnostics.CodeAnalysis;

namespace SecuTicket.Api.Nodes;

/// <summary>Where a node is reached: scheme, host and port, nothing else.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">In lower case; an IPv6 address without brackets.</param>
/// <param name="Port">1..65535.</param>
public sealed record NodeAddress(string Scheme, string Host, int Port)
{
    /// <summary>Most characters of one.</summary>
    public const int MaxLength = 255;

    /// <summary>Reads an address; without scheme http is meant, and a trailing slash is dropped. Credentials, path, query, fragment and other schemes are refused.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NodeAddress? address)
    {
        address = null;
        if (text.Length is 0 or > MaxLength || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || text.AsSpan().IndexOfAny(Never) >= 0) return false;

        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return false;
        if (uri.Host.Length == 0 || uri.Port is < 1 or > 65_535 || uri.AbsolutePath != "/" || Uri.CheckHostName(uri.IdnHost) == UriHostNameType.Unknown) return false;

        address = new NodeAddress(uri.Scheme, uri.IdnHost.ToLowerInvariant(), uri.Port);
        return true;
    }

    // What begins credentials, a query or a fragment, even an empty one, and what some readers take for a slash.
    private const string Never = "@?#\\";

    /// <summary>Whether it names this machine from within.</summary>
    public bool IsLoopback => Host == "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address));

    /// <summary>As it is shown: <c>http://host:port</c>, the port only where it is not the scheme's own.</summary>
    public override string ToString() => new UriBuilder(Scheme, Host, Port).Uri.GetLeftPart(UriPartial.Authority);
}
