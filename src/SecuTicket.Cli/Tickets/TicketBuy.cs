using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket buy</c></summary>
internal static class TicketBuy
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var argument = Symbols.Ticket();
        var maxPrice = Symbols.Amount("--max-price", "The most you pay, in minor units (cents); what it costs now when left out.");
        var commitment = Commitment();
        return tool.Write(
            "buy",
            "Buy a ticket from the organiser, or from a holder who listed it.",
            [argument, maxPrice, commitment],
            async (writing, cancellation) =>
            {
                var run = writing.Run;
                var id = run.Get(argument)!;
                var price = run.Get(maxPrice);
                if (price is null)
                {
                    var ticket = await writing.Client.GetAsync($"/tickets/{id}?pending=true", cancellation);
                    if (ticket.Refusal is not null) return run.Fail(ticket);

                    price = ticket.Json.OptionalNumber("price");
                    if (price is null) return run.Fail(new Refusal(RefusalCodes.TicketNotAvailable, $"Ticket {id} is {ticket.Json.Text("status")} and not for sale."));
                }

                var fields = new PayloadFields { { "ticket_id", id }, { "max_price", price }, { "identity_commitment", run.Get(commitment) } };
                return await writing.SubmitAsync(PurchaseTicket.TypeName, fields, $"Ticket {id} is yours, for at most {price}", cancellation);
            });
    }

    /// <summary><c>--identity-commitment</c>.</summary>
    public static Option<string?> Commitment() =>
        Symbols.Hash("--identity-commitment", "A salted commitment to the holder's identity: see identity commit.");
}
