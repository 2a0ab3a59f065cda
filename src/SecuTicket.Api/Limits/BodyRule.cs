namespace SecuTicket.Api.Limits;

/// <summary>What body a route reads.</summary>
/// <param name="LimitBytes">The most bytes; one more is <c>too_large</c>.</param>
/// <param name="MediaType">The one media type, in lower case and without parameters; another is <c>unsupported_media_type</c>.</param>
/// <param name="IsOptional">Whether the body may be empty.</param>
public readonly record struct BodyRule(int LimitBytes, string MediaType, bool IsOptional)
{
    /// <summary>RFC 8259.</summary>
    public const string JsonMediaType = "application/json";

    /// <summary>One JSON value a line.</summary>
    public const string LinesMediaType = "application/x-ndjson";
}
