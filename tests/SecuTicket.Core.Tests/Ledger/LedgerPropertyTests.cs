using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>What holds after any sequence of operations, allowed or not. A failure names its seed.</summary>
public class LedgerPropertyTests
{
    private const int BlocksOfALife = 50;

    // S1.4, S4.5: whatever people try, coins are conserved, a ticket has one owner, and every block can be taken back exactly.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Any_life_conserves_coins_keeps_one_owner_a_ticket_and_can_be_undone_block_by_block(int seed)
    {
        var story = new Scenario(TestSpec.Of(reward: 10));
        var life = new RandomLife(seed, story.Spec);
        var past = new Stack<(LedgerDelta Delta, string Before)>();
        for (var i = 0; i < BlocksOfALife; i++)
        {
            story.Now += new Random(seed + i).Next(200);
            var before = LedgerContent.Of(story.State);
            var (chosen, oneByOne) = Choose(story, life, 12);
            var outcome = story.Seals([.. chosen]);

            // A block is its transactions, one after the other, less what it forgets.
            var expected = oneByOne.Edit();
            foreach (var seen in outcome.Delta.Forgotten) expected.SetSeen(seen, false);
            LedgerContent.Of(story.State).Should().Be(LedgerContent.Of(expected.ToState()));
            LedgerContent.CheckInvariants(story.State);

            var stored = LedgerEncoding.Encode(outcome.Delta);
            var read = LedgerEncoding.DecodeDelta(stored);
            LedgerEncoding.Encode(read).AsSpan().SequenceEqual(stored).Should().BeTrue();
            LedgerContent.Of(read.Undo(story.State)).Should().Be(before);
            past.Push((read, before));
        }

        LedgerContent.Of(Rebuilt(story.State)).Should().Be(LedgerContent.Of(story.State), "a store that kept the values gives back the indexes");
        var state = story.State;
        while (past.TryPop(out var block))
        {
            state = block.Delta.Undo(state);
            LedgerContent.Of(state).Should().Be(block.Before);
        }

        LedgerContent.Of(state).Should().Be(LedgerContent.Of(LedgerState.Empty));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_ledger_that_keeps_no_lists_of_tickets_makes_the_same_ones_when_it_is_asked(int seed)
    {
        var story = new Scenario(TestSpec.Of(reward: 10));
        var without = new Scenario(story.Spec) { State = LedgerState.Genesis(story.Spec, isIndexed: false) };
        var life = new RandomLife(seed, story.Spec);
        for (var i = 0; i < BlocksOfALife; i++)
        {
            story.Now += new Random(seed + i).Next(200);
            var (chosen, _) = Choose(story, life, 12);
            (without.Now, without.BlockIndex) = (story.Now, story.BlockIndex);
            LedgerEncoding.Encode(without.Seals([.. chosen]).Delta).AsSpan().SequenceEqual(LedgerEncoding.Encode(story.Seals([.. chosen]).Delta)).Should().BeTrue();
        }

        without.State.IsIndexed.Should().BeFalse();
        story.State.Tickets.Should().NotBeEmpty();
        LedgerContent.Of(without.State).Should().Be(LedgerContent.Of(story.State));
    }

    [Fact]
    public void The_lives_above_meet_nearly_every_operation_and_refusal()
    {
        var (done, refused) = (new HashSet<string>(), new HashSet<string>());
        for (var seed = 1; seed <= 6; seed++)
        {
            var story = new Scenario(TestSpec.Of(reward: 10));
            var life = new RandomLife(seed, story.Spec);
            for (var i = 0; i < BlocksOfALife; i++)
            {
                story.Now += new Random(seed + i).Next(200);
                story.Seals([.. Choose(story, life, 12, (type, code) => (code is null ? done : refused).Add(code ?? type)).Chosen]);
            }
        }

        done.Should().BeEquivalentTo(OperationTypes.All.Except(["stake", "unstake", "vote", "report"]), "those have lives of their own");
        refused.Should().Contain(
        [
            "not_organiser", "not_seller", "event_signature_missing", "not_holder", "not_gate", "not_exchange_authority", "ticket_exists", "ticket_not_available", "already_redeemed",
            "reference_used", "price_above_cap", "price_above_max", "resale_forbidden", "transfer_forbidden", "reseller_not_allowed", "resale_limit", "outside_window", "insufficient_funds",
            "expired", "event_cancelled", "rules_worse", "return_forbidden", "transaction_exists", "supply_exceeded", "signature_invalid", "not_found", "invalid_field",
        ]);
    }

    private static (List<VerifiedTransaction> Chosen, LedgerState State) Choose(Scenario story, RandomLife life, int count, Action<string, string?>? note = null)
    {
        // As the block will be: a second later, after its reward.
        var context = new RuleContext(story.Spec, story.BlockIndex + 1, (story.Now + 1) * 1_000);
        var due = LedgerRules.RewardAfter(story.State, story.Spec.Reward);
        var ledger = story.State.Edit();
        if (due > 0) LedgerRules.PayReward(ledger, Scenario.Sealer.Address, due);
        var state = ledger.ToState();
        var chosen = new List<VerifiedTransaction>();
        if (due > 0) chosen.Add(TransactionVerifier.Restore(new Transaction(Payload.OfReward(story.Spec.ChainId, Scenario.Sealer.Address, due, story.BlockIndex + 1), [])));
        for (var i = 0; i < count; i++)
        {
            var transaction = life.Next(state, story.Now + 1);
            var before = state;
            if (LedgerRules.Apply(state, transaction, context).TryGet(out var outcome, out var refusal))
            {
                state = outcome.State;
                chosen.Add(transaction);
                outcome.Effects.Changes.All(change => Fits(change, before, outcome)).Should().BeTrue("a history says what happened");
            }

            note?.Invoke(transaction.Payload.Operation.Type, refusal?.Code);
        }

        return (chosen, state);
    }

    private static bool Fits(TicketChange change, LedgerState before, TransactionOutcome outcome)
    {
        var after = outcome.State.Tickets.Find(change.Ticket)!;
        return (change.From, change.To, change.Status) == (before.Tickets.Find(change.Ticket)?.Owner, after.Owner, after.Status) && outcome.Effects.Parties.Contains(change.To);
    }

    private static LedgerState Rebuilt(LedgerState state) => LedgerState.Of(
        state.Supply, Trie<Address, long>.Of(state.Balances.Reverse()), [.. state.Events.Select(entry => entry.Value).Reverse()], Trie<EventId, EventTally>.Of(state.Tallies.Reverse()), [.. state.Tickets.Reverse()],
        Trie<Hash256, Present>.Of(state.References.Reverse()), () => Trie<NumberedHash, Present>.Of(state.Seen.Reverse()));
}
