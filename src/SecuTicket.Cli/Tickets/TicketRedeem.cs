using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket redeem</c></summary>
internal static class TicketRedeem
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        return tool.Write("redeem", "Let a ticket's holder in, once and for ever (a gate's wallet).", [ticket], (writing, cancellation) => writing.SubmitAsync(
            RedeemTicket.TypeName,
            new PayloadFields { { "ticket_id", writing.Run.Get(ticket) } },
            $"Ticket {writing.Run.Get(ticket)} is redeemed",
            cancellation));
    }
}
