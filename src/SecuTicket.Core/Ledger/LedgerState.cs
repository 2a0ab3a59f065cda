using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Ledger;

/// <summary>It is there: the value of a map that is a set.</summary>
public readonly record struct Present;

/// <summary>Accounts, events and tickets after some block: an immutable value. A reader keeps it as long as it likes; the writer makes the next one.</summary>
/// <remarks>
/// The maps share structure (see <see cref="Trie{TKey,TValue}"/>) and are changed by a <see cref="LedgerEdit"/>. Of a state that a store kept, those that no ticket is found by are made when they are first
/// asked for: see <see cref="LateMaps"/>.
/// </remarks>
public sealed class LedgerState
{
    private readonly LateMaps? _late;

    internal LedgerState(LateMaps? late = null) => _late = late;

    /// <summary>The state after genesis: nothing.</summary>
    public static LedgerState Empty { get; } = new();

    /// <summary>All coins there are, in minor units: the sum of all balances, and of what is at stake.</summary>
    public long Supply { get; internal init; }

    /// <summary>Who makes blocks and which are final; null on chains without stakes.</summary>
    public StakeState? Stakes { get; internal init; }

    /// <summary>Index of the last block that is never undone, whatever else comes; 0 on chains without stakes.</summary>
    public long Final => Stakes?.Round.Final.Index ?? 0;

    /// <summary>Coins of each account that has any.</summary>
    public Trie<Address, long> Balances { get; internal init; } = Trie<Address, long>.Empty;

    /// <summary>Events by id.</summary>
    public Trie<EventId, EventTerms> Events { get; internal init; } = Trie<EventId, EventTerms>.Empty;

    /// <summary>Counts and sums of each event that has any.</summary>
    public Trie<EventId, EventTally> Tallies { get; internal init; } = Trie<EventId, EventTally>.Empty;

    /// <summary>Tickets by id.</summary>
    public Trie<TicketId, Ticket> Tickets { get; internal init; } = Trie<TicketId, Ticket>.Empty;

    /// <summary>SHA-256 of each top-up reference used.</summary>
    public Trie<Hash256, Present> References { get; internal init; } = Trie<Hash256, Present>.Empty;

    /// <summary>Transactions on the chain that could come again if they were forgotten, by the end of their validity in unix seconds.</summary>
    /// <remarks>
    /// An id may occur once for ever. After <c>valid_until</c> the expiry rule alone sees to that, so the ledger forgets an id when no later block can
    /// be timed before it: what must be remembered is bounded by 30 days, not by the chain's length.
    /// </remarks>
    public Trie<NumberedHash, Present> Seen { get => field ?? _late?.Seen.Value ?? Trie<NumberedHash, Present>.Empty; internal init; }

    /// <summary>Events in the order of their creation.</summary>
    public Trie<Ordinal, EventId> EventOrder { get; internal init; } = Trie<Ordinal, EventId>.Empty;

    /// <summary>The tickets of each event in the order of their issue.</summary>
    public Trie<EventId, Trie<Ordinal, TicketId>> EventTickets { get => field ?? _late?.EventTickets.Value ?? Trie<EventId, Trie<Ordinal, TicketId>>.Empty; internal init; }

    /// <summary>The tickets of each owner, by id.</summary>
    public Trie<Address, Trie<TicketId, Present>> OwnedTickets { get => field ?? _late?.OwnedTickets.Value ?? Trie<Address, Trie<TicketId, Present>>.Empty; internal init; }

    /// <summary>How many tickets of each event were issued at each price, in minor units, the lowest first.</summary>
    public Trie<EventId, Trie<Ordinal, int>> FacePrices { get => field ?? _late?.FacePrices.Value ?? Trie<EventId, Trie<Ordinal, int>>.Empty; internal init; }

    /// <summary>The events of each organiser, the newest first: by <see cref="AgeOf"/>.</summary>
    internal Trie<Address, Trie<Ordinal, EventId>> OwnEvents { get; init; } = Trie<Address, Trie<Ordinal, EventId>>.Empty;

    /// <summary>The events of each gate in the order of their creation.</summary>
    public Trie<Address, Trie<Ordinal, EventId>> GateEvents { get; internal init; } = Trie<Address, Trie<Ordinal, EventId>>.Empty;

    /// <summary>Where the tickets of each event are in its order of issue, by session and status: see <see cref="TicketStands"/>.</summary>
    internal Trie<EventId, Trie<Ordinal, ulong>> Stands { get => field ?? _late?.Stands.Value ?? Trie<EventId, Trie<Ordinal, ulong>>.Empty; init; }

    /// <summary>Whether the maps that follow from the tickets go along with each change. Otherwise they are made when they are first asked for, here and in all states that are made of this one.</summary>
    internal bool IsIndexed { get; init; } = true;

    /// <summary>The state after the genesis of a chain.</summary>
    /// <param name="spec">The chain's specification.</param>
    /// <param name="isIndexed">False for whoever goes through many blocks and asks for no list of tickets on the way: what lists need is then made only when it is asked for, out of all tickets.</param>
    public static LedgerState Genesis(ChainSpec spec, bool isIndexed = true) =>
        spec.Stake is { } stake ? new LedgerState { Supply = stake.GenesisAmount, Stakes = StakeState.Genesis(spec, stake), IsIndexed = isIndexed }
        : isIndexed ? Empty : new LedgerState { IsIndexed = false };

    /// <summary>The state that a store kept.</summary>
    /// <param name="supply">All coins, in minor units.</param>
    /// <param name="balances">Coins of each account that has any.</param>
    /// <param name="events">All events.</param>
    /// <param name="tallies">Counts and sums of events.</param>
    /// <param name="tickets">All tickets, in any order.</param>
    /// <param name="references">SHA-256 of each top-up reference used.</param>
    /// <param name="seen">Makes <see cref="Seen"/>, when it is first asked for.</param>
    /// <param name="stakes">Null on chains without stakes.</param>
    /// <exception cref="ArgumentException">Something is kept twice.</exception>
    public static LedgerState Of(
        long supply,
        Trie<Address, long> balances,
        IReadOnlyCollection<EventTerms> events,
        Trie<EventId, EventTally> tallies,
        KeyValuePair<TicketId, Ticket>[] tickets,
        Trie<Hash256, Present> references,
        Func<Trie<NumberedHash, Present>> seen,
        StakeState? stakes = null)
    {
        return new LedgerState(new LateMaps(() => tickets, seen))
        {
            Supply = supply,
            Balances = balances,
            Events = Trie<EventId, EventTerms>.Of(events.Select(static terms => KeyValuePair.Create(terms.Id, terms))),
            EventOrder = Trie<Ordinal, EventId>.Of(events.Select(static terms => KeyValuePair.Create(new Ordinal(terms.Ordinal), terms.Id))),
            Tallies = tallies,
            Tickets = Trie<TicketId, Ticket>.Of(tickets),
            OwnEvents = Grouped(events.Select(static terms => (terms.Organiser, terms)), static terms => AgeOf(terms.Ordinal)),
            GateEvents = Grouped(events.SelectMany(static terms => terms.Gates.Distinct(), static (terms, gate) => (gate, terms)), static terms => new Ordinal(terms.Ordinal)),
            References = references,
            Stakes = stakes,
        };
    }

    /// <summary>Makes what would else be made when it is first asked for: whoever asks meanwhile waits for the one map.</summary>
    public void Complete() => _late?.Make();

    /// <summary>Begins the changes that make the next state.</summary>
    internal LedgerEdit Edit() => new(this);

    /// <summary>Coins of <paramref name="account"/>, in minor units.</summary>
    public long BalanceOf(in Address account) => Balances.Find(account);

    /// <summary>What happened to the tickets of <paramref name="id"/>.</summary>
    public EventTally TallyOf(in EventId id) => Tallies.Find(id) ?? EventTally.Empty;

    /// <summary>The tickets that <paramref name="account"/> owns, by id.</summary>
    public Trie<TicketId, Present> TicketsOf(in Address account) => OwnedTickets.Find(account) ?? Trie<TicketId, Present>.Empty;

    /// <summary>The tickets of <paramref name="id"/> in the order of their issue.</summary>
    public Trie<Ordinal, TicketId> TicketsOf(in EventId id) => EventTickets.Find(id) ?? Trie<Ordinal, TicketId>.Empty;

    /// <summary>Some tickets of <paramref name="id"/> in the order of their issue: what is not wanted is not looked at.</summary>
    /// <param name="id">The event.</param>
    /// <param name="session">Index of a session; null for all.</param>
    /// <param name="status">A status; null for all.</param>
    /// <param name="after">The place in that order after which they are wanted; null for all.</param>
    public IEnumerable<KeyValuePair<Ordinal, TicketId>> TicketsOf(EventId id, int? session, TicketStatus? status, long? after = null)
    {
        var inOrder = TicketsOf(id);
        if (session is null && status is null) return after is { } place ? inOrder.After(new Ordinal(place)) : inOrder;
        if (!Events.TryGet(id, out var terms) || !Stands.TryGet(id, out var stands) || session >= terms.Sessions.Count) return [];

        var statuses = status is { } one ? [one] : Enum.GetValues<TicketStatus>();
        var sessions = session is { } index ? Enumerable.Repeat(index, 1) : Enumerable.Range(0, terms.Sessions.Count);
        return TicketStands.Places(stands, sessions.SelectMany(_ => statuses, static (session, status) => (session, status)), after + 1 ?? 0)
            .Select(place => KeyValuePair.Create(new Ordinal(place), inOrder.Find(new Ordinal(place))));
    }

    /// <summary>The events that <paramref name="organiser"/> created, the newest first: older ones are looked at only as they are asked for.</summary>
    /// <param name="organiser">The account.</param>
    /// <param name="before">The place in the order of creation before which they are wanted, 0 at least; null for all.</param>
    public IEnumerable<EventTerms> EventsOf(in Address organiser, long? before = null)
    {
        var own = OwnEvents.Find(organiser) ?? Trie<Ordinal, EventId>.Empty;
        return (before is { } place ? own.After(AgeOf(place)) : own).Select(entry => Events.Find(entry.Value)!);
    }

    /// <summary>The key of an event in an order that begins with the newest.</summary>
    /// <param name="place">Its place in the order of creation.</param>
    internal static Ordinal AgeOf(long place) => new(long.MaxValue - place);

    /// <summary>How many tickets of <paramref name="id"/> are of a session and a status; at most one step for each 64 places of the event.</summary>
    /// <param name="id">The event.</param>
    /// <param name="session">Index of the session.</param>
    /// <param name="status">The status.</param>
    public int CountOf(in EventId id, int session, TicketStatus status) => Stands.TryGet(id, out var stands) ? TicketStands.Count(stands, session, status) : 0;

    private static Trie<Address, Trie<Ordinal, EventId>> Grouped(IEnumerable<(Address Account, EventTerms Terms)> events, Func<EventTerms, Ordinal> keyOf) => Trie<Address, Trie<Ordinal, EventId>>.Of(
        events.GroupBy(static entry => entry.Account, entry => KeyValuePair.Create(keyOf(entry.Terms), entry.Terms.Id))
            .Select(static group => KeyValuePair.Create(group.Key, Trie<Ordinal, EventId>.Of(group))));

    /// <summary>Whether two states say the same of every account, event and ticket; takes time in proportion to their size.</summary>
    public static bool SameContent(LedgerState left, LedgerState right) =>
        ReferenceEquals(left, right)
        || (left.Supply == right.Supply
            && left.Balances.SameContent(right.Balances)
            && left.Events.SameContent(right.Events)
            && left.Tallies.SameContent(right.Tallies)
            && left.Tickets.SameContent(right.Tickets)
            && left.References.SameContent(right.References)
            && left.Seen.SameContent(right.Seen)
            && StakeState.SameContent(left.Stakes, right.Stakes));
}
