using System.Globalization;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>Where a page that asks a passkey comes from, as browsers write it: <c>https://host</c> or <c>https://host:port</c>; <c>http</c> for <c>localhost</c> only.</summary>
/// <remarks>
/// The ASCII serialization of an origin (HTML, section 7.1.1) with a domain as host, because a passkey's relying party is one (W3C WebAuthn Level 3, section 5.1.2): lower case, no IP
/// address, no port that the scheme implies. Every node reads it alike: no list of public suffixes is asked, which would differ from node to node.
/// </remarks>
public readonly record struct WebOrigin
{
    /// <summary>Longest text that is read: 255 characters.</summary>
    public const int MaxLength = 255;

    /// <summary>Most labels of a host.</summary>
    public const int MaxLabels = 16;

    private const int MaxLabelLength = 63;
    private const string Secure = "https://";
    private const string Local = "http://localhost";

    private WebOrigin(string text, string host) => (Text, Host) = (text, host);

    /// <summary>The origin, such as <c>https://tickets.example</c>.</summary>
    public string Text { get; }

    /// <summary>Its host, such as <c>tickets.example</c>.</summary>
    public string Host { get; }

    /// <summary>Reads an origin; false for any other text than a browser writes.</summary>
    public static bool TryParse(string text, out WebOrigin origin)
    {
        origin = default;
        if (text.Length > MaxLength) return false;

        var isSecure = text.StartsWith(Secure, StringComparison.Ordinal);
        if (!isSecure && !text.StartsWith(Local, StringComparison.Ordinal)) return false;

        var rest = text.AsSpan(isSecure ? Secure.Length : Local.LastIndexOf('/') + 1);
        var colon = rest.IndexOf(':');
        var host = colon < 0 ? rest : rest[..colon];
        if (colon >= 0 && !IsPort(rest[(colon + 1)..], isSecure ? 443 : 80)) return false;
        if (isSecure ? !IsDomain(host) : host is not "localhost") return false;

        origin = new WebOrigin(text, host.ToString());
        return true;
    }

    /// <summary>Whether a page of this origin may use passkeys of the relying party whose id hashes to <paramref name="hash"/>: its own host, or a domain above it of two labels at least.</summary>
    /// <param name="hash">SHA-256 of the relying party's id, as in authenticator data.</param>
    public bool BelongsTo(in Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        ReadOnlySpan<byte> domain = bytes[..System.Text.Encoding.ASCII.GetBytes(Host, bytes)];
        while (Hash256.Sha256(domain) != hash)
        {
            domain = domain[(domain.IndexOf((byte)'.') + 1)..];
            if (!domain.Contains((byte)'.')) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    // What a browser can register a passkey for: no address, whose last label is a number.
    private static bool IsDomain(ReadOnlySpan<char> host)
    {
        var labels = 0;
        while (true)
        {
            var dot = host.IndexOf('.');
            var label = dot < 0 ? host : host[..dot];
            if (++labels > MaxLabels || !IsLabel(label)) return false;
            if (dot < 0) return char.IsAsciiLetterLower(label[0]);

            host = host[(dot + 1)..];
        }
    }

    private static bool IsLabel(ReadOnlySpan<char> label)
    {
        if (label.Length is 0 or > MaxLabelLength || label[0] == '-' || label[^1] == '-') return false;

        foreach (var character in label)
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-') return false;

        return true;
    }

    // The platform's reader of numbers takes U+0000 after the last digit for nothing.
    private static bool IsPort(ReadOnlySpan<char> text, int implied) =>
        text is [not '0', ..] && !text.ContainsAnyExceptInRange('0', '9') && ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != implied;
}
