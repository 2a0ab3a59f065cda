using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>The working copy that the rules change for one transaction, or for one block of them; dropped on a refusal.</summary>
internal sealed class Draft(LedgerState state, RuleContext context)
{
    private readonly LedgerState _start = state;
    private readonly HashSet<Address> _balances = [];
    private readonly HashSet<EventId> _events = [];
    private readonly HashSet<EventId> _tallies = [];
    private readonly HashSet<TicketId> _tickets = [];
    private readonly List<Hash256> _references = [];
    private readonly List<NumberedHash> _seen = [];
    private readonly List<NumberedHash> _forgotten = [];
    private List<TicketChange> _changes = [];
    private List<Address> _parties = [];
    private VerifiedTransaction? _transaction;
    private Resale? _resale;

    public RuleContext Context { get; } = context;

    public LedgerEdit Ledger { get; } = state.Edit();

    public VerifiedTransaction Transaction => _transaction!;

    public Address Sender => Transaction.Payload.Sender;

    public void Begin(VerifiedTransaction transaction)
    {
        _transaction = transaction;
        _changes = [];
        _parties = [];
        _resale = null;
        if (transaction.Payload.Operation is not Reward)
        {
            Involve(Sender);
            var seen = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
            _seen.Add(seen);
            Ledger.SetSeen(seen, true);
        }
    }

    public TransactionEffects Effects() => new([.. _changes], [.. _parties]) { Resale = _resale };

    public void Credit(in Address account, long amount)
    {
        if (amount == 0) return;

        Touch(account);
        Ledger.SetBalance(account, checked(Ledger.BalanceOf(account) + amount));
    }

    /// <summary>Moves coins, or says who lacks them.</summary>
    public Verdict Pay(in Address from, in Address to, long amount)
    {
        var balance = Ledger.BalanceOf(from);
        if (balance < amount)
            return new Refusal(RefusalCodes.InsufficientFunds, $"{from} has {balance} minor units, {amount} are needed.");
        if (amount == 0) return Verdict.Accepted;

        Touch(from);
        Ledger.SetBalance(from, balance - amount);
        Credit(to, amount);
        return Verdict.Accepted;
    }

    public void Mint(long amount) => Ledger.Supply = checked(Ledger.Supply + amount);

    public void Put(in EventId id, EventTerms terms)
    {
        _events.Add(id);
        Ledger.SetEvent(id, terms);
    }

    public void Put(in EventId id, EventTally tally)
    {
        _tallies.Add(id);
        Ledger.SetTally(id, tally);
    }

    /// <summary>Keeps a ticket's new value and writes the line of its history.</summary>
    public void Put(in TicketId id, Ticket ticket, Address? from, long? price)
    {
        _tickets.Add(id);
        Ledger.SetTicket(id, ticket with { ChangedIn = Context.BlockIndex });
        if (from is { } former) Involve(former);
        Involve(ticket.Owner);
        _changes.Add(new TicketChange(id, Transaction.Payload.Operation.Type, ticket.Status, from, ticket.Owner, price));
    }

    /// <summary>Notes that the transaction bought a ticket from its holder.</summary>
    public void Resold(Resale resale) => _resale = resale;

    public void UseReference(in Hash256 reference)
    {
        _references.Add(reference);
        Ledger.SetReference(reference, true);
    }

    /// <summary>Forgets transactions that no later block can hold, because all are timed after <paramref name="medianSeconds"/>.</summary>
    public void Forget(long medianSeconds, int most)
    {
        foreach (var seen in Ledger.SeenBefore(medianSeconds, most))
        {
            _forgotten.Add(seen);
            Ledger.SetSeen(seen, false);
        }
    }

    public LedgerDelta ToDelta() => new()
    {
        Supply = (_start.Supply, Ledger.Supply),
        Balances = Changes(_balances, key => _start.BalanceOf(key), key => Ledger.BalanceOf(key)),
        Events = Changes(_events, key => _start.Events.Find(key), key => Ledger.Find(key)),
        Tallies = Changes(_tallies, key => _start.Tallies.Find(key), key => Ledger.FindTally(key)),
        Tickets = Changes(_tickets, key => _start.Tickets.Find(key), key => Ledger.Find(key)),
        References = [.. _references],
        Seen = [.. _seen],
        Forgotten = [.. _forgotten],
    };

    // Sorted, so that the same block gives the same delta on every node, whatever the order of a hash table.
    private static EquatableArray<Change<TKey, TValue>> Changes<TKey, TValue>(HashSet<TKey> keys, Func<TKey, TValue?> before, Func<TKey, TValue?> after)
        where TKey : struct, IComparable<TKey> => [.. keys.Order().Select(key => new Change<TKey, TValue>(key, before(key), after(key)))];

    private void Touch(in Address account)
    {
        _balances.Add(account);
        Involve(account);
    }

    private void Involve(in Address account)
    {
        if (!_parties.Contains(account)) _parties.Add(account);
    }
}
