using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event update</c></summary>
internal static class EventUpdate
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        var sellers = Symbols.Addresses("--seller", "The official sellers from now on, in place of those so far.");
        var gates = Symbols.Addresses("--gate", "The gates from now on, in place of those so far.");
        var opensAt = Symbols.Moment("--sale-opens-at", "From when tickets can be bought.");
        var resale = new ResaleOptions();
        return tool.Write(
            "update",
            "Change an event's sellers, gates, sale opening or resale rules. Rules that are not named stay as they are; after a first sale they may only become kinder to holders.",
            [id, sellers, gates, opensAt, .. resale.All],
            async (writing, cancellation) =>
            {
                var run = writing.Run;
                var fields = new PayloadFields
                {
                    { "event_id", run.Get(id) },
                    { "sellers", run.Get(sellers) },
                    { "gates", run.Get(gates) },
                    { "sale_opens_at", run.Get(opensAt) },
                };
                if (resale.AnyGiven(run))
                {
                    // What is posted replaces the rules as a whole.
                    var present = await writing.Client.GetAsync($"/events/{run.Get(id)}", cancellation);
                    if (present.Refusal is not null) return run.Fail(present);

                    fields.Add("resale", resale.Of(run, present.Json.Field("resale")));
                }

                return await writing.SubmitAsync(UpdateEvent.TypeName, fields, $"The event {run.Get(id)} is changed", cancellation);
            });
    }
}
