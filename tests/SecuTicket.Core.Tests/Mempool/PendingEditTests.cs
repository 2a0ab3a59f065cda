using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;

namespace SecuTicket.Core.Tests.Mempool;

/// <summary>Many admissions that share one edit against the same ones each by itself.</summary>
public class PendingEditTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Admissions_that_share_an_edit_come_to_the_same_as_each_by_itself_refused_ones_included(int seed)
    {
        var spec = TestSpec.Of();
        var life = new RandomLife(seed, spec);
        var random = new Random(seed);
        var shared = PendingSet.Empty(new MempoolLimits(), LedgerState.Empty);
        var alone = shared;
        var seconds = Scenario.Start;
        var refused = 0;
        for (var group = 0; group < 60; group++)
        {
            var edit = shared.Edit();
            var before = LedgerContent.Of(shared.State);
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                seconds += random.Next(60);
                var context = new RuleContext(spec, 1, seconds * 1_000);
                var transaction = life.Next(alone.State, seconds);
                var verdict = edit.Admit(transaction, context, seconds * 1_000);
                if (alone.Admit(transaction, context, seconds * 1_000).TryGet(out var next, out var refusal))
                {
                    verdict.Value.Effects.Should().Be(next.ById.Find(transaction.Id)!.Effects);
                    alone = next;
                }
                else
                {
                    verdict.Refusal.Should().Be(refusal);
                    refused++;
                }
            }

            LedgerContent.Of(shared.State).Should().Be(before, "whoever has the set from before sees nothing of it");
            shared = edit.ToSet();
            LedgerContent.Of(shared.State).Should().Be(LedgerContent.Of(alone.State));
            LedgerContent.CheckInvariants(shared.State);
            shared.ById.Select(entry => entry.Key).Should().Equal(alone.ById.Select(entry => entry.Key));
            shared.InOrder.Select(entry => entry.Value.Id).Should().Equal(alone.InOrder.Select(entry => entry.Value.Id));
            (shared.Size, shared.NextSequence, shared.Count).Should().Be((alone.Size, alone.NextSequence, alone.Count));
            shared.FirstExpiry.Should().Be(shared.InOrder.Select(entry => entry.Value.Transaction.Payload.ValidUntil).Append(long.MaxValue).Min());
        }

        refused.Should().BeGreaterThan(50);
    }
}
