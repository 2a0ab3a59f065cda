using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>The working copy that the rules change, for one transaction after the other; what a refused one changed is taken back.</summary>
internal sealed class Draft(LedgerState state, RuleContext context = default)
{
    private readonly TouchedKeys _touched = new();
    private readonly List<TicketChange> _changes = [];
    private readonly List<Address> _parties = [];
    private VerifiedTransaction? _transaction;
    private Resale? _resale;

    public RuleContext Context { get; private set; } = context;

    public LedgerEdit Ledger { get; } = state.Edit();

    public VerifiedTransaction Transaction => _transaction!;

    public Address Sender => Transaction.Payload.Sender;

    /// <summary>Begins a transaction.</summary>
    /// <returns>False, and nothing is begun, when it is on the chain already.</returns>
    public bool Begin(VerifiedTransaction transaction, RuleContext context)
    {
        var isReward = transaction.Payload.Operation is Reward;
        var seen = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
        if (!isReward && !Ledger.AddSeen(seen)) return false;

        (_transaction, Context) = (transaction, context);
        _changes.Clear();
        _parties.Clear();
        _resale = null;
        _touched.Mark(Ledger);
        if (isReward) return true;

        Involve(Sender);
        _touched.Seen.Add(seen);
        return true;
    }

    /// <summary>Takes back what the transaction changed that was begun last.</summary>
    public void TakeBack() => _touched.TakeBack(Ledger);

    public TransactionEffects Effects() => new([.. _changes], [.. _parties]) { Resale = _resale };

    public void Credit(in Address account, long amount)
    {
        if (amount == 0) return;

        var balance = Ledger.BalanceOf(account);
        SetBalance(account, balance, checked(balance + amount));
    }

    /// <summary>Moves coins, or says who lacks them.</summary>
    public Verdict Pay(in Address from, in Address to, long amount)
    {
        if (Debit(from, amount).Refusal is { } refusal) return refusal;

        Credit(to, amount);
        return Verdict.Accepted;
    }

    /// <summary>Takes coins from an account, or says that it lacks them.</summary>
    public Verdict Debit(in Address from, long amount)
    {
        var balance = Ledger.BalanceOf(from);
        if (balance < amount)
            return new Refusal(RefusalCodes.InsufficientFunds, $"{from} has {balance} minor units, {amount} are needed.");

        if (amount > 0) SetBalance(from, balance, balance - amount);
        return Verdict.Accepted;
    }

    public void Burn(long amount) => Ledger.Supply = checked(Ledger.Supply - amount);

    public void Mint(long amount) => Ledger.Supply = checked(Ledger.Supply + amount);

    public void Put(in EventId id, EventTerms terms)
    {
        _touched.Events.Add((id, Ledger.Find(id)));
        Ledger.SetEvent(id, terms);
    }

    public void Put(in EventId id, EventTally tally)
    {
        _touched.Tallies.Add((id, Ledger.FindTally(id)));
        Ledger.SetTally(id, tally);
    }

    /// <summary>Keeps a ticket's new value and writes the line of its history.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="former">Its value until now; null when it is new.</param>
    /// <param name="ticket">Its new value, which nobody else has yet: when it changed is noted in it.</param>
    /// <param name="price">What was paid, asked, refunded or set, in minor units; null where no price is part of it.</param>
    public void Put(in TicketId id, Ticket? former, Ticket ticket, long? price)
    {
        _touched.Tickets.Add((id, former));
        ticket.ChangedIn = Context.BlockIndex;
        Ledger.SetTicket(id, former, ticket);
        if (former is not null) Involve(former.Owner);
        Involve(ticket.Owner);
        _changes.Add(new TicketChange(id, Transaction.Payload.Operation.Type, ticket.Status, former?.Owner, ticket.Owner, price));
    }

    /// <summary>Notes that the transaction bought a ticket from its holder.</summary>
    public void Resold(Resale resale) => _resale = resale;

    public void UseReference(in Hash256 reference)
    {
        _touched.References.Add(reference);
        Ledger.SetReference(reference, true);
    }

    /// <summary>Forgets transactions that no later block can hold, because all are timed after <paramref name="medianSeconds"/>, and says which.</summary>
    public NumberedHash[] Forget(long medianSeconds, int most)
    {
        var forgotten = Ledger.SeenBefore(medianSeconds, most);
        foreach (var seen in forgotten) Ledger.SetSeen(seen, false);
        return forgotten;
    }

    /// <summary>What all that was drafted changed; nothing more may be drafted.</summary>
    /// <param name="start">What it began with.</param>
    /// <param name="end">What it came to.</param>
    /// <param name="forgotten">What was forgotten in the end.</param>
    public LedgerDelta Since(LedgerState start, LedgerState end, NumberedHash[] forgotten) => _touched.Since(start, end) with { Forgotten = new EquatableArray<NumberedHash>(forgotten), Stakes = Ledger.Stakes?.Since() };

    private void SetBalance(in Address account, long before, long amount)
    {
        _touched.Balances.Add((account, before));
        Ledger.SetBalance(account, amount);
        Involve(account);
    }

    private void Involve(in Address account)
    {
        if (!_parties.Contains(account)) _parties.Add(account);
    }
}
