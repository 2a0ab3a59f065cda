using SecuTicket.Core.Ledger.Rules;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>The working copy that the rules change, for one transaction after the other; what a refused one changed is taken back.</summary>
/// <param name="state">What it begins with.</param>
/// <param name="context">The block, where all transactions are for the same.</param>
/// <param name="remembers">Whether the ledger remembers the transactions; where it need not, whoever drafts tells them apart.</param>
internal sealed class Draft(LedgerState state, RuleContext context = default, bool remembers = true)
{
    private readonly FormerValues _former = new();
    private readonly List<TicketChange> _changes = [];
    private readonly List<Address> _parties = [];
    private VerifiedTransaction? _transaction;
    private Resale? _resale;
    private RuleContext _context = context;

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec => _context.Spec;

    /// <summary>When the transaction that was begun last does the same in any block that follows the same transactions: the rules note here which times they asked for.</summary>
    public Period Holds { get; private set; }

    public LedgerEdit Ledger { get; } = state.Edit();

    public VerifiedTransaction Transaction => _transaction!;

    public Address Sender => Transaction.Payload.Sender;

    /// <summary>Begins a transaction.</summary>
    /// <returns>False, and nothing is begun, when it is on the chain already.</returns>
    public bool Begin(VerifiedTransaction transaction, RuleContext context)
    {
        var isReward = transaction.Payload.Operation is Reward;
        var seen = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
        if (!isReward && !(remembers ? Ledger.AddSeen(seen) : !Ledger.IsSeen(seen))) return false;

        (_transaction, _context) = (transaction, context);
        _changes.Clear();
        _parties.Clear();
        _resale = null;
        _former.Begin(Ledger.Supply, isReward || !remembers ? null : seen);
        Holds = isReward ? Period.Never : new Period(transaction.Payload.ValidUntil - Payload.MaxValiditySeconds, transaction.Payload.ValidUntil);
        if (!isReward) Involve(Sender);
        return true;
    }

    /// <summary>The block, where its index or time is kept: so the transaction does something else in another block.</summary>
    public RuleContext NameBlock()
    {
        Holds = Period.Never;
        return _context;
    }

    /// <summary>Whether the block's time lies in a window whose ends are unix seconds, both inclusive; null for no end.</summary>
    public Verdict InWindow(long? opensAt, long? closesAt, string what)
    {
        Holds = Holds.Within(opensAt, closesAt);
        return Find.InWindow(_context.Seconds, opensAt, closesAt, what);
    }

    /// <summary>Takes back what the transaction changed that was begun last.</summary>
    public void TakeBack() => _former.TakeBack(Ledger);

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
        _former.Add(id, Ledger.Find(id));
        Ledger.SetEvent(id, terms);
    }

    public void Put(in EventId id, EventTally tally)
    {
        _former.Add(id, Ledger.FindTally(id));
        Ledger.SetTally(id, tally);
    }

    /// <summary>Keeps a ticket's new value and writes the line of its history.</summary>
    /// <param name="id">The ticket.</param>
    /// <param name="former">Its value until now; null when it is new.</param>
    /// <param name="ticket">Its new value, which nobody else has yet: when it changed is noted in it.</param>
    /// <param name="price">What was paid, asked, refunded or set, in minor units; null where no price is part of it.</param>
    public void Put(in TicketId id, Ticket? former, Ticket ticket, long? price)
    {
        _former.Add(id, former);
        ticket.ChangedIn = _context.BlockIndex;
        Ledger.SetTicket(id, former, ticket);
        if (former is not null) Involve(former.Owner);
        Involve(ticket.Owner);
        _changes.Add(new TicketChange(id, Transaction.Payload.Operation.Type, ticket.Status, former?.Owner, ticket.Owner, price));
    }

    /// <summary>Takes over a transaction that the ledger has applied and not remembered: its tickets name the block.</summary>
    public void Confirm(Payload payload, TransactionEffects effects)
    {
        Ledger.AddSeen(new NumberedHash(payload.ValidUntil, payload.Id));
        foreach (ref readonly var change in effects.Changes.Span)
        {
            var ticket = Ledger.Find(change.Ticket)!;
            if (ticket.ChangedIn != _context.BlockIndex) Ledger.SetTicket(change.Ticket, ticket, ticket with { ChangedIn = _context.BlockIndex });
        }
    }

    /// <summary>Notes that the transaction bought a ticket from its holder.</summary>
    public void Resold(Resale resale) => _resale = resale;

    public void UseReference(in Hash256 reference)
    {
        _former.Add(reference);
        Ledger.SetReference(reference, true);
    }

    /// <summary>Forgets transactions that no later block can hold, because all are timed after <paramref name="medianSeconds"/>.</summary>
    public void Forget(long medianSeconds, int most)
    {
        foreach (var seen in Ledger.SeenBefore(medianSeconds, most)) Ledger.SetSeen(seen, false);
    }

    private void SetBalance(in Address account, long before, long amount)
    {
        _former.Add(account, before);
        Ledger.SetBalance(account, amount);
        Involve(account);
    }

    private void Involve(in Address account)
    {
        if (!_parties.Contains(account)) _parties.Add(account);
    }
}
