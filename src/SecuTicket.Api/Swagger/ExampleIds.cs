using System.Text.Json.Nodes;

namespace SecuTicket.Api.Swagger;

/// <summary>The ids in examples. They exist nowhere; the Swagger page puts the last ones it has seen in their place, so that examples work when pressed.</summary>
public static class ExampleIds
{
    /// <summary>Stands for the last event created on the page.</summary>
    public const string Event = "0000000000000000000000000000e7e7";

    /// <summary>Stands for the first ticket last issued on the page.</summary>
    public const string Ticket = "00000000000000000000000000007171";

    /// <summary>Stands for the last account created on the page that is not the one signing.</summary>
    public const string Account = "0x00000000000000000000000000000000000acc00";

    /// <summary>As the document's <c>x-examples</c>: what to replace, by what it is.</summary>
    internal static JsonObject ToJson() => new() { ["event_id"] = Event, ["ticket_id"] = Ticket, ["account"] = Account };
}
