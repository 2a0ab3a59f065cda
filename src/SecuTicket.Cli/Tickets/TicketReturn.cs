using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket return</c></summary>
internal static class TicketReturn
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        return tool.Write("return", "Give a ticket back to the organiser, for the refund that the event's rules name.", [ticket], (writing, cancellation) => writing.SubmitAsync(
            ReturnTicket.TypeName,
            new PayloadFields { { "ticket_id", writing.Run.Get(ticket) } },
            $"Ticket {writing.Run.Get(ticket)} is returned",
            cancellation));
    }
}
