using System.Net;

namespace SecuTicket.Api.Tests.Contract;

public sealed class NodeFactoryTests
{
    [Fact]
    public async Task A_node_takes_transactions_of_kept_and_own_accounts_and_seals_when_asked()
    {
        using var node = new NodeFactory();
        var kept = node.KeepAccount();
        var own = node.OwnAccount("fan");

        await node.TopUpAsync(kept, 500);
        await node.Api.PostAsync("/transactions", kept, "transfer", new { recipient = own.Id, amount = 200 });
        await node.Api.PostAsync("/transactions", own, "transfer", new { recipient = kept.Id, amount = 50 });
        await node.Api.PostRefusedAsync("/transactions", own, "transfer", new { recipient = kept.Id, amount = 151 }, HttpStatusCode.UnprocessableEntity, "insufficient_funds");
        var block = await node.SealAsync(own);

        block.Transactions.Count.Should().Be(4);
        node.Node.Snapshot.Chain.Ledger.BalanceOf(own.Address).Should().Be(150 + node.Node.Spec.Reward);
        node.Node.Snapshot.Tip.Timestamp.Should().Be(node.Clock.Now.ToUnixTimeMilliseconds());
    }
}
