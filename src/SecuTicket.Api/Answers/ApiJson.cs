using System.Text.Json.Serialization;
using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Answers;

/// <summary>How this API writes its answers: snake_case, absent where null unless the contract says null, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubmissionAnswer))]
[JsonSerializable(typeof(RefusedLine))]
internal sealed partial class ApiJson : JsonSerializerContext;
