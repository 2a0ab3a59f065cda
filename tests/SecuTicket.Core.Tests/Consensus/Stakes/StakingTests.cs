using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>S4.7: coins go to stake and come back; what is refused.</summary>
public class StakingTests
{
    private static readonly Person[] All = ["anna", "bert", "carl"];

    private readonly StakeChain _chain = new();

    private long Balance(Person who) => _chain.Chain.Ledger.BalanceOf(who.Address);

    private long Staked(Person who) => _chain.Stakes.StakeOf(who.Address);

    private Hash256 Commitment(Person who, int number = 0) => StakeChain.OnionOf(who, number).Commitment;

    [Fact] // S4.15
    public void The_story_ends_with_alice_73_and_25_staked_and_bob_112()
    {
        _chain.Does(TestSpec.Bank, Wish.TopUp("alice", 100, "one"), Wish.TopUp("bob", 100, "two"), Wish.TopUp("bob", 10, "three"));
        _chain.Does("alice", Wishes.Stake(25, Commitment("alice")));
        _chain.Does("alice", Wish.Pay("bob", 1), Wish.Pay("bob", 1));

        (Balance("alice"), Staked("alice"), Balance("bob")).Should().Be((73, 25, 112));
        _chain.Chain.Ledger.Supply.Should().Be(300 + 210);
    }

    [Fact]
    public void Genesis_stakes_are_there_from_the_beginning_and_are_coins() // S4.9
    {
        _chain.Chain.Ledger.Supply.Should().Be(300);
        (Staked("anna"), Balance("anna")).Should().Be((100, 0));
        _chain.Stakes.Tables.Present.Total.Should().Be(300);
    }

    [Fact]
    public void Whoever_stakes_is_drawn_when_the_table_made_after_it_is_in_use()
    {
        _chain.Does(TestSpec.Bank, Wish.TopUp("dora", 1_000_000, "one"));
        _chain.Grows(1, All);
        _chain.Does("dora", Wishes.Stake(1_000_000, Commitment("dora")));
        _chain.Tip.Index.Should().Be(3);
        while (_chain.Tip.Index < 8)
        {
            _chain.Stakes.Tables.Present.AmountOf(((Person)"dora").Address).Should().Be(0);
            _chain.Grows(1, All);
        }

        _chain.Stakes.Tables.Present.AmountOf(((Person)"dora").Address).Should().Be(1_000_000);
        _chain.Stakes.Tables.Present.Since.Should().Be(4);
        _chain.Grows(1, [.. All, "dora"]);
        _chain.ForgerOf().Should().Be((Person)"dora", "nearly all stake is hers");
    }

    [Fact]
    public void Stake_that_is_taken_out_is_paid_when_so_many_final_blocks_followed_and_no_table_counts_it()
    {
        _chain.Grows(1, All);
        _chain.Does("anna", Wishes.Unstake(100));
        (Staked("anna"), Balance("anna")).Should().Be((0, 0));
        _chain.Grows(13, All);
        _chain.Round.Final.Index.Should().Be(13);
        Balance("anna").Should().Be(0);

        _chain.Grows(1, All);

        _chain.Round.Final.Index.Should().Be(2 + 12);
        Balance("anna").Should().Be(100);
        _chain.Stakes.Validators.Contains(((Person)"anna").Address).Should().BeFalse("nothing of hers is left");
    }

    [Fact]
    public void Without_finality_nobody_is_paid()
    {
        _chain.Grows(1, All);
        _chain.Does("anna", Wishes.Unstake(100));

        _chain.Grows(40, "anna");

        Balance("anna").Should().Be(0);
        _chain.Stakes.Tables.Present.Since.Should().Be(0);
    }

    // What is final may come to so many blocks in one step, and the tables a while later.
    [Fact]
    public void After_a_long_time_without_finality_nobody_is_paid_whom_a_table_counts_still()
    {
        _chain.Grows(1, All);
        _chain.Does("anna", Wishes.Unstake(100));
        _chain.Grows(40, "anna", "bert");
        _chain.Grows(2, All);
        _chain.Round.Final.Index.Should().BeGreaterThan(2 + 12);
        (_chain.Stakes.Tables.Previous.AmountOf(((Person)"anna").Address), Balance("anna")).Should().Be((100, 0));

        _chain.Grows(12, All);

        (_chain.Stakes.Tables.Previous.AmountOf(((Person)"anna").Address), Balance("anna")).Should().Be((0, 100));
    }

    [Fact]
    public void Bad_stakes_are_refused()
    {
        _chain.Does(TestSpec.Bank, Wish.TopUp("dora", 10, "one"));

        _chain.RefusesOf("insufficient_funds", "dora", Wishes.Stake(11, Commitment("dora")));
        _chain.RefusesOf("missing_field", "dora", Wishes.Stake(5)).Field.Should().Be("commitment");
        _chain.RefusesOf("insufficient_stake", "dora", Wishes.Unstake(1));
        _chain.RefusesOf("insufficient_stake", "anna", Wishes.Unstake(101));
        _chain.Does("anna", Wishes.Unstake(60));
        _chain.RefusesOf("insufficient_stake", "anna", Wishes.Unstake(60));
        Balance("dora").Should().Be(10);
    }

    [Fact]
    public void A_stake_is_the_minimum_at_least_or_nothing()
    {
        var chain = new StakeChain(StakeChain.SpecWith((_, stake) => stake["minimum"] = 50, ("anna", 100), ("bert", 100), ("carl", 100)));
        chain.Does(TestSpec.Bank, Wish.TopUp("dora", 100, "one"));

        chain.RefusesOf("stake_too_small", "dora", Wishes.Stake(49, Commitment("dora")));
        chain.RefusesOf("stake_too_small", "anna", Wishes.Unstake(51));
        chain.Does("dora", Wishes.Stake(50, Commitment("dora")));
        chain.Does("dora", Wishes.Stake(1));
        chain.Does("anna", Wishes.Unstake(100));
    }

    [Fact]
    public void Sixteen_withdrawals_are_under_way_at_most()
    {
        for (var i = 0; i < 16; i++) _chain.Does("anna", Wishes.Unstake(1), Wishes.Unstake(1));

        _chain.RefusesOf("too_many_withdrawals", "anna", Wishes.Unstake(1)).Kind.Should().Be(RefusalKind.Transient);
    }

    [Fact]
    public void Ten_thousand_accounts_stake_at_most_and_those_who_do_may_stake_more()
    {
        _chain.Does(TestSpec.Bank, Wish.TopUp("anna", 1, "one"), Wish.TopUp("dora", 1, "two"), Wish.TopUp("emil", 1, "three"));
        var state = With(Enumerable.Range(0, StakeSpec.MaxValidators - 4).Select(place => (Numbered(place), new Validator(1, default))));

        state = Applied("dora", Wishes.Stake(1, Commitment("dora"))).Value.State;
        Applied("emil", Wishes.Stake(1, Commitment("emil"))).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "too_many_validators" && refusal.Kind == RefusalKind.Transient);
        Applied("anna", Wishes.Stake(1)).Refusal.Should().BeNull();

        Verdict<TransactionOutcome> Applied(Person who, Wish wish) => LedgerRules.Apply(state, _chain.Sign(who, wish), _chain.Chain.NextContext(_chain.Spec.StartOf(_chain.Round.Slot + 1)));
    }

    [Fact]
    public void A_block_pays_a_thousand_withdrawals_at_most_the_oldest_first_and_the_next_one_the_others()
    {
        _chain.Grows(1);
        _chain.Grows(20, All);
        var young = Numbered(0);
        var state = With(Enumerable.Range(0, 1_001).Select(place => (Numbered(place), new Validator(0, default) { Withdrawals = [new Withdrawal(place == 0 ? 2 : 1, 5)] })));
        var next = _chain.Block().Header;

        state = Ended();
        state.Balances.Count(entry => entry.Value == 5).Should().Be(1_000);
        state.BalanceOf(young).Should().Be(0);
        state = Ended();
        state.BalanceOf(young).Should().Be(5);

        LedgerState Ended() => new BlockDraft(state, new RuleContext(_chain.Spec, next.Index, next.Timestamp), next).Complete(0).State;
    }

    [Fact]
    public void On_a_chain_without_stakes_nobody_stakes_votes_or_reports()
    {
        var scenario = new Core.Tests.Ledger.Scenario();
        var statement = new Core.Transactions.SignedStatement([1], default, default);

        scenario.Refuses("no_stakes", "anna", Wishes.Stake(1, Commitment("anna")));
        scenario.Refuses("no_stakes", "anna", Wishes.Unstake(1));
        scenario.Refuses("no_stakes", "anna", Wishes.Vote(0, default, 1, default));
        LedgerRules.Apply(LedgerState.Empty, _chain.Signed("anna", Wishes.Report(statement, statement)), new RuleContext(scenario.Spec, 1, scenario.Now * 1_000)).Refusal!.Code.Should().Be("no_stakes");
    }

    [Fact]
    public void A_new_commitment_counts_when_the_table_made_after_it_is_in_use()
    {
        _chain.Does(TestSpec.Bank, Wish.TopUp("anna", 10, "one"));
        _chain.Grows(1, All);
        var first = _chain.Stakes.Validators.Find(((Person)"anna").Address)!.Onion;
        _chain.Does("anna", Wishes.Stake(1, Commitment("anna", 1)));
        while (_chain.Tip.Index < 8)
        {
            _chain.Stakes.Validators.Find(((Person)"anna").Address)!.Renewal!.Commitment.Should().Be(Commitment("anna", 1));
            _chain.Grows(1, All);
        }

        var validator = _chain.Stakes.Validators.Find(((Person)"anna").Address)!;
        (validator.Renewal, validator.Onion).Should().Be((null, Commitment("anna", 1)));
        _chain.Grows(30, All);
        StakeChain.OnionOf("anna", 1).Left(_chain.Stakes.Validators.Find(((Person)"anna").Address)!.Onion).Should().BeLessThan(StakeChain.OnionLength);
        first.Should().NotBe(default(Hash256));
    }

    [Fact]
    public void A_reward_goes_to_the_forger()
    {
        var chain = new StakeChain(StakeChain.SpecWith((spec, _) => spec["reward"] = 7, ("anna", 100), ("bert", 100), ("carl", 100)));
        var forger = chain.ForgerOf();

        chain.Grows(1);

        chain.Chain.Ledger.BalanceOf(forger.Address).Should().Be(7);
    }

    // The ledger at the tip, with more validators.
    private LedgerState With(IEnumerable<(Address Account, Validator Validator)> more)
    {
        var validators = _chain.Stakes.Validators.Concat(more.Select(static one => KeyValuePair.Create(one.Account, one.Validator)));
        return LedgerContent.With(_chain.Chain.Ledger, StakeState.Of(Trie<Address, Validator>.Of(validators), _chain.Stakes.Tables, _chain.Round));
    }

    private static Address Numbered(int place)
    {
        var bytes = new byte[Address.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, place);
        return new Address(bytes);
    }
}
