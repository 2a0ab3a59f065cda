using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket unlist</c></summary>
internal static class TicketUnlist
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        return tool.Write("unlist", "Take a ticket back that you offered for sale.", [ticket], (writing, cancellation) => writing.SubmitAsync(
            UnlistTicket.TypeName,
            new PayloadFields { { "ticket_id", writing.Run.Get(ticket) } },
            $"Ticket {writing.Run.Get(ticket)} is not for sale any more",
            cancellation));
    }
}
