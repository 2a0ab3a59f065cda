using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using Spectre.Console;

namespace SecuTicket.Cli.Gates;

/// <summary>Tickets that were let in here and at another gate too, told as they are found, each once.</summary>
/// <param name="run">The run.</param>
internal sealed class ReportedConflicts(Run run)
{
    private readonly HashSet<TicketId> _tickets = [];
    private readonly List<JsonValue> _told = [];

    /// <summary>How many.</summary>
    public int Count => _tickets.Count;

    /// <summary>What was told, for <c>--json</c>.</summary>
    public JsonValue Json => JsonValue.Array(_told);

    /// <summary>Tells of one.</summary>
    /// <param name="here">The receipt of this gate.</param>
    /// <param name="otherGate">The other gate.</param>
    /// <param name="otherAt">When it let somebody in, in unix seconds.</param>
    public void Add(GateReceipt here, string otherGate, long otherAt)
    {
        if (here.Ticket is not { } ticket || !_tickets.Add(ticket)) return;

        _told.Add(JsonValue.Object(
        [
            new("ticket_id", JsonValue.Of(ticket.ToString())),
            new("admissions", JsonValue.Array([AdmissionOf(otherGate, otherAt), AdmissionOf(here.Scope.Gate.ToString(), here.At)])),
        ]));
        if (!run.Json)
            run.Printer.Marked("CONFLICT", Color.Red, [ticket.ToString(), $"gate {otherGate} at {MomentText.Of(otherAt)}", $"this gate {here.Scope.Gate} at {MomentText.Of(here.At)}"]);
    }

    private static JsonValue AdmissionOf(string gate, long at) => JsonValue.Object([new("gate", JsonValue.Of(gate)), new("at", JsonValue.Of(at))]);
}
