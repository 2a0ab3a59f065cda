using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>Which blocks are justified and final, and what follows from it.</summary>
public class FinalityTests
{
    private static readonly Person[] All = ["anna", "bert", "carl"];

    private readonly StakeChain _chain = new();

    [Fact]
    public void With_all_votes_a_block_is_final_when_two_more_have_come()
    {
        _chain.Grows(1);
        _chain.Grows(1, All);
        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((1, 0));

        _chain.Grows(1, All);

        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((2, 1));
        (_chain.Chain.Ledger.Final, _chain.Chain.Final).Should().Be((1, 1));
    }

    // Two halves of a network that are apart for longer than the limit would both call their own branch final.
    [Fact]
    public void What_lies_below_the_limit_of_reorganisations_is_not_final_without_votes()
    {
        var chain = new StakeChain(StakeChain.SpecWith(static (json, _) => json["reorganisation_limit"] = 5, [.. All.Select(static who => (who, 100L))]));
        for (var i = 0; i < 12; i++) chain.Grows(1);

        (chain.Tip.Index, chain.Chain.Final).Should().Be((12, 0));
        chain.Grows(2, All);
        chain.Chain.Final.Should().Be(12, "it is voted for now");
    }

    [Fact]
    public void Two_thirds_are_not_enough()
    {
        _chain.Grows(1);
        _chain.Grows(3, "anna", "bert");
        _chain.Round.Justified.Index.Should().Be(0);

        _chain.Accepts(_chain.Block([.. All.Select(_chain.Vote)]));

        _chain.Round.Justified.Index.Should().Be(4);
    }

    [Fact]
    public void More_than_two_thirds_of_stake_are_enough_however_few_vote()
    {
        var chain = new StakeChain(StakeChain.SpecOf(("anna", 201), ("bert", 50), ("carl", 49)));
        chain.Grows(1);
        chain.Grows(2, "anna");

        chain.Round.Final.Index.Should().Be(1);
    }

    // Votes for block 1 come with those for block 2, whose source is genesis still: only what is linked directly, or over justified blocks, is final.
    [Fact]
    public void Late_votes_make_final_what_they_bridge()
    {
        _chain.Grows(1);
        _chain.Grows(1, All);
        var late = All.Select(_chain.Vote).ToArray();
        _chain.Grows(1);
        var next = All.Select(_chain.Vote).ToArray();
        next.Select(vote => ((Core.Transactions.Vote)vote.Payload.Operation).SourceIndex).Distinct().Should().Equal([1], "block 2 is not justified yet");
        _chain.Accepts(_chain.Block(next));
        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((3, 0), "block 2 between is not justified");

        _chain.Accepts(_chain.Block(late));

        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((3, 1));
        _chain.Tip.Difficulty.Should().Be(0);
    }

    [Fact]
    public void A_gap_that_stays_is_not_bridged()
    {
        _chain.Grows(1);
        _chain.Grows(1, All);
        _chain.Grows(1);
        _chain.Accepts(_chain.Block([.. All.Select(_chain.Vote)]));
        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((3, 0));

        _chain.Grows(1, All);

        (_chain.Round.Justified.Index, _chain.Round.Final.Index).Should().Be((4, 3), "3 is linked with its child");
    }

    [Fact]
    public void Votes_of_the_wrong_kind_are_refused()
    {
        _chain.Grows(4, "anna", "bert", "carl");
        var (round, tip) = (_chain.Round, _chain.Tip);
        var elsewhere = Hash256.Sha256("elsewhere"u8);

        _chain.RefusesOf("not_validator", "dora", Wishes.Vote(round.Justified.Index, round.Justified.Hash, tip.Index, tip.Hash));
        _chain.RefusesOf("wrong_source", "anna", Wishes.Vote(round.Final.Index, round.Final.Hash, tip.Index, tip.Hash));
        _chain.RefusesOf("wrong_source", "anna", Wishes.Vote(round.Justified.Index, elsewhere, tip.Index, tip.Hash));
        _chain.RefusesOf("unknown_checkpoint", "anna", Wishes.Vote(round.Justified.Index, round.Justified.Hash, tip.Index, elsewhere)).Kind.Should().Be(RefusalKind.Invalid);
        _chain.RefusesOf("unknown_checkpoint", "anna", Wishes.Vote(round.Justified.Index, round.Justified.Hash, tip.Index + 1, elsewhere)).Kind.Should().Be(RefusalKind.Transient);
        _chain.RefusesOf("unknown_checkpoint", "anna", Wishes.Vote(0, _chain.Spec.Genesis.Hash, round.Final.Index, round.Final.Hash));
        var vote = Wishes.Vote(round.Justified.Index, round.Justified.Hash, tip.Index, tip.Hash);
        _chain.Does("anna", vote);
        _chain.RefusesOf("already_voted", "anna", vote);
    }

    [Fact]
    public void A_block_does_not_vote_for_itself()
    {
        var next = _chain.Block();

        _chain.RefusesOf("unknown_checkpoint", "anna", Wishes.Vote(0, _chain.Spec.Genesis.Hash, 1, next.Hash));
    }

    [Fact]
    public void What_is_kept_of_votes_is_bounded_when_nothing_becomes_final()
    {
        _chain.Grows(1);
        var first = _chain.Vote("carl");
        _chain.Grows(40, "anna", "bert");

        _chain.Round.Open.Count.Should().Be(StakeRound.MaxOpen);
        _chain.RefusesOf("unknown_checkpoint", first);
        _chain.Grows(2, All);
        _chain.Round.Final.Index.Should().Be(41, "it goes on as soon as enough vote");
    }

    [Fact]
    public void Tables_change_at_the_ends_of_epochs_whose_tables_are_final()
    {
        _chain.Grows(1);
        _chain.Grows(20, All);

        var tables = _chain.Stakes.Tables;
        (tables.Previous.Since, tables.Present.Since, tables.Next.Since).Should().Be((12, 16, 20));
        _chain.Round.RotatedAt.Should().Be(20);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 4)]
    public void A_table_comes_into_use_when_the_very_block_that_it_shows_is_final(int withVotes, long since)
    {
        _chain.Grows(1);
        _chain.Grows(withVotes, All);
        _chain.Round.Final.Index.Should().Be(withVotes - 1);

        while (_chain.Tip.Index < 8) _chain.Grows(1);

        _chain.Stakes.Tables.Present.Since.Should().Be(since);
    }

    // Casper's dynasties: whoever takes over must be let in by those before.
    [Fact]
    public void New_stake_needs_the_votes_of_the_old_until_two_tables_have_passed()
    {
        _chain.Does(Specification.TestSpec.Bank, Wish.TopUp("dora", 10_000, "one"));
        _chain.Grows(1, All);
        _chain.Does("dora", Wishes.Stake(10_000, StakeChain.OnionOf("dora").Commitment));
        while (_chain.Stakes.Tables.Present.Count == 3) _chain.Grows(1, All);

        var final = _chain.Round.Final.Index;
        _chain.Grows(4, "dora");
        _chain.Round.Final.Index.Should().Be(final, "the table before does not know her");
        var there = _chain.Copy();
        there.Grows(4, All);
        there.Round.Final.Index.Should().Be(final, "the present table knows hardly anybody else");

        _chain.Grows(2, [.. All, "dora"]);
        _chain.Round.Final.Index.Should().BeGreaterThan(final);
    }

    [Fact]
    public void The_branch_with_the_higher_justified_block_wins_against_more_blocks()
    {
        _chain.Grows(1);
        var other = _chain.Copy();
        var ours = new List<VerifiedBlock>();
        for (var i = 0; i < 5; i++) _chain.Accepts(_chain.Block());
        for (var i = 0; i < 2; i++)
        {
            // In slots of its own: whose turn it is follows from the seed, the same for both.
            ours.Add(other.Block([.. All.Select(other.Vote)], slot: other.Round.Slot + 1 + (i == 0 ? 1 : 0)));
            other.Accepts(ours[^1]);
        }

        _chain.Offers(ours[0]).Disconnected.Should().HaveCount(5);
        _chain.Accepts(ours[1]);

        _chain.Tip.Should().Be(other.Tip);
        _chain.Chain.Ledger.Final.Should().Be(1);
        Core.Ledger.LedgerState.SameContent(_chain.Chain.Ledger, other.Chain.Ledger).Should().BeTrue();
    }

    [Fact]
    public void What_is_final_is_not_undone_by_any_weight()
    {
        _chain.Grows(1);
        var other = _chain.Copy();
        _chain.Grows(4, All);
        var fork = new List<VerifiedBlock>();
        for (var i = 0; i < 12; i++)
        {
            fork.Add(other.Block(i > 0 ? [.. All.Select(other.Vote)] : [], slot: other.Round.Slot + (i == 0 ? 9 : 1)));
            other.Accepts(fork[^1]);
        }

        other.Chain.Tip.Weight.Should().BeGreaterThan(_chain.Chain.Tip.Weight);
        var tip = _chain.Tip;
        _chain.Refuses("fork_too_deep", fork[0]);
        foreach (var block in fork[1..]) _chain.Offers(block).Verdict.IsAccepted.Should().BeFalse();
        _chain.Chain.BeyondReach.Should().Be($"before the final block {_chain.Round.Final.Index}");
        _chain.Tip.Should().Be(tip);
    }

    [Fact]
    public void The_operators_checkpoint_refuses_another_past()
    {
        _chain.Grows(2);
        var block = _chain.Block();
        _chain.Accepts(block);
        var right = new StakeChain(_chain.Spec with { Checkpoint = new Core.Specification.KnownBlock(3, block.Hash) });
        var wrong = new StakeChain(_chain.Spec with { Checkpoint = new Core.Specification.KnownBlock(3, Hash256.Sha256("another"u8)) });
        foreach (var chain in new[] { right, wrong })
            for (var index = 1L; index < 3; index++) chain.Accepts(VerifiedBlock.Restore(_chain.Archive.Find(AncestorAt(index)).Block));

        right.Accepts(block);
        wrong.Refuses("fork_too_deep", block);

        Hash256 AncestorAt(long index)
        {
            var at = _chain.Chain.Tip;
            while (at.Header.Index > index) at = _chain.Chain.Find(at.Header.Previous)!;
            return at.Hash;
        }
    }
}
