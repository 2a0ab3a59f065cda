using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecuTicket.Api.Problems;

/// <summary>Serialises problems without reflection, in snake_case, leaving out what is null.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemEntry))]
[JsonSerializable(typeof(IReadOnlyList<ProblemEntry>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    /// <summary>The context in use.</summary>
    /// <remarks>Quotes and accents stay readable for people with curl; every answer says nosniff, so no browser takes one for HTML.</remarks>
    public static ProblemJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
