using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S4.5, S4.6: no overdraft, amounts positive; only an authority brings coins in.
public class MoneyTests
{
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";

    private readonly Scenario _story = new();

    [Fact]
    public void Coins_move_and_none_are_made()
    {
        _story.Funds(Anna, 100);
        var outcome = _story.Does(Anna, Wish.Pay(Boris, 30));

        (_story.Balance(Anna), _story.Balance(Boris), _story.State.Supply).Should().Be((70, 30, 100));
        outcome.Effects.Parties.Should().Equal(Anna.Address, Boris.Address);
    }

    [Fact]
    public void All_coins_may_go_and_not_one_more()
    {
        _story.Funds(Anna, 100);

        _story.Refuses("insufficient_funds", Anna, Wish.Pay(Boris, 101));
        _story.Does(Anna, Wish.Pay(Boris, 100));
        _story.Refuses("insufficient_funds", Anna, Wish.Pay(Boris, 1));
    }

    [Fact]
    public void Paying_oneself_needs_the_coins_and_changes_nothing()
    {
        _story.Funds(Anna, 100);

        _story.Refuses("insufficient_funds", Anna, Wish.Pay(Anna, 101));
        _story.Does(Anna, Wish.Pay(Anna, 100));
        (_story.Balance(Anna), _story.State.Supply).Should().Be((100, 100));
    }

    [Fact]
    public void Only_an_exchange_authority_brings_coins_in()
    {
        _story.Refuses("not_exchange_authority", Anna, Wish.TopUp(Anna, 1, "mine"));
        _story.Does(TestSpec.Bank, Wish.TopUp(Anna, 1, "hers"));

        (_story.Balance(Anna), _story.State.Supply).Should().Be((1, 1));
    }

    [Fact]
    public void A_payment_s_reference_is_used_once_whoever_it_was_for()
    {
        _story.Does(TestSpec.Bank, Wish.TopUp(Anna, 1, "payment 7"));

        _story.Refuses("reference_used", TestSpec.Bank, Wish.TopUp(Anna, 1, "payment 7"));
        _story.Refuses("reference_used", TestSpec.Bank, Wish.TopUp(Boris, 2, "payment 7"));
        _story.Does(TestSpec.Bank, Wish.TopUp(Anna, 1, "payment 8"));
        _story.Does(TestSpec.Bank, Wish.TopUp(Anna, 1, "Payment 7"));
    }

    [Fact]
    public void The_supply_may_reach_its_maximum_and_not_pass_it()
    {
        _story.Does(TestSpec.Bank, Wish.TopUp(Anna, Operation.MaxAmount - 1, "first"));
        _story.Refuses("supply_exceeded", TestSpec.Bank, Wish.TopUp(Boris, 2, "second"));
        _story.Does(TestSpec.Bank, Wish.TopUp(Boris, 1, "second"));

        _story.State.Supply.Should().Be(Operation.MaxAmount);
        _story.Refuses("supply_exceeded", TestSpec.Bank, Wish.TopUp(Boris, 1, "third"));
        _story.Refuses("supply_exceeded", TestSpec.Bank, Wish.TopUp(Boris, Operation.MaxAmount, "third"));
        _story.Does(Anna, Wish.Pay(Boris, Operation.MaxAmount - 1));
        _story.Balance(Boris).Should().Be(Operation.MaxAmount);
    }

    [Fact]
    public void Sums_over_all_time_stop_at_what_JSON_keeps_exact_and_stop_no_sale()
    {
        var (concert, seat) = _story.Sold("organiser", Anna, price: Operation.MaxAmount);
        for (var i = 0; i < 2; i++)
        {
            _story.Does(Anna, Wish.Return(seat));
            _story.Does(Anna, Wish.Purchase(seat, Operation.MaxAmount));
        }

        _story.Does("organiser", Wish.Revoke(seat));
        _story.Tally(concert).Should().Match<EventTally>(tally => tally.Revenue == Operation.MaxAmount && tally.Refunds == Operation.MaxAmount);
        _story.Balance(Anna).Should().Be(Operation.MaxAmount);
    }

    [Fact]
    public void A_record_changes_nothing_but_that_it_was_seen()
    {
        var before = _story.State;
        var outcome = _story.Does(Anna, Wish.Record(new { anything = new[] { 1, 2 } }));

        outcome.Effects.Changes.Count.Should().Be(0);
        outcome.Effects.Parties.Should().Equal(Anna.Address);
        _story.State.Seen.Count.Should().Be(1);
        LedgerContent.Of(_story.State).Should().StartWith(LedgerContent.Of(before));
    }

    [Fact]
    public void A_reward_can_not_be_sent()
    {
        var reward = Scenario.Verifier.Verify(new Transaction(Payload.OfReward("test-chain", Anna.Address, 100, 1), [])).Value;

        _story.Refuses(RefusalCodes.InvalidReward, reward);
    }
}
