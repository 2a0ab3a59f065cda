using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Real nodes that speak with each other. Issue 4 and its named cases.</summary>
public sealed class TwoNodesTests
{
    private readonly NetworkScenario _one = new("one");
    private readonly NetworkScenario _two = new("two");

    public TwoNodesTests() => _one.Connect(_two);

    [Fact]
    public void Registering_one_at_the_other_makes_each_a_peer_of_the_other()
    {
        _one.Register(_two.Address);
        NetworkScenario.Pass(10_000, _one, _two);

        ArePeersOnce();
    }

    [Fact]
    public void Two_nodes_that_register_each_other_at_once_are_peers_once()
    {
        var (first, second) = (_one.Register(_two.Address), _two.Register(_one.Address));
        NetworkScenario.Pass(60_000, _one, _two);

        LoopScenario.Answered(first).Value.Should().Be(_two.Address);
        LoopScenario.Answered(second).Value.Should().Be(_one.Address);
        ArePeersOnce();
    }

    [Fact]
    public void A_transaction_and_then_its_block_reach_the_other_without_anybody_asking_and_the_block_costs_no_transaction()
    {
        _one.Register(_two.Address);
        NetworkScenario.Pass(10_000, _one, _two);
        var transaction = _one.Ledger.Elsewhere.TopUp(Alice, 1);

        _one.Submit(transaction);
        NetworkScenario.RunAll(_one, _two);
        _two.Snapshot.Pending.ById.Contains(transaction.Id).Should().BeTrue();

        _two.Mine();
        NetworkScenario.RunAll(_one, _two);
        _one.Tip.Should().Be(_two.Tip);
        _one.Snapshot.Pending.Count.Should().Be(0);
        _one.Asked<PeerRequest.GetBlockTransactions>().Should().BeEmpty();
        _one.Asked<PeerRequest.GetHeaders>().Should().BeEmpty();
    }

    [Fact]
    public void Two_branches_of_equal_weight_stay_until_the_next_block_decides()
    {
        _one.Register(_two.Address);
        NetworkScenario.Pass(10_000, _one, _two);
        var kept = _one.Ledger.Elsewhere.TopUp(Alice, 1);
        _one.Submit(kept);
        _one.Mine();
        _two.Mine();
        NetworkScenario.Pass(10_000, _one, _two);
        _one.Tip.Hash.Should().NotBe(_two.Tip.Hash);

        _two.Mine();
        NetworkScenario.Pass(10_000, _one, _two);

        _one.Tip.Should().Be(_two.Tip);
        _one.Ledger.Events.OfType<NodeEvent.Reorganised>().Should().ContainSingle();
        (_one.Ledger.Store.FindTransaction(kept.Id)!.Status, _two.Snapshot.Pending.ById.Contains(kept.Id) || _two.Ledger.Store.FindTransaction(kept.Id) is not null).Should().NotBe((Node.Storage.TransactionStatus.Rejected, false));
    }

    [Fact]
    public void A_peer_that_restarts_knows_no_session_and_is_met_anew()
    {
        _one.Register(_two.Address);
        NetworkScenario.Pass(10_000, _one, _two);
        var again = new NetworkScenario("two", new NetworkSetup { Kept = _two.Book.Records }) { Now = _two.Now };
        _one.Connect(again);
        _one.Submit(_one.Ledger.Elsewhere.TopUp(Alice, 1));
        _one.Mine();
        NetworkScenario.Pass(20_000, _one, again);

        again.Tip.Should().Be(_one.Tip);
        again.IsConnected(_one.Address).Should().BeTrue();
        _one.IsConnected(again.Address).Should().BeTrue();
    }

    [Fact]
    public void Nodes_in_a_row_end_on_one_tip_and_find_each_other()
    {
        var three = new NetworkScenario("three");
        _two.Connect(three);
        _one.Connect(three);
        _one.Register(_two.Address);
        three.Register(_two.Address);
        _one.Mine();
        _one.Mine();
        three.Mine();
        NetworkScenario.Pass(180_000, _one, _two, three);

        three.Tip.Should().Be(_one.Tip);
        _two.Tip.Should().Be(_one.Tip);
        _one.IsConnected(three.Address).Should().BeTrue();
    }

    [Fact]
    public void Nodes_at_rest_say_little_and_remember_little()
    {
        _one.Register(_two.Address);
        NetworkScenario.Pass(60_000, _one, _two);
        var calls = _one.Made.Count;

        NetworkScenario.Pass(600_000, _one, _two);

        (_one.Made.Count - calls).Should().BeLessThanOrEqualTo(120 + 10 + 2, "a look in five seconds, addresses in a minute");
        _one.Loop.Remembered.Should().Be(0);
        _one.Banished.Should().BeEmpty();
        _one.Reports.Should().BeEmpty();
    }

    private void ArePeersOnce()
    {
        foreach (var (node, other) in new[] { (_one, _two), (_two, _one) })
        {
            node.Loop.View.Peers.Should().ContainSingle().Which.Should().Match<PeerView>(peer => peer.IsConnected && peer.Address == other.Address && peer.Node == other.Key.Node);
            node.Asked<PeerRequest.Hello>().Should().HaveCount(1);
        }
    }
}
