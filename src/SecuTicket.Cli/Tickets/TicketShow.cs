using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket show</c></summary>
internal static class TicketShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        return tool.Read("show", "Show a ticket: whose it is, and what it costs if it is for sale.", [ticket], run => $"/tickets/{run.Get(ticket)}", Show);
    }

    private static void Show(Run run, JsonElement json) => run.Printer.Fields(
        ("ticket_id", json.Text("id")),
        ("event_id", json.Text("event_id")),
        ("organiser", json.Text("organiser")),
        ("session", json.Number("session").ToString()),
        ("seat", json.Text("seat")),
        ("status", json.Text("status")),
        ("owner", json.Text("owner")),
        ("face_price", json.Number("face_price").ToString()),
        ("price", json.OptionalNumber("price")?.ToString()),
        ("buyer", json.OptionalText("buyer")),
        ("resales", json.Number("resales").ToString()),
        ("identity_commitment", json.OptionalText("identity_commitment")),
        ("confirmations", json.Number("confirmations").ToString()),
        ("final", json.Optional("final") is null ? null : json.Flag("final") ? "yes" : "no"));
}
