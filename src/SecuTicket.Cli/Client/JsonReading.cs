using System.Text.Json;

namespace SecuTicket.Cli.Client;

/// <summary>Reads the fields that the contract says an answer has.</summary>
/// <remarks>What lacks them is no answer of a node: these throw <see cref="UnreadableAnswerException"/>, which the tool turns into exit code 3.</remarks>
public static class JsonReading
{
    /// <summary>A field that may be missing or null.</summary>
    public static JsonElement? Optional(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A field.</summary>
    public static JsonElement Field(this JsonElement json, string name) => json.Optional(name) ?? throw Missing(name, "is missing");

    /// <summary>A text that may be missing or null.</summary>
    public static string? OptionalText(this JsonElement json, string name) => json.Optional(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>A text.</summary>
    public static string Text(this JsonElement json, string name) => json.OptionalText(name) ?? throw Missing(name, "is missing or no text");

    /// <summary>A whole number that may be missing or null.</summary>
    public static long? OptionalNumber(this JsonElement json, string name) =>
        json.Optional(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>A whole number.</summary>
    public static long Number(this JsonElement json, string name) => json.OptionalNumber(name) ?? throw Missing(name, "is missing or no whole number");

    /// <summary>A flag.</summary>
    public static bool Flag(this JsonElement json, string name) =>
        json.Optional(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value ? value.GetBoolean() : throw Missing(name, "is missing or neither true nor false");

    /// <summary>The items of an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Optional(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : throw Missing(name, "is missing or no array");

    private static UnreadableAnswerException Missing(string name, string fault) => new($"The answer's {name} {fault}.");
}
