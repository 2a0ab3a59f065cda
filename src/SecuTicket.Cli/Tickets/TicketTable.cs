using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Tickets;

/// <summary>Tickets as rows of a table.</summary>
internal static class TicketTable
{
    private static readonly string[] Headings = ["ticket_id", "session", "seat", "status", "price", "owner"];

    /// <summary>Shows a page of tickets.</summary>
    public static void Show(Run run, JsonElement page) => PageOptions.Show(run, page, Headings, ticket =>
    [
        ticket.Text("id"),
        ticket.Number("session").ToString(),
        ticket.Text("seat"),
        ticket.Text("status"),
        ticket.OptionalNumber("price")?.ToString() ?? string.Empty,
        ticket.Text("owner"),
    ]);
}
