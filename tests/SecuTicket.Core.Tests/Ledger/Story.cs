using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>Signed transactions in their order, each at its second, of which the last is the one in question: told to the rules, to a pending set and, in blocks made by hand, to two chains.</summary>
internal sealed class Story
{
    public static readonly Person Organiser = "organiser";

    private readonly Scenario _signing = new();
    private readonly List<(VerifiedTransaction Transaction, long Second)> _steps = [];
    private int _payments;

    /// <summary>Unix seconds of the next step.</summary>
    public long Now { get; set; } = Scenario.Start;

    public EventId Event { get; private set; }

    public TicketId Seat { get; private set; }

    public Story Does(Person who, Wish wish, Person? with = null)
    {
        _steps.Add((_signing.Sign(who, wish, with, Scenario.Start + 100_000), Now));
        return this;
    }

    public Story Funds(Person who, long amount) => Does(TestSpec.Bank, Wish.TopUp(who, amount, $"payment {++_payments}"));

    public Story Gives(Person from, Person to) => Does(from, Wish.Give(Seat, to));

    public Story Lists(Person who, long price, Person? buyer = null) => Does(who, Wish.List(Seat, price, buyer));

    public Story Buys(Person who, long price) => Does(who, Wish.Purchase(Seat, price));

    public Story Returns(Person who) => Does(who, Wish.Return(Seat));

    public Story Updates(object? resale = null, Person[]? sellers = null) => Does(Organiser, Wish.UpdateEvent(Event, resale, sellers));

    /// <summary>Pays for it and buys it.</summary>
    public Story Resold(Person from, Person to, long price) => Funds(to, price).Lists(from, price).Buys(to, price);

    /// <summary>An event with one unsold ticket.</summary>
    public Story Opens(object? resale = null, long face = 5_000, Person[]? sellers = null, Person? eventKey = null)
    {
        Does(Organiser, Wish.CreateEvent(resale, sellers, eventKey: eventKey));
        Event = EventId.Of(_steps[^1].Transaction.Id);
        Seat = IssueTickets.TicketOf(Event, 0, "A-1");
        return Does(Organiser, Wish.Issue(Event, face, "A-1"));
    }

    /// <summary>An event with one ticket, which somebody bought from the organiser.</summary>
    public Story Sold(Person holder, object? resale = null, long face = 5_000)
    {
        Opens(resale, face);
        if (face > 0) Funds(holder, face);
        return Buys(holder, face);
    }

    /// <summary>The ledger that each of the three came to, which must have found the same about the last step.</summary>
    /// <param name="code">The code it must be refused with; null for accepted.</param>
    public IReadOnlyList<LedgerState> Ends(string? code) => [ByRules(code), ByPendingSet(code), ByBlocks(code)];

    private LedgerState ByRules(string? code)
    {
        var state = LedgerState.Empty;
        for (var i = 0; i < _steps.Count; i++)
        {
            var verdict = LedgerRules.Apply(state, _steps[i].Transaction, ContextOf(i));
            Judge(verdict.Refusal, code, i, "the rules");
            if (verdict.IsAccepted) state = verdict.Value.State;
        }

        return state;
    }

    // Nothing is confirmed: the rule is broken by what waits.
    private LedgerState ByPendingSet(string? code)
    {
        var set = PendingSet.Empty(new MempoolLimits(), LedgerState.Empty);
        for (var i = 0; i < _steps.Count; i++)
        {
            var verdict = set.Admit(_steps[i].Transaction, ContextOf(i), _steps[i].Second * 1_000);
            Judge(verdict.Refusal, code, i, "the pending set");
            if (verdict.IsAccepted) set = verdict.Value;
        }

        return set.State;
    }

    // One node makes the blocks, another gets their bytes. What a node's own admission would refuse goes into a block all the same.
    private LedgerState ByBlocks(string? code)
    {
        var (maker, other) = (new TestChain(), new TestChain());
        for (var i = 0; i < _steps.Count; i++)
        {
            var isLast = i == _steps.Count - 1;
            var block = maker.Block(transactions: [_steps[i].Transaction], at: (_steps[i].Second * 1_000) + i);
            var received = VerifiedBlock.Verify(Block.Decode(block.Block.Encode(), int.MaxValue).Value, Scenario.Verifier).Value;
            if (!isLast || code is null)
            {
                maker.Accepts(block);
                other.Accepts(received);
                continue;
            }

            foreach (var (chain, found) in new[] { (maker, block), (other, received) })
            {
                chain.Refuses(code, found).Should().Match<Refusal>(refusal => refusal.Kind == RefusalKind.Invalid && refusal.Detail.Contains($"{_steps[i].Transaction.Id}"));
                chain.Refuses("invalid_block", found);
            }
        }

        LedgerContent.Of(other.Chain.Ledger).Should().Be(LedgerContent.Of(maker.Chain.Ledger));
        return other.Chain.Ledger;
    }

    private void Judge(Refusal? refusal, string? code, int step, string by)
    {
        var expected = step == _steps.Count - 1 ? code : null;
        (refusal?.Code).Should().Be(expected, "that is what {0} should say about step {1}, {2}; said was: {3}", by, step, _steps[step].Transaction.Payload.Operation.Type, refusal?.Detail);
    }

    private RuleContext ContextOf(int step) => new(_signing.Spec, 1, _steps[step].Second * 1_000);
}
