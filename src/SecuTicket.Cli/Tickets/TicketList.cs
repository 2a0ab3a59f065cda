using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket list</c></summary>
internal static class TicketList
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var price = Symbols.Amount("--price", "What it costs, in minor units (cents).", isRequired: true);
        var buyer = Symbols.Address("--buyer", "The only account that may buy it.");
        return tool.Write("list", "Offer a ticket for sale, under the event's resale rules.", [ticket, price, buyer], (writing, cancellation) =>
        {
            var run = writing.Run;
            var fields = new PayloadFields { { "ticket_id", run.Get(ticket) }, { "price", run.Get(price) }, { "buyer", run.Get(buyer) } };
            return writing.SubmitAsync(ListTicket.TypeName, fields, $"Ticket {run.Get(ticket)} is for sale at {run.Get(price)}", cancellation);
        });
    }
}
