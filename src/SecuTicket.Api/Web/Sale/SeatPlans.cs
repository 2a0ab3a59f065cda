using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Sale;

/// <summary>The plans of the sessions that fans look at, each made once and shared by all of them.</summary>
/// <remarks>A plan changes only when its event's tickets are issued. What is kept is bounded by seats: those that were looked at longest ago go first, and of a session with more seats than that the first are planned.</remarks>
public sealed class SeatPlans
{
    /// <summary>Seats in all plans that are kept, at the most: about 150 bytes each.</summary>
    public const int KeptSeats = 200_000;

    private const int LeastSeats = 100;

    private readonly Lock _changing = new();
    private readonly LinkedList<Kept> _kept = [];

    /// <summary>Plans that are kept now, those that are being made included.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _kept.Count;
        }
    }

    /// <summary>The plan of one session of an event. Who asks for one that is being made waits for it.</summary>
    /// <param name="ledger">What there is.</param>
    /// <param name="id">The event.</param>
    /// <param name="session">Index of the session.</param>
    public SeatPlan Of(LedgerState ledger, EventId id, int session)
    {
        var kept = KeptOf(ledger, id, session);
        if (kept.Plan.IsValueCreated) return kept.Plan.Value;

        var isMade = false;
        try
        {
            // Made outside of the lock: those who look at other plans do not wait for it.
            var plan = kept.Plan.Value;
            isMade = true;
            return plan;
        }
        finally
        {
            lock (_changing)
            {
                // What went wrong for one may go well for the next.
                if (!isMade) _kept.Remove(kept);
                MakeRoom();
            }
        }
    }

    private Kept KeptOf(LedgerState ledger, EventId id, int session)
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
                return node.Value;
            }

            var plan = new Lazy<SeatPlan>(() =>
                SeatPlan.Of(ledger.TicketsOf(id, session, status: null).Take(KeptSeats).Select(entry => KeyValuePair.Create(entry.Value, ledger.Tickets.Find(entry.Value)!))));
            return _kept.AddFirst(new Kept(id, session, issued, plan)).Value;
        }
    }

    private void MakeRoom()
    {
        var seats = 0;
        for (var node = _kept.First; node is not null;)
        {
            var (one, next) = (node, node.Next);
            node = next;
            // One that is being made takes its room when it is there, and must be found until then. An empty plan takes room too: the list is gone through at each look.
            if (!one.Value.Plan.IsValueCreated) continue;

            seats += Math.Max(LeastSeats, one.Value.Plan.Value.Seats);
            if (seats > KeptSeats) _kept.Remove(one);
        }
    }

    private sealed record Kept(EventId Id, int Session, Trie<Ordinal, TicketId> Issued, Lazy<SeatPlan> Plan);
}
