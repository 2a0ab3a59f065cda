using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Below the operator's checkpoint a node follows only a branch whose headers come to it, on whichever way another is offered. Issue 6.3.</summary>
/// <remarks>Which engine seals makes no difference to it: here it is work.</remarks>
public sealed class CheckpointTests
{
    private const int Index = 4;

    private readonly TestChain _right = new(new InMemoryBlockStore(), SpecOf());
    private readonly NetworkScenario _node;

    public CheckpointTests()
    {
        for (var i = 0; i < Index + 2; i++) _right.Seal();
        _node = new NetworkScenario(setup: new NetworkSetup { Spec = SpecOf() with { Checkpoint = new KnownBlock(Index, _right.Blocks[Index - 1].Hash) } });
        _node.Now = _right.Now + 60_000;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_branch_that_ends_below_it_is_not_fetched_and_nobody_is_to_blame(int fork)
    {
        var peer = new HandPeer(_node, chain: HandPeer.Branch(_right, fork, "another past", Index - 1 - fork));

        peer.Join();
        _node.Pass(120_000);

        peer.Count<Node.Peers.Messages.PeerRequest.GetHeaders>().Should().BePositive();
        StaysAtGenesis();
        peer.IsConnected.Should().BeTrue("it may have come no further yet");
        _node.Reports.Should().ContainSingle("and its operator hears why nothing comes").Which.Sentence.Should().Contain($"ends with block {Index - 1}, below block {Index}");
    }

    [Fact]
    public void A_block_that_is_announced_below_it_is_not_taken()
    {
        var peer = new HandPeer(_node, chain: HandPeer.Branch(_right, 0, "another past", 1));
        peer.Join();

        peer.Announce(peer.Chain.Blocks[^1]);
        _node.Pass(120_000);

        StaysAtGenesis();
        _node.Banished.Should().BeEmpty();
    }

    [Fact]
    public void A_branch_that_comes_to_another_block_there_is_refused_and_nobody_is_to_blame()
    {
        var peer = new HandPeer(_node, chain: HandPeer.Branch(_right, 0, "another past", Index + 10));

        peer.Join();
        _node.Pass(120_000);

        StaysAtGenesis();
        peer.IsConnected.Should().BeTrue("a fresh checkpoint may be news to an honest node that was cut off");
        _node.Banished.Should().BeEmpty();
        _node.Reports.Should().ContainSingle().Which.Should().Match<Node.Peers.NetworkEffect.Report>(told => told.Sentence.Contains("checkpoint") && !told.IsAlarm);
    }

    [Fact]
    public void The_branch_that_comes_to_it_is_followed_and_what_is_above_it_needs_it_no_more()
    {
        var peer = new HandPeer(_node, chain: _right);
        peer.Join();
        _node.Pass(120_000);
        _node.Tip.Hash.Should().Be(_right.Blocks[^1].Hash);

        peer.Announce(_right.Seal());
        _node.Run();

        _node.Tip.Hash.Should().Be(_right.Blocks[^1].Hash);
    }

    private void StaysAtGenesis()
    {
        _node.Offered.Should().BeEmpty();
        _node.Tip.Height.Should().Be(0);
    }
}
