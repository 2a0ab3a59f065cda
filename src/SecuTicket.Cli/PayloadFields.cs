using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli;

/// <summary>The fields of a payload as they are collected; what was not given is left out, for defaults are never inserted.</summary>
internal sealed class PayloadFields : List<JsonMember>
{
    /// <summary>A text, or nothing.</summary>
    public void Add(string name, string? value)
    {
        if (value is not null) Add(new JsonMember(name, JsonValue.Of(value)));
    }

    /// <summary>A number, or nothing.</summary>
    public void Add(string name, long? value)
    {
        if (value is { } number) Add(new JsonMember(name, JsonValue.Of(number)));
    }

    /// <summary>Texts; nothing when there are none.</summary>
    public void Add(string name, IReadOnlyCollection<string>? values)
    {
        if (values is { Count: > 0 }) Add(new JsonMember(name, JsonValue.Array(values.Select(JsonValue.Of))));
    }

    /// <summary>An object; nothing when it has no members.</summary>
    public void Add(string name, PayloadFields members)
    {
        if (members.Count > 0) Add(new JsonMember(name, JsonValue.Object(members)));
    }
}
