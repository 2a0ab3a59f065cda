using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SecuTicket.Api.Swagger.Documents;

/// <summary>What a holder says of themself: any JSON object up to 16 KiB. It goes to the node's vault, never on the chain.</summary>
public sealed record IdentityDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "name": "{{ExampleIds.Person}}", "born": "1990-02-01" }""";

    /// <summary>Fields of the holder's choice.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Fields { get; init; }
}

/// <summary>Whether organisers of events whose tickets the account holds may write to it.</summary>
public sealed record ContactDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => """{ "opt_in": true }""";

    /// <summary>True to let them; false to stop them and erase what they wrote.</summary>
    public required bool OptIn { get; init; }
}

/// <summary>A message to those who hold tickets of an event and opted in.</summary>
public sealed record MessageDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => """{ "subject": "Doors open at 18:30", "text": "Please come early:\nbags are looked into." }""";

    /// <summary>1..200 characters without control characters.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Subject { get; init; }

    /// <summary>1..4,000 characters without control characters but line feeds.</summary>
    [StringLength(4_000, MinimumLength = 1)]
    public required string Text { get; init; }
}
