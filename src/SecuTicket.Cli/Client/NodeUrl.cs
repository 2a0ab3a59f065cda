using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Client;

/// <summary>The address of a node as people write it.</summary>
public static class NodeUrl
{
    /// <summary>Reads an address; one without a scheme means http, as it does to a node.</summary>
    /// <returns>The address, or <c>usage</c>.</returns>
    public static Verdict<Uri> Parse(string text)
    {
        var trimmed = text.Trim();
        var full = trimmed.Contains("://", StringComparison.Ordinal) ? trimmed : $"http://{trimmed}";
        return Uri.TryCreate(full, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo.Length: 0, Query.Length: 0, Fragment.Length: 0 }
            ? new Uri(url.AbsoluteUri.TrimEnd('/') + "/")
            : new Refusal(FailureCodes.Usage, $"'{text}' is no address of a node: expected one such as http://localhost:5000 (--node or SECUTICKET_NODE).");
    }
}
