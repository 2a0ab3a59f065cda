using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SecuTicket.Node.Peers;

/// <summary>Where a node is reached: scheme, host and port, nothing else. Equal and ordered by its text, which is written in one way only.</summary>
public sealed record PeerAddress : IComparable<PeerAddress>
{
    /// <summary>Most characters of one, as it is read and as it is written.</summary>
    public const int MaxLength = 255;

    // What begins credentials, a query or a fragment, even an empty one, what some readers take for a slash, and what hides a character or names a network card.
    private const string Never = "@?#\\%";

    private readonly string _text;

    private PeerAddress(string scheme, string host, int port, IPAddress? literal)
    {
        Scheme = scheme;
        Host = host;
        Port = port;
        Literal = literal;
        var shown = host.Contains(':') ? $"[{host}]" : host;
        _text = port == (scheme == Uri.UriSchemeHttps ? 443 : 80) ? $"{scheme}://{shown}" : $"{scheme}://{shown}:{port}";
    }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    public string Scheme { get; }

    /// <summary>A name or an IP address, in lower case; an IPv6 address without brackets, a name without the dot that may end it.</summary>
    public string Host { get; }

    /// <summary>1..65535.</summary>
    public int Port { get; }

    /// <summary>The host, where it is an IP address; null where it is a name.</summary>
    public IPAddress? Literal { get; }

    /// <summary>Whether it names this machine from within.</summary>
    public bool IsLoopback => Literal is null ? Host == "localhost" : IPAddress.IsLoopback(Literal);

    /// <summary>Earlier in the order of texts.</summary>
    public static bool operator <(PeerAddress left, PeerAddress right) => left.CompareTo(right) < 0;

    /// <summary>Later in the order of texts.</summary>
    public static bool operator >(PeerAddress left, PeerAddress right) => left.CompareTo(right) > 0;

    /// <summary>Not later in the order of texts.</summary>
    public static bool operator <=(PeerAddress left, PeerAddress right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in the order of texts.</summary>
    public static bool operator >=(PeerAddress left, PeerAddress right) => left.CompareTo(right) >= 0;

    /// <summary>Reads an address; without scheme http is meant, and a trailing slash is dropped. Credentials, path, query, fragment and other schemes are refused.</summary>
    /// <remarks>
    /// An IP address has many spellings (<c>127.1</c>, <c>0x7f000001</c>, <c>[::ffff:127.0.0.1]</c>) and all of them give the same value. What ends as a number does and yet is no
    /// IPv4 address is refused, as browsers do (WHATWG URL, «ends in a number»): a resolver may take it for one all the same.
    /// </remarks>
    public static bool TryParse(string text, [NotNullWhen(true)] out PeerAddress? address)
    {
        address = null;
        if (text.Length is 0 or > MaxLength || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || text.AsSpan().IndexOfAny(Never) >= 0) return false;

        var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (full.EndsWith('/')) full = full[..^1];
        if (full.Count('/') != 2 || !Uri.TryCreate(full, UriKind.Absolute, out var uri)) return false;
        if (uri.Scheme is not ("http" or "https") || uri.Port is < 1 or > 65_535 || !TryReadHost(uri, out var host, out var literal)) return false;

        var read = new PeerAddress(uri.Scheme, host, uri.Port, literal);
        if (read._text.Length > MaxLength) return false;

        address = read;
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(PeerAddress? other) => string.CompareOrdinal(_text, other?._text);

    /// <summary>Whether it is written in the same way.</summary>
    public bool Equals(PeerAddress? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    /// <summary>As it is shown: <c>http://host:port</c>, the port only where it is not the scheme's own.</summary>
    public override string ToString() => _text;

    private static bool TryReadHost(Uri uri, out string host, out IPAddress? literal)
    {
        host = uri.IdnHost.ToLowerInvariant();
        literal = null;
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            literal = IPAddress.Parse(host);
            if (literal.IsIPv4MappedToIPv6) literal = literal.MapToIPv4();
            host = literal.ToString();
            return true;
        }

        if (host.EndsWith('.')) host = host[..^1];
        return Uri.CheckHostName(host) == UriHostNameType.Dns && !EndsInNumber(host);
    }

    private static bool EndsInNumber(string host)
    {
        var last = host[(host.LastIndexOf('.') + 1)..];
        return last.All(char.IsAsciiDigit) || (last.StartsWith("0x", StringComparison.Ordinal) && last.Skip(2).All(char.IsAsciiHexDigit));
    }
}
