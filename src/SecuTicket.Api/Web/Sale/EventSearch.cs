using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Finds the events that a person may want to go to.</summary>
/// <param name="node">The node.</param>
/// <param name="certificates">Who organisers are.</param>
/// <param name="times">When sessions are.</param>
/// <param name="clock">Tells what is over.</param>
public sealed class EventSearch(TicketNode node, OrganiserCertificates certificates, SessionTimes times, TimeProvider clock)
{
    /// <summary>Events that are looked at, the latest ones: a search costs no more on a chain that is full of events.</summary>
    public const int Looked = 5_000;

    /// <summary>Characters of a search.</summary>
    public const int MostCharacters = 200;

    /// <summary>Events in the order of their next sessions, those that are over last, the latest of them first.</summary>
    /// <param name="wanted">Words that the name or the venue must hold; empty for all.</param>
    /// <param name="all">Also what is over and what is cancelled.</param>
    public IReadOnlyList<EventTerms> Find(string wanted, bool all)
    {
        var now = clock.GetUtcNow();
        var words = wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. Latest(node.Snapshot.Pending.State).Where(terms => (all || !terms.Cancelled) && words.All(word => Holds(terms, word)))
                .Select(terms => (Terms: terms, Next: times.NextOf(terms, now)))
                .Select(one => (one.Terms, At: one.Next.Begin.UtcTicks, IsUpcoming: one.Next.IsUpcoming(now)))
                .Where(one => all || one.IsUpcoming)
                .OrderBy(static one => !one.IsUpcoming)
                .ThenBy(static one => one.IsUpcoming ? one.At : -one.At)
                .ThenBy(static one => one.Terms.Ordinal)
                .Select(static one => one.Terms),
        ];
    }

    /// <summary>An event as it is shown now.</summary>
    public ShownEvent Show(EventTerms terms) =>
        ShownEvent.Of(node.Snapshot.Pending.State, terms, certificates.StandingOf(terms.Organiser), times, clock.GetUtcNow());

    internal static IEnumerable<EventTerms> Latest(LedgerState ledger)
    {
        var first = (ledger.EventOrder.Last?.Key.Value ?? 0) - Looked;
        return (first < 0 ? ledger.EventOrder : ledger.EventOrder.After(new Ordinal(first))).Select(entry => ledger.Events.Find(entry.Value)!);
    }

    private static bool Holds(EventTerms terms, string word) =>
        terms.Name.Contains(word, StringComparison.OrdinalIgnoreCase) || terms.Venue.Contains(word, StringComparison.OrdinalIgnoreCase);
}
