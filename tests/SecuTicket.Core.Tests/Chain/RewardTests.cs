using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

// S2.4: a reward for each block, checked by every node.
public class RewardTests
{
    private static readonly Person Sealer = Scenario.Sealer;
    private static readonly Person Thief = "thief";

    private readonly TestChain _node = new(TestSpec.Of(reward: 100));

    [Fact]
    public void Each_block_brings_its_sealer_exactly_the_reward()
    {
        _node.Accepts(_node.Block());
        _node.Accepts(_node.Block());
        var update = _node.Accepts(_node.Block(sealer: "another"));

        _node.Chain.Ledger.BalanceOf(Sealer.Address).Should().Be(200);
        _node.Chain.Ledger.BalanceOf(((Person)"another").Address).Should().Be(100);
        _node.Chain.Ledger.Supply.Should().Be(300);
        _node.Chain.Ledger.Seen.Count.Should().Be(0, "a reward names its block and needs no memory");
        update.Connected[0].Outcome.Effects[0].Parties.Should().Equal(((Person)"another").Address);
    }

    [Fact]
    public void A_missing_reward_makes_the_block_invalid() => _node.Refuses("invalid_reward", _node.Block(rewarded: false));

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    [InlineData(9_007_199_254_740_991)]
    public void Another_amount_makes_the_block_invalid(long amount) => Refuses(_node.Reward(1, Sealer, amount));

    [Fact]
    public void Another_recipient_makes_the_block_invalid() => Refuses(_node.Reward(1, Thief));

    [Theory]
    [InlineData(2)]
    [InlineData(9_007_199_254_740_991)]
    public void Another_block_s_index_makes_the_block_invalid(long index) => Refuses(_node.Reward(index, Sealer));

    [Fact]
    public void Another_chain_s_reward_makes_the_block_invalid() => Refuses(_node.Reward(1, Sealer, chainId: "another"));

    [Fact]
    public void Two_rewards_make_the_block_invalid() => Refuses(_node.Reward(1, Sealer), _node.Reward(1, Sealer));

    [Fact]
    public void A_reward_that_is_not_first_makes_the_block_invalid() =>
        Refuses(new Scenario().Sign("anna", Wish.Record(1)), _node.Reward(1, Sealer));

    [Fact]
    public void Where_no_reward_is_due_one_makes_the_block_invalid()
    {
        var node = new TestChain(TestSpec.Of(reward: 0));
        node.Refuses("invalid_reward", node.Block(transactions: [node.Reward(1, Sealer, 1)]));
        node.Accepts(node.Block());
    }

    [Fact]
    public void A_reward_that_would_pass_the_largest_supply_is_not_due()
    {
        var people = new Scenario();
        _node.Accepts(_node.Block(transactions: [people.Sign(TestSpec.Bank, Wish.TopUp("anna", Operation.MaxAmount - 300, "all"))]));
        _node.Accepts(_node.Block());
        _node.Accepts(_node.Block());
        _node.Chain.Ledger.Supply.Should().Be(Operation.MaxAmount);

        _node.Refuses("invalid_reward", _node.Block());
        _node.Accepts(_node.Block(rewarded: false));
        _node.Chain.Ledger.Supply.Should().Be(Operation.MaxAmount);
    }

    [Fact]
    public void A_signed_reward_is_no_reward()
    {
        var payload = _node.Reward(1, Sealer).Payload;

        Scenario.Verifier.Verify(new Transaction(payload, [Sealer.Sign(payload.Id)])).Refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid);
    }

    private void Refuses(params VerifiedTransaction[] body) => _node.Refuses("invalid_reward", _node.Block(transactions: body, rewarded: false));
}
