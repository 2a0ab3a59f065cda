using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using Spectre.Console;

namespace SecuTicket.Cli.Gates;

/// <summary>Shows what was found about a scan.</summary>
/// <param name="run">The run.</param>
/// <param name="gate">The gate that scans.</param>
internal sealed class FindingText(Run run, Core.Primitives.Address gate)
{
    /// <summary>Prints it: a colour's name, the reason, and what is known; as one JSON object with <c>--json</c>.</summary>
    public void Show(GateFinding finding)
    {
        if (run.Json)
        {
            run.Printer.Line(JsonOf(finding).ToString());
            return;
        }

        var (word, colour) = MarkOf(finding.Result);
        run.Printer.Marked(word, colour, [GateResultWords.Of(finding.Result), .. CellsOf(finding)]);
    }

    /// <summary>The answer that <c>POST /gate/scan</c> has, as far as a gate without a network knows it.</summary>
    public static JsonValue JsonOf(GateFinding finding)
    {
        var members = new List<JsonMember> { new("result", JsonValue.Of(GateResultWords.Of(finding.Result))) };
        if (finding is { Ticket: { } ticket, Event: { } of })
        {
            var session = of.Sessions[ticket.Session];
            members.Add(new("ticket", JsonValue.Object(
            [
                new("id", JsonValue.Of(ticket.Ticket.ToString())),
                new("event_id", JsonValue.Of(of.Id.ToString())),
                new("event_name", JsonValue.Of(of.Name)),
                new("venue", JsonValue.Of(of.Venue)),
                new("session", JsonValue.Of(ticket.Session)),
                new("date", JsonValue.Of(session.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
                new("time", JsonValue.Of(session.Time.ToString("HH:mm", CultureInfo.InvariantCulture))),
                new("seat", JsonValue.Of(ticket.Seat)),
                new("status", JsonValue.Of(TicketStatusWords.Of(finding.First is null ? ticket.Status : TicketStatus.Redeemed))),
                new("owner", JsonValue.Of(ticket.Owner.ToString())),
            ])));
        }

        if (finding.First is { } first) members.Add(new("first", JsonOf(first)));
        return JsonValue.Object(members);
    }

    private static JsonValue JsonOf(GateAdmission first)
    {
        var members = new List<JsonMember> { new("at", JsonValue.Of(TimeOf(first))) };
        if (first.Gate is { } by) members.Add(new("gate", JsonValue.Of(by.ToString())));
        if (first.Transaction is { } transaction) members.Add(new("transaction_id", JsonValue.Of(transaction.ToString())));
        if (first.Receipt is { } receipt) members.Add(new("receipt", JsonValue.Of(receipt.ToString())));
        return JsonValue.Object(members);
    }

    private IEnumerable<string> CellsOf(GateFinding finding)
    {
        if (finding is { Ticket: { } ticket, Event: { } of })
        {
            var session = of.Sessions[ticket.Session];
            yield return $"seat {ticket.Seat}";
            yield return string.Create(CultureInfo.InvariantCulture, $"{session.Date:yyyy-MM-dd} {session.Time:HH:mm}");
            yield return of.Name;
        }

        if (finding.First is not { } first) yield break;

        yield return $"first let in {MomentText.Of(first.At / 1000)}{(first.Gate is null ? string.Empty : first.Gate == gate ? " at this gate" : $" at gate {first.Gate}")}";
    }

    // As all answers: RFC 3339 UTC with milliseconds.
    private static string TimeOf(GateAdmission first) => DateTimeOffset.FromUnixTimeMilliseconds(first.At).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    // Yellow: the ticket is real and the holder's, but somebody went in with it, or the code is too old. Look closer.
    private static (string Word, Color Colour) MarkOf(GateResult result) => result switch
    {
        GateResult.Valid => ("GREEN", Color.Green),
        GateResult.AlreadyRedeemed or GateResult.Expired => ("YELLOW", Color.Yellow),
        _ => ("RED", Color.Red),
    };
}
