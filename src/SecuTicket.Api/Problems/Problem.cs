using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecuTicket.Api.Problems;

/// <summary>Why a request was refused, as sent: <c>application/problem+json</c> of RFC 9457 with this API's own members.</summary>
/// <param name="Type">URI reference that stays the same for one <paramref name="Code"/>: <c>/problems/{code}</c>, which answers with what the code means.</param>
/// <param name="Title">What the code means, the same in every answer.</param>
/// <param name="Status">The HTTP status, 400..599.</param>
/// <param name="Detail">What was found here, what was expected, and what to do about it.</param>
/// <param name="Code">Stable snake_case code for programs.</param>
/// <param name="Errors">Messages by the field at fault; absent when no single field is.</param>
/// <param name="TraceId">What to look for in the node's log; present only when the node is at fault.</param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    string? TraceId = null)
{
    /// <summary>The media type of every one of them.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>Further members that one route's contract names (RFC 9457, section 3.2); null for none.</summary>
    /// <remarks>Set once, with the problem: the serialiser's generator takes no extension data that can only be initialised.</remarks>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Members { get; set; }

    /// <summary>The problem of one code; status and title come from <see cref="ProblemTable"/>.</summary>
    /// <param name="code">A code of the table. One the table lacks answers 422: a rule not yet listed refused.</param>
    /// <param name="detail">What was found, what was expected, and what to do about it.</param>
    /// <param name="errors">Messages by field.</param>
    public static Problem Of(string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        var entry = ProblemTable.Of(code);
        return new Problem($"{ProblemTable.PathPrefix}{code}", entry.Title, entry.Status, detail, code, errors);
    }
}
