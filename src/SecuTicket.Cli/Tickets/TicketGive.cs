using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket give</c></summary>
internal static class TicketGive
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var recipient = Symbols.Address("--to", "Who gets it.", isRequired: true);
        var commitment = TicketBuy.Commitment();
        return tool.Write("give", "Give a ticket to somebody, where the event's rules allow it.", [ticket, recipient, commitment], (writing, cancellation) =>
        {
            var run = writing.Run;
            var fields = new PayloadFields { { "ticket_id", run.Get(ticket) }, { "recipient", run.Get(recipient) }, { "identity_commitment", run.Get(commitment) } };
            return writing.SubmitAsync(TransferTicket.TypeName, fields, $"Ticket {run.Get(ticket)} belongs to {run.Get(recipient)}", cancellation);
        });
    }
}
