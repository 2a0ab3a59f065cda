using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Tests.Chain;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Consensus.Stakes;

/// <summary>One ledger, whatever makes its blocks.</summary>
public class EnginesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_wishes_give_the_same_tickets_and_balances_but_for_rewards(int seed)
    {
        var work = new TestChain(TestSpec.Of(reward: 0));
        var stakes = new StakeChain();
        var life = new RandomLife(seed, work.Spec);
        for (var i = 0; i < 20; i++)
        {
            var (state, seconds) = (work.Chain.Ledger, (work.Tip.Timestamp / 1_000) + 1);
            var wishes = new List<VerifiedTransaction>();
            for (var wish = 0; wish < 10; wish++)
            {
                var transaction = life.Next(state, seconds);
                if (!LedgerRules.Apply(state, transaction, new RuleContext(work.Spec, work.Tip.Index + 1, seconds * 1_000)).TryGet(out var outcome, out _)) continue;

                state = outcome.State;
                wishes.Add(transaction);
            }

            work.Accepts(work.Block(transactions: [.. wishes]));
            var template = BlockTemplate.Next(stakes.Chain, wishes, stakes.ForgerOf().Address, stakes.Spec.StartOf(stakes.Round.Slot + 1), stakes.RevealOf(stakes.ForgerOf()));
            template.Transactions.Should().Equal(wishes, "what one engine takes, the other takes");
            stakes.Accepts(stakes.Block([.. wishes]));
        }

        work.Chain.Ledger.Tickets.Should().NotBeEmpty();
        LedgerContent.Of(LedgerContent.With(stakes.Chain.Ledger, null)).Replace($"supply {stakes.Chain.Ledger.Supply}", $"supply {work.Chain.Ledger.Supply}", StringComparison.Ordinal).Should().Be(LedgerContent.Of(work.Chain.Ledger));
        stakes.Chain.Ledger.Supply.Should().Be(work.Chain.Ledger.Supply + 300);
    }
}
