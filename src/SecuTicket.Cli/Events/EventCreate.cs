using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event create</c></summary>
internal static class EventCreate
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var name = Symbols.Text("--name", "What it is called.", "NAME", isRequired: true);
        var venue = Symbols.Text("--venue", "Where it is.", "VENUE", isRequired: true);
        var sessions = SessionText.Option();
        var zone = Symbols.Text("--time-zone", "The sessions' time zone, such as Europe/Paris.", "ZONE");
        var sellers = Symbols.Addresses("--seller", "An official seller beside you.");
        var gates = Symbols.Addresses("--gate", "An account that may let holders in.");
        var eventKey = Symbols.Address("--event-key", "The account whose signature an official sale needs; you when left out.");
        var opensAt = Symbols.Moment("--sale-opens-at", "From when tickets can be bought; at once when left out.");
        var resale = new ResaleOptions();
        return tool.Write(
            "create",
            "Create an event; its id is printed.",
            [name, venue, sessions, zone, sellers, gates, eventKey, opensAt, .. resale.All],
            (writing, cancellation) =>
            {
                var run = writing.Run;
                var fields = new PayloadFields
                {
                    SessionText.Field(run.Get(sessions)!),
                    { "name", run.Get(name) },
                    { "venue", run.Get(venue) },
                    { "time_zone", run.Get(zone) },
                    { "sellers", run.Get(sellers) },
                    { "gates", run.Get(gates) },
                    { "event_key", run.Get(eventKey) },
                    { "sale_opens_at", run.Get(opensAt) },
                    { "resale", resale.Of(run, default) },
                };
                return writing.SubmitAsync(CreateEvent.TypeName, fields, $"The event \"{run.Get(name)}\" is created", cancellation);
            });
    }
}
