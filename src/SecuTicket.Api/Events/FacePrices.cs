using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Events;

/// <summary>What an event's tickets cost on issue, counted once for as long as none is issued.</summary>
/// <remarks>A face price never changes, so a count holds until the event's list of tickets is another one; that is an immutable value, told by its reference.</remarks>
/// <param name="maxEvents">Events whose count is kept.</param>
public sealed class FacePrices(int maxEvents = 256)
{
    /// <summary>Most different prices that are shown, the lowest first.</summary>
    public const int MaxPrices = 200;

    private readonly Lock _changing = new();
    private readonly Dictionary<EventId, (Trie<Ordinal, TicketId> Tickets, IReadOnlyList<FacePriceContract> Prices)> _counted = [];

    /// <summary>The prices, lowest first, and how many tickets have each; one more than <see cref="MaxPrices"/> at the most, which says that there are more.</summary>
    public IReadOnlyList<FacePriceContract> Of(LedgerState state, in EventId id)
    {
        var tickets = state.TicketsOf(id);
        lock (_changing)
        {
            if (_counted.TryGetValue(id, out var known) && ReferenceEquals(known.Tickets, tickets)) return known.Prices;
        }

        // Outside the lock: whoever asks for another event must not wait until a large one is counted.
        var prices = Count(state, tickets);
        lock (_changing)
        {
            if (_counted.Count >= maxEvents) _counted.Clear();
            _counted[id] = (tickets, prices);
            return prices;
        }
    }

    private static FacePriceContract[] Count(LedgerState state, Trie<Ordinal, TicketId> tickets)
    {
        var counts = new SortedDictionary<long, int>();
        foreach (var (_, ticket) in tickets)
        {
            var price = state.Tickets.Find(ticket)!.FacePrice;
            counts[price] = counts.GetValueOrDefault(price) + 1;
        }

        return [.. counts.Take(MaxPrices + 1).Select(entry => new FacePriceContract(entry.Key, entry.Value))];
    }
}
