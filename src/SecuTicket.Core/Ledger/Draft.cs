using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>The working copy that the rules change for one transaction, or for one block of them; dropped on a refusal.</summary>
/// <param name="state">The ledger to begin with.</param>
/// <param name="context">What the rules look at beside it.</param>
/// <param name="touched">Notes what is changed; null where nobody asks what a whole block changed.</param>
internal sealed class Draft(LedgerState state, RuleContext context, TouchedKeys? touched = null)
{
    private readonly List<TicketChange> _changes = [];
    private readonly List<Address> _parties = [];
    private VerifiedTransaction? _transaction;
    private Resale? _resale;

    public RuleContext Context { get; } = context;

    public LedgerState State { get; private set; } = state;

    public VerifiedTransaction Transaction => _transaction!;

    public Address Sender => Transaction.Payload.Sender;

    public void Begin(VerifiedTransaction transaction)
    {
        _transaction = transaction;
        _changes.Clear();
        _parties.Clear();
        _resale = null;
        if (transaction.Payload.Operation is not Reward)
        {
            Involve(Sender);
            var seen = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
            touched?.Seen.Add(seen);
            State = State.WithSeen(seen, true);
        }
    }

    /// <summary>Takes the last transaction back, in the middle of its rules.</summary>
    /// <param name="former">The state before it.</param>
    public void TakeBack(LedgerState former) => State = former;

    public TransactionEffects Effects() => new([.. _changes], [.. _parties]) { Resale = _resale };

    public void Credit(in Address account, long amount)
    {
        if (amount == 0) return;

        Touch(account);
        State = State.WithBalance(account, checked(State.BalanceOf(account) + amount));
    }

    /// <summary>Moves coins, or says who lacks them.</summary>
    public Verdict Pay(in Address from, in Address to, long amount)
    {
        var balance = State.BalanceOf(from);
        if (balance < amount)
            return new Refusal(RefusalCodes.InsufficientFunds, $"{from} has {balance} minor units, {amount} are needed.");
        if (amount == 0) return Verdict.Accepted;

        Touch(from);
        State = State.WithBalance(from, balance - amount);
        Credit(to, amount);
        return Verdict.Accepted;
    }

    public void Mint(long amount) => State = State.WithSupply(checked(State.Supply + amount));

    public void Put(in EventId id, EventTerms terms)
    {
        touched?.Events.Add(id);
        State = State.WithEvent(id, terms);
    }

    public void Put(in EventId id, EventTally tally)
    {
        touched?.Tallies.Add(id);
        State = State.WithTally(id, tally);
    }

    /// <summary>Keeps a ticket's new value and writes the line of its history.</summary>
    public void Put(in TicketId id, Ticket ticket, Address? from, long? price)
    {
        touched?.Tickets.Add(id);
        State = State.WithTicket(id, ticket with { ChangedIn = Context.BlockIndex });
        if (from is { } former) Involve(former);
        Involve(ticket.Owner);
        _changes.Add(new TicketChange(id, Transaction.Payload.Operation.Type, ticket.Status, from, ticket.Owner, price));
    }

    /// <summary>Notes that the transaction bought a ticket from its holder.</summary>
    public void Resold(Resale resale) => _resale = resale;

    public void UseReference(in Hash256 reference)
    {
        touched?.References.Add(reference);
        State = State.WithReference(reference, true);
    }

    /// <summary>Forgets transactions that no later block can hold, because all are timed after <paramref name="medianSeconds"/>.</summary>
    public void Forget(long medianSeconds, int most)
    {
        foreach (var (seen, _) in State.Seen.Take(most).TakeWhile(entry => entry.Key.Number < medianSeconds).ToArray())
        {
            touched?.Forgotten.Add(seen);
            State = State.WithSeen(seen, false);
        }
    }

    private void Touch(in Address account)
    {
        touched?.Balances.Add(account);
        Involve(account);
    }

    private void Involve(in Address account)
    {
        if (!_parties.Contains(account)) _parties.Add(account);
    }
}
