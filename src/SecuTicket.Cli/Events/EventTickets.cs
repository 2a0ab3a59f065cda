using System.CommandLine;
using SecuTicket.Cli.Tickets;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event tickets</c></summary>
internal static class EventTickets
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        var status = Symbols.Text("--status", "Only tickets that are unsold, sold, listed, redeemed or revoked.", "STATUS");
        var session = Symbols.Amount("--session", "Only tickets of this session: its number, from 0.");
        var pages = new PageOptions();
        return tool.Read(
            "tickets",
            "List an event's tickets.",
            [id, status, session, .. pages.All],
            run => pages.Of(run, $"/events/{run.Get(id)}/tickets", ("status", run.Get(status)), ("session", run.Get(session)?.ToString())),
            TicketTable.Show);
    }
}
