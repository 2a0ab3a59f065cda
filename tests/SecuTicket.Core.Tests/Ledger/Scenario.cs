using System.Runtime.CompilerServices;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>A ledger and the people who use it: who does what, and what is refused them.</summary>
internal sealed class Scenario(ChainSpec? spec = null)
{
    public const long Start = TestSpec.GenesisSeconds + 1_000;

    public static readonly TransactionVerifier Verifier = new(new P256Verifier(256));

    public static readonly Person Sealer = "sealer";

    private int _signed;

    public ChainSpec Spec { get; } = spec ?? TestSpec.Of();

    public LedgerState State { get; set; } = LedgerState.Empty;

    /// <summary>Unix seconds of the next transaction's block.</summary>
    public long Now { get; set; } = Start;

    public long BlockIndex { get; set; } = 1;

    /// <summary>Every line of every ticket's history.</summary>
    public List<TicketChange> History { get; } = [];

    private RuleContext Context => new(Spec, BlockIndex, Now * 1_000);

    /// <summary>Signs for real and has it checked.</summary>
    public VerifiedTransaction Sign(Person who, Wish wish, Person? with = null, long? validUntil = null, string? nonce = null, string chainId = "test-chain")
    {
        var payload = Payload.From(wish.Json(who, validUntil ?? Now + 3_600, nonce ?? $"nonce-{++_signed:D10}", chainId)).Value;
        EquatableArray<TransactionSignature> signatures = with is null ? [who.Sign(payload.Id)] : [who.Sign(payload.Id), with.Sign(payload.Id)];
        return Verifier.Verify(new Transaction(payload, signatures)).Value;
    }

    public TransactionOutcome Does(Person who, Wish wish, Person? with = null) => Applies(Sign(who, wish, with));

    public TransactionOutcome Applies(VerifiedTransaction transaction)
    {
        var verdict = LedgerRules.Apply(State, transaction, Context);
        verdict.Refusal.Should().BeNull();
        State = verdict.Value.State;
        History.AddRange(verdict.Value.Effects.Changes);
        State.Balances.Sum(entry => entry.Value).Should().Be(State.Supply, "supply is conserved");
        return verdict.Value;
    }

    /// <summary>Puts transactions in a block of their own, a second after the one before.</summary>
    public BlockOutcome Seals(params ReadOnlySpan<VerifiedTransaction> transactions)
    {
        var verdict = TrySeal(transactions);
        verdict.Refusal.Should().BeNull();
        State = verdict.Value.State;
        return verdict.Value;
    }

    public Verdict<BlockOutcome> TrySeal(ReadOnlySpan<VerifiedTransaction> transactions, long? median = null)
    {
        Now++;
        BlockIndex++;
        var root = MerkleTree.Root([.. transactions.ToArray().Select(transaction => transaction.Transaction.Leaf)]);
        var header = new BlockHeader(BlockHeader.CurrentVersion, Spec.ChainHash, BlockIndex, default, root, default, Now * 1_000, 0, Sealer.Address, 0);
        return LedgerRules.Apply(State, VerifiedBlock.Of(header, new EquatableArray<VerifiedTransaction>(transactions.ToArray()), null), Context, median ?? Now * 1_000);
    }

    public Refusal Refuses(string code, Person who, Wish wish, Person? with = null, [CallerArgumentExpression(nameof(wish))] string because = "") =>
        Refuses(code, Sign(who, wish, with), because);

    public Refusal Refuses(string code, VerifiedTransaction transaction, string because = "")
    {
        var verdict = LedgerRules.Apply(State, transaction, Context);
        verdict.IsAccepted.Should().BeFalse("{0} is due to {1}", code, because);
        verdict.Refusal!.Code.Should().Be(code, "{0} said {1}", because, verdict.Refusal.Detail);
        verdict.Refusal.Detail.Should().NotBeNullOrWhiteSpace();
        return verdict.Refusal;
    }

    public EventId Creates(Person organiser, object? resale = null, Person[]? sellers = null, Person[]? gates = null, Person? eventKey = null, long? saleOpensAt = null, int sessions = 1)
    {
        var transaction = Sign(organiser, Wish.CreateEvent(resale, sellers, gates, eventKey, saleOpensAt, sessions));
        Applies(transaction);
        return EventId.Of(transaction.Id);
    }

    public TicketId Issues(Person organiser, EventId id, string seat, long price = 5_000)
    {
        Does(organiser, Wish.Issue(id, price, seat));
        return IssueTickets.TicketOf(id, 0, seat);
    }

    public void Funds(Person who, long amount) => Does(TestSpec.Bank, Wish.TopUp(who, amount, $"payment {++_signed}"));

    /// <summary>An event with one ticket in the hands of <paramref name="holder"/>, who bought it from the organiser.</summary>
    public (EventId Event, TicketId Ticket) Sold(Person organiser, Person holder, object? resale = null, long price = 5_000, Person[]? gates = null)
    {
        var id = Creates(organiser, resale, gates: gates);
        var ticket = Issues(organiser, id, "A-1", price);
        if (price > 0) Funds(holder, price);
        Does(holder, Wish.Purchase(ticket, price));
        return (id, ticket);
    }

    public Ticket this[TicketId id] => State.Tickets.Find(id)!;

    public EventTally Tally(EventId id) => State.TallyOf(id);

    public long Balance(Person who) => State.BalanceOf(who.Address);
}
