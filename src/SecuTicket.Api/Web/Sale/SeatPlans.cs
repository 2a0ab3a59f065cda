using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Sale;

/// <summary>The plans of the sessions that fans look at, each made once and shared by all of them.</summary>
/// <remarks>A plan changes only when its event's tickets are issued. What is kept is bounded by seats: those that were looked at longest ago go first, and of a session with more seats than that the first are planned.</remarks>
public sealed class SeatPlans
{
    /// <summary>Seats in all plans that are kept, at the most: about 150 bytes each.</summary>
    public const int KeptSeats = 200_000;

    private readonly Lock _changing = new();
    private readonly LinkedList<Kept> _kept = [];

    /// <summary>Plans that are kept now.</summary>
    public int Count => _kept.Count;

    /// <summary>The plan of one session of an event.</summary>
    /// <param name="ledger">What there is.</param>
    /// <param name="id">The event.</param>
    /// <param name="session">Index of the session.</param>
    public SeatPlan Of(LedgerState ledger, EventId id, int session)
    {
        var issued = ledger.TicketsOf(id);
        lock (_changing)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (node.Value.Id != id || node.Value.Session != session) continue;

                _kept.Remove(node);
                if (!ReferenceEquals(node.Value.Issued, issued)) break;

                _kept.AddFirst(node);
                return node.Value.Plan;
            }
        }

        // Made outside of the lock: those who look at other plans do not wait for it.
        var plan = SeatPlan.Of(ledger.TicketsOf(id, session, status: null).Take(KeptSeats).Select(entry => KeyValuePair.Create(entry.Value, ledger.Tickets.Find(entry.Value)!)));
        lock (_changing)
        {
            _kept.AddFirst(new Kept(id, session, issued, plan));
            var seats = 0;
            for (var node = _kept.First; node is not null;)
            {
                // An empty plan takes room too.
                var (one, next) = (node, node.Next);
                seats += Math.Max(1, node.Value.Plan.Seats);
                if (seats > KeptSeats) _kept.Remove(one);
                node = next;
            }
        }

        return plan;
    }

    private sealed record Kept(EventId Id, int Session, Trie<Ordinal, TicketId> Issued, SeatPlan Plan);
}
