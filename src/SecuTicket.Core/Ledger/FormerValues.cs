using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>The values that one transaction changed, as they were before: so that it can be taken back.</summary>
/// <remarks>Lists, not sets: a key stands there once for each change, and the last is taken back first.</remarks>
internal sealed class FormerValues
{
    private readonly List<(Address Key, long Value)> _balances = [];
    private readonly List<(EventId Key, EventTerms? Value)> _events = [];
    private readonly List<(EventId Key, EventTally? Value)> _tallies = [];
    private readonly List<(TicketId Key, Ticket? Value)> _tickets = [];
    private Hash256? _reference;
    private NumberedHash? _seen;
    private long _supply;

    /// <summary>Begins a transaction: those before it stay as they are.</summary>
    /// <param name="supply">All coins, in minor units.</param>
    /// <param name="seen">The transaction, which the ledger remembers already; null for one that it need not remember.</param>
    public void Begin(long supply, NumberedHash? seen)
    {
        (_supply, _seen, _reference) = (supply, seen, null);
        _balances.Clear();
        _events.Clear();
        _tallies.Clear();
        _tickets.Clear();
    }

    public void Add(in Address account, long balance) => _balances.Add((account, balance));

    public void Add(in EventId id, EventTerms? terms) => _events.Add((id, terms));

    public void Add(in EventId id, EventTally? tally) => _tallies.Add((id, tally));

    public void Add(in TicketId id, Ticket? ticket) => _tickets.Add((id, ticket));

    /// <summary>The reference was not used before.</summary>
    public void Add(in Hash256 reference) => _reference = reference;

    /// <summary>Gives everything that was changed since <see cref="Begin"/> the value that it had then.</summary>
    public void TakeBack(LedgerEdit ledger)
    {
        ledger.Supply = _supply;
        for (var i = _balances.Count - 1; i >= 0; i--) ledger.SetBalance(_balances[i].Key, _balances[i].Value);
        for (var i = _events.Count - 1; i >= 0; i--) ledger.SetEvent(_events[i].Key, _events[i].Value);
        for (var i = _tallies.Count - 1; i >= 0; i--) ledger.SetTally(_tallies[i].Key, _tallies[i].Value);
        for (var i = _tickets.Count - 1; i >= 0; i--) ledger.SetTicket(_tickets[i].Key, _tickets[i].Value);
        if (_reference is { } reference) ledger.SetReference(reference, false);
        if (_seen is { } seen) ledger.SetSeen(seen, false);
    }
}
