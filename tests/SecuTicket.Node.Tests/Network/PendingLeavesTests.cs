using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What is known of what waits, by leaf. Issue 4, 3.</summary>
public sealed class PendingLeavesTests
{
    [Fact]
    public void Of_a_transaction_that_came_back_with_another_signature_only_the_last_leaf_waits()
    {
        var node = new LoopScenario();
        var leaves = new PendingLeaves(() => throw new InvalidOperationException("Nobody restarts."));
        var first = node.Elsewhere.TopUp(Alice, 1);
        var second = TransactionVerifier.Restore(new Transaction(first.Payload, [Bank.Sign(first.Id)]));
        node.Submit(first);
        var pending = node.Loop.State.Pending.ById.Find(first.Id)!;

        leaves.Add(pending);
        leaves.Add(pending with { Transaction = second });

        leaves.Find(first.Transaction.Leaf).Should().BeNull();
        leaves.Find(second.Transaction.Leaf).Should().BeSameAs(second.Transaction);
        leaves.Remove(first.Id, out var leaf).Should().BeTrue();
        leaf.Should().Be(second.Transaction.Leaf);
        leaves.Remembered.Should().Be(0);
    }
}
