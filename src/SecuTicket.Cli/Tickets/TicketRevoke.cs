using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket revoke</c></summary>
internal static class TicketRevoke
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        return tool.Write("revoke", "Revoke a ticket and refund its face price (the organiser's wallet).", [ticket], (writing, cancellation) => writing.SubmitAsync(
            RevokeTicket.TypeName,
            new PayloadFields { { "ticket_id", writing.Run.Get(ticket) } },
            $"Ticket {writing.Run.Get(ticket)} is revoked",
            cancellation));
    }
}
