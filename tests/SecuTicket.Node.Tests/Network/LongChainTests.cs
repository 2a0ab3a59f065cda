using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;
using SecuTicket.Node.Tests.Loop;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Chains of thousands of cheap headers. Issue 4, 2 and the named cases.</summary>
public sealed class LongChainTests
{
    private const int Length = HeaderBranch.MaxListed + 1;

    private static readonly Lazy<TestChain> Long = new(() => HandPeer.Branch(new TestChain(new InMemoryBlockStore()), 0, "long", Length));

    private readonly NetworkScenario _ours = new() { Now = TestChain.GenesisTime + (Length * 1_000L) + 1_000_000 };

    [Fact]
    public void A_long_chain_is_taken_in_parts_with_bounded_memory_and_few_calls_at_a_time()
    {
        var peers = Enumerable.Range(0, 3).Select(i => new HandPeer(_ours, $"peer{i}")).ToArray();
        foreach (var peer in peers)
        {
            peer.Join();
            peer.Chain = Long.Value;
        }

        var (most, remembered) = (0, 0);
        var answer = _ours.Resolve();
        while (!answer.IsCompleted)
        {
            most = Math.Max(most, _ours.Calls.Count);
            remembered = Math.Max(remembered, _ours.Loop.Remembered);
            var call = _ours.Calls.Dequeue();
            _ours.Answer(call, peers.Single(peer => peer.Address == call.To).Honestly(call.Request).Value);
        }

        _ours.Tip.Height.Should().Be(Length);
        most.Should().BeLessThanOrEqualTo(BlockDownload.MaxInFlight + (2 * peers.Length));
        remembered.Should().BeLessThan(Length + 100, "the leaves of late blocks are remembered, to a limit of their own");
        LoopScenario.Answered(answer).Value.Fetched.Should().Match<FetchCount>(fetched => fetched.Blocks == Length && fetched.Headers == 2 * Length, "the headers of a long branch are read twice");
        _ours.Asked<PeerRequest.GetBlocks>().Select(request => request.Hashes.Count).Should().OnlyContain(count => count <= BlockDownload.ChunkBlocks);
        _ours.Offered.Cast<NetworkEffect.OfferBlocks>().Select(offer => offer.Blocks.Count).Should().OnlyContain(count => count <= _ours.Setup.Network.OfferedBlocks);
        peers.Should().AllSatisfy(peer => _ours.Asked<PeerRequest.GetBlocks>(peer.Address).Should().NotBeEmpty("bodies come from all who have them"));
        _ours.Reports.Should().BeEmpty();
    }

    [Fact]
    public void Who_shows_other_headers_the_second_time_is_dropped()
    {
        var liar = new HandPeer(_ours, "liar", Long.Value);
        var pages = 0;
        liar.Lie = request => request is PeerRequest.GetHeaders && ++pages > 3 ? HandPeer.Give(new PeerAnswer.Headers([.. Long.Value.Blocks.Skip(5).Take(2_000).Select(block => block.Block.SealedHeader)])) : null;
        liar.Join();
        _ours.Pass(1);

        liar.IsLeftAlone.Should().BeTrue();
        _ours.Tip.Height.Should().Be(0);
    }

    [Fact]
    public void Who_left_the_branch_before_the_second_time_is_not_to_blame()
    {
        var peer = new HandPeer(_ours, "peer", Long.Value);
        var pages = 0;
        peer.Lie = request => request is PeerRequest.GetHeaders && ++pages > 3 ? HandPeer.Give(new PeerAnswer.Headers([])) : null;
        peer.Join();
        _ours.Pass(1);

        peer.IsConnected.Should().BeTrue();
        peer.Count<PeerRequest.GetBlocks>().Should().Be(0);
        peer.Lie = _ => null;
        peer.IsSilent = request => request is PeerRequest.GetBlocks;
        _ours.Pass(21_000);
        peer.Count<PeerRequest.GetBlocks>().Should().BePositive("its headers are read again, and then its blocks");
    }

    [Theory]
    [InlineData(29_000, true)]
    [InlineData(31_000, false)]
    public void A_peer_that_gives_headers_slowly_is_set_aside_and_another_one_is_asked(long time, bool isFastEnough)
    {
        var slow = new HandPeer(_ours, "slow", Long.Value) { Claim = NetworkScenario.TipOf(new NodeSnapshot(Long.Value.Chain, Long.Value.Pending)), IsSilent = request => request is PeerRequest.GetHeaders };
        slow.Claim = slow.Claim.Value with { Weight = slow.Claim.Value.Weight + 1 };
        slow.Join();
        _ours.Pass(1);
        var other = new HandPeer(_ours, "other");
        other.Chain.Seal();
        other.Join();
        _ours.Now += time;
        var call = _ours.Held.Single(one => one.Request is PeerRequest.GetHeaders);

        _ours.Answer(call, slow.Honestly(call.Request).Value);
        _ours.Run();

        slow.Count<PeerRequest.GetHeaders>().Should().Be(isFastEnough ? 2 : 1);
        _ours.Tip.Height.Should().Be(1, "another one is read beside it or in its place");
        slow.IsConnected.Should().BeTrue("it may be honest and far away");
    }

    [Fact]
    public void A_million_cheap_headers_without_bodies_leave_nothing_behind()
    {
        var peer = new HandPeer(_ours, "peer", Long.Value);
        peer.Lie = request => request is PeerRequest.GetBlocks ? HandPeer.Refuse(RefusalCodes.NotFound) : null;
        peer.Join();
        _ours.Pass(1);

        _ours.Tip.Height.Should().Be(0);
        _ours.Loop.Remembered.Should().BeLessThan(10);
        peer.IsConnected.Should().BeTrue();
        peer.Count<PeerRequest.GetBlocks>().Should().BeInRange(1, 10);
    }
}
