using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>S4.8: whoever signs what nobody may sign both loses stake, a part of it to whoever proves it.</summary>
public class OffenceTests
{
    private static readonly Person[] All = ["anna", "bert", "carl"];

    private readonly StakeChain _chain = new();

    private BlockHeader Header => new(2, _chain.Spec.ChainHash, 7, default, default, default, _chain.Spec.StartOf(7), 0, ((Person)"anna").Address, 0);

    [Fact]
    public void Two_blocks_of_one_slot_cost_half_of_the_stake_a_tenth_of_it_goes_to_the_reporter()
    {
        _chain.Does("dora", Two(Header, Header with { Index = 8, Timestamp = _chain.Spec.StartOf(7) + 999 }));

        var anna = _chain.Stakes.Validators.Find(((Person)"anna").Address)!;
        (anna.Staked, anna.Slashed, anna.AtStake).Should().Be((0, 50, 50));
        _chain.Chain.Ledger.BalanceOf(((Person)"dora").Address).Should().Be(5);
        _chain.Chain.Ledger.Supply.Should().Be(300 - 45, "the rest is burnt");
        _chain.RefusesOf("slashed", "dora", Two(Header, Header with { Index = 8 }));
    }

    [Fact]
    public void Stake_on_its_way_out_is_slashed_until_it_is_paid()
    {
        _chain.Does("anna", Wishes.Unstake(40));
        _chain.Does("anna", Wishes.Unstake(60));

        _chain.Does("dora", Two(Header, Header with { Index = 8 }));

        var anna = _chain.Stakes.Validators.Find(((Person)"anna").Address)!;
        anna.Withdrawals.Select(one => one.Amount).Should().Equal(20, 30);
        anna.Slashed.Should().Be(50);
    }

    [Fact]
    public void What_goes_out_in_the_block_of_the_report_is_one_withdrawal_with_what_is_left_of_the_stake()
    {
        _chain.Accepts(_chain.Block([_chain.Sign("anna", Wishes.Unstake(40)), _chain.Sign("dora", Two(Header, Header with { Index = 8 }))]));

        _chain.Stakes.Validators.Find(((Person)"anna").Address)!.Withdrawals.Should().Equal(new Withdrawal(1, 20 + 30));
    }

    // Or a validator with one coin would sign twice as often as it likes.
    [Fact]
    public void The_smallest_stake_is_lost_whole_and_too_small_to_be_shared()
    {
        var chain = new StakeChain(StakeChain.SpecOf(("anna", 1), ("bert", 100), ("carl", 100)));
        chain.Does("dora", Wishes.Report(Of("anna", (Header with { Chain = chain.Spec.ChainHash }).Encode()), Of("anna", (Header with { Chain = chain.Spec.ChainHash, Index = 8 }).Encode())));

        chain.Stakes.Validators.Find(((Person)"anna").Address)!.Should().Match<Validator>(anna => anna.Slashed == 1 && anna.AtStake == 0);
        (chain.Chain.Ledger.BalanceOf(((Person)"dora").Address), chain.Chain.Ledger.Supply).Should().Be((0, 200));
    }

    [Fact]
    public void Where_an_offence_costs_everything_nothing_is_left_to_be_paid()
    {
        var chain = new StakeChain(StakeChain.SpecWith(static (_, stake) => stake["slash_percent"] = 100, [.. All.Select(static who => (who, 100L))]));
        chain.Does("anna", Wishes.Unstake(40));
        chain.Does("dora", Wishes.Report(Of("anna", (Header with { Chain = chain.Spec.ChainHash }).Encode()), Of("anna", (Header with { Chain = chain.Spec.ChainHash, Index = 8 }).Encode())));

        chain.Stakes.Validators.Find(((Person)"anna").Address)!.Should().Match<Validator>(anna => anna.Slashed == 100 && anna.Withdrawals.Count == 0);
        chain.Chain.Ledger.BalanceOf(((Person)"dora").Address).Should().Be(10);
    }

    [Fact]
    public void Who_was_paid_everything_has_nothing_to_lose()
    {
        _chain.Grows(1, All);
        _chain.Does("anna", Wishes.Unstake(100));
        _chain.Grows(20, All);

        _chain.RefusesOf("not_validator", "dora", Two(Header, Header with { Index = 8 }));
    }

    [Fact]
    public void A_slashed_validator_neither_stakes_nor_votes_nor_makes_blocks_and_gets_the_rest_when_unbonding_is_over()
    {
        _chain.Grows(1, All);
        _chain.Does("dora", Two(Header, Header with { Index = 8 }));

        _chain.RefusesOf("slashed", "anna", Wishes.Stake(1));
        _chain.RefusesOf("slashed", "anna", Wishes.Vote(_chain.Round.Justified.Index, _chain.Round.Justified.Hash, _chain.Tip.Index, _chain.Tip.Hash));
        _chain.RefusesOf("insufficient_stake", "anna", Wishes.Unstake(1));
        var hers = Enumerable.Range(1, 50).First(ahead => _chain.ForgerOf(_chain.Round.Slot + ahead) == (Person)"anna");
        _chain.Refuses("not_forger", _chain.Block(slot: _chain.Round.Slot + hers));
    }

    [Fact]
    public void Two_votes_that_contradict_cost_as_much()
    {
        _chain.Does("dora", Two(Vote(0, 3, "a"), Vote(0, 3, "b")));
        _chain.Stakes.Validators.Find(((Person)"anna").Address)!.Slashed.Should().Be(50);
    }

    [Theory]
    [InlineData(0, 3, 0, 3, true)]
    [InlineData(0, 3, 1, 3, true)]
    [InlineData(0, 5, 1, 4, true)]
    [InlineData(1, 4, 0, 5, true)]
    [InlineData(0, 4, 1, 5, false)]
    [InlineData(0, 3, 0, 4, false)]
    [InlineData(0, 3, 3, 4, false)]
    [InlineData(1, 3, 1, 5, false)]
    public void Votes_contradict_when_they_are_of_one_height_or_one_is_within_the_other(long source, long target, long otherSource, long otherTarget, bool contradict)
    {
        var first = new Vote(source, Named($"source {source}"), target, Named("a"));
        var second = new Vote(otherSource, Named($"source {otherSource}"), otherTarget, Named("b"));

        (first.Contradicts(second), second.Contradicts(first)).Should().Be((contradict, contradict));
        first.Contradicts(first).Should().BeFalse();
    }

    [Fact]
    public void Evidence_that_is_none_is_refused()
    {
        Person anna = "anna", bert = "bert";
        var good = Of(anna, Header.Encode());

        Refused(good, good, "they are one block");
        Refused(good, Of(anna, (Header with { Timestamp = _chain.Spec.StartOf(8) }).Encode()), "they are of two slots");
        Refused(good, Of(bert, (Header with { Index = 8 }).Encode()), "two signers");
        Refused(Of(bert, Header.Encode()), Of(bert, (Header with { Index = 8 }).Encode()), "who signed is not who made them");
        Refused(Of(anna, (Header with { Chain = default }).Encode()), Of(anna, (Header with { Chain = default, Index = 8 }).Encode()), "another chain's");
        RefusedEitherWay(good, Of(anna, (Header with { Chain = default, Index = 8 }).Encode()), "one is another chain's");
        RefusedEitherWay(good, Of(anna, (Header with { Sealer = bert.Address, Index = 8 }).Encode()), "one says that another made it");
        Refused(good, Of(anna, (Header with { Version = 9 }).Encode()), "no header");
        Refused(good, Of(anna, Vote(0, 3, "a")), "a header and a vote");
        Refused(Of(anna, Vote(0, 3, "a")), Of(anna, Vote(0, 4, "b")), "no contradiction");
        Refused(Of(anna, Vote(0, 3, "a")), Of(anna, Vote(0, 3, "a", nonce: "nonce-another-one")), "one vote, signed twice");
        Refused(Of(anna, Vote(0, 3, "a", "other-chain")), Of(anna, Vote(0, 3, "b", "other-chain")), "another chain's");
        RefusedEitherWay(Of(anna, Vote(0, 3, "a")), Of(anna, Vote(0, 3, "b", "other-chain")), "one is another chain's");
        Refused(Of(anna, Pay()), Of(anna, Pay()), "no votes");
        RefusedEitherWay(Of(anna, Vote(0, 3, "a")), Of(anna, Pay()), "one is no vote");
        Refused(Of(anna, [1, 2, 3]), Of(anna, [1, 2, 3, 4]), "nothing at all");

        void Refused(SignedStatement first, SignedStatement second, string because) =>
            _chain.RefusesOf("invalid_evidence", "dora", Wishes.Report(first, second)).Should().NotBeNull(because);

        void RefusedEitherWay(SignedStatement first, SignedStatement second, string because)
        {
            Refused(first, second, because);
            Refused(second, first, because);
        }

        static byte[] Pay() => Core.Encoding.CanonicalJson.Write(Wish.Pay("bert", 1).Json("anna", TestSpec.GenesisSeconds));
    }

    [Fact]
    public void Signatures_of_evidence_are_checked_with_the_reporters()
    {
        Person anna = "anna";
        var good = Of(anna, Header.Encode());
        var other = Of(anna, (Header with { Index = 8 }).Encode());
        Verify(good, other).Should().BeNull();

        Verify(good, other with { Signature = good.Signature }).Should().Be("signature_invalid");
        Verify(good with { Signature = other.Signature }, other).Should().Be("signature_invalid");
        Verify(good with { Key = ((Person)"bert").Key }, other).Should().Be("signature_invalid");

        string? Verify(SignedStatement first, SignedStatement second) =>
            new TransactionVerifier(Chain.TestChain.Keys).Verify(_chain.Signed("dora", Wishes.Report(first, second)).Transaction).Refusal?.Code;
    }

    private static SignedStatement Of(Person who, byte[] message)
    {
        var signature = who.Sign(Hash256.Sha256(message));
        return new SignedStatement([.. message], signature.Key, signature.Value);
    }

    private static Wish Two(BlockHeader first, BlockHeader second) => Wishes.Report(Of("anna", first.Encode()), Of("anna", second.Encode()));

    private static Wish Two(byte[] first, byte[] second) => Wishes.Report(Of("anna", first), Of("anna", second));

    private static Hash256 Named(string name) => Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name));

    private static byte[] Vote(long source, long target, string name, string chainId = "test-chain", string nonce = Wish.DefaultNonce) =>
        Core.Encoding.CanonicalJson.Write(Wishes.Vote(source, Named("source"), target, Named(name)).Json("anna", TestSpec.GenesisSeconds, nonce, chainId));
}
