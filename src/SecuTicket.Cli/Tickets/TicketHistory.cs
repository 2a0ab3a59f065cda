using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket history</c></summary>
internal static class TicketHistory
{
    private static readonly string[] Headings = ["at", "block", "type", "status", "to", "price", "transaction_id"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var pages = new PageOptions();
        return tool.Read(
            "history",
            "Show everything that happened to a ticket, oldest first.",
            [ticket, .. pages.All],
            run => pages.Of(run, $"/tickets/{run.Get(ticket)}/history"),
            (run, json) => PageOptions.Show(run, json, Headings, change =>
            [
                change.OptionalText("at") ?? string.Empty,
                change.OptionalNumber("block_index")?.ToString() ?? string.Empty,
                change.Text("type"),
                change.Text("status"),
                change.Text("to"),
                change.OptionalNumber("price")?.ToString() ?? string.Empty,
                change.Text("transaction_id"),
            ]));
    }
}
