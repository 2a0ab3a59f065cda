using System.Text.Json;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Client;

/// <summary>What a node answered, or why there is no answer.</summary>
public sealed class NodeAnswer
{
    private NodeAnswer(int status, ReadOnlyMemory<byte> body, Refusal? refusal, JsonElement json)
    {
        Status = status;
        Body = body;
        Refusal = refusal;
        Json = json;
    }

    /// <summary>The HTTP status; 0 when no answer came.</summary>
    public int Status { get; }

    /// <summary>The body's bytes as they came; empty when no answer came.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Why it was not done: the problem's code, detail and fields, or <c>unreachable</c>, <c>unreadable_answer</c>. Null when it was done.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The body's JSON; undefined when it is empty or no JSON.</summary>
    public JsonElement Json { get; }

    /// <summary>When the node says it answered, to the second; null when it does not say.</summary>
    public DateTimeOffset? Date { get; private init; }

    /// <summary>Whether a node said this, and not the client on finding none.</summary>
    public bool IsFromNode => Status != 0;

    /// <summary>Whether it says nothing of what was asked: there is none, or the node, or what stands before it, has no time for one now.</summary>
    public bool IsSilence => Refusal is not null && Status is 0 or 429 or >= 500;

    /// <summary>No answer came.</summary>
    public static NodeAnswer None(Refusal refusal) => new(0, default, refusal, default);

    /// <summary>An answer came.</summary>
    public static NodeAnswer Of(int status, string? mediaType, byte[] body, DateTimeOffset? date = null)
    {
        JsonElement json = default;
        if (mediaType is "application/json" or "application/problem+json")
        {
            try
            {
                json = JsonElement.Parse(body);
            }
            catch (JsonException)
            {
                // The reader's only way to say that it is none.
                return None(new Refusal(FailureCodes.UnreadableAnswer, $"The node answered {status} with what is called JSON and is none."));
            }
        }

        if (status is >= 200 and < 300) return new NodeAnswer(status, body, null, json) { Date = date };
        if (mediaType == "application/problem+json" && json.ValueKind == JsonValueKind.Object) return new NodeAnswer(status, body, Problem(status, json), json);

        return None(new Refusal(FailureCodes.UnreadableAnswer, $"The answer has status {status} and is no problem document: this is no SecuTicket node, or something stands between."));
    }

    private static Refusal Problem(int status, JsonElement json)
    {
        var code = json.OptionalText("code") ?? $"status_{status}";
        return new Refusal(code, json.OptionalText("detail") ?? $"The node answered {status}.") { Faults = FaultsOf(json) };
    }

    private static List<FieldFault> FaultsOf(JsonElement json)
    {
        var faults = new List<FieldFault>();
        if (json.Optional("errors") is not { ValueKind: JsonValueKind.Object } errors) return faults;

        foreach (var field in errors.EnumerateObject())
        {
            if (field.Value.ValueKind != JsonValueKind.Array) continue;
            foreach (var message in field.Value.EnumerateArray())
                if (message.ValueKind == JsonValueKind.String) faults.Add(new FieldFault(field.Name, message.GetString()!));
        }

        return faults;
    }
}
