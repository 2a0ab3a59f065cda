using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
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
        var noSellers = new Option<bool>("--no-sellers") { Description = "No official sellers from now on but the organiser." };
        var noGates = new Option<bool>("--no-gates") { Description = "No gates from now on." };
        var opensAt = Symbols.Moment("--sale-opens-at", "From when tickets can be bought.");
        var resale = new ResaleOptions();
        return tool.Write(
            "update",
            "Change an event's sellers, gates, sale opening or resale rules. Rules that are not named stay as they are; after a first sale they may only become kinder to holders.",
            [id, sellers, noSellers, gates, noGates, opensAt, .. resale.All],
            async (writing, cancellation) =>
            {
                var run = writing.Run;
                var fields = new PayloadFields { { "event_id", run.Get(id) }, { "sale_opens_at", run.Get(opensAt) } };
                if (AddList(fields, "sellers", run.Get(sellers), run.Get(noSellers)) is { } unclear) return run.Fail(unclear);
                if (AddList(fields, "gates", run.Get(gates), run.Get(noGates)) is { } unclearToo) return run.Fail(unclearToo);
                if (resale.AnyGiven(run))
                {
                    // What is posted replaces the rules as a whole, those of a change that waits for its block too.
                    var present = await writing.Client.GetAsync($"/events/{run.Get(id)}?pending=true", cancellation);
                    if (present.Refusal is not null) return run.Fail(present);

                    fields.Add("resale", resale.Of(run, present.Json.Field("resale")));
                }

                return await writing.SubmitAsync(UpdateEvent.TypeName, fields, $"The event {run.Get(id)} is changed", cancellation);
            });
    }

    private static Refusal? AddList(PayloadFields fields, string name, string[]? addresses, bool isEmptied)
    {
        if (isEmptied && addresses is { Length: > 0 }) return new Refusal(FailureCodes.Usage, $"Name {name} or say --no-{name}, not both.");

        if (isEmptied) fields.Add(new JsonMember(name, JsonValue.Array([])));
        else fields.Add(name, addresses);
        return null;
    }
}
