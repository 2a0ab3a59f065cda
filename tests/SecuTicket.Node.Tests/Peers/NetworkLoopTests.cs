using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Peers;

public class NetworkLoopTests
{
    [Fact]
    public void Whoever_asks_for_addresses_again_and_again_gets_the_same_few_for_a_minute()
    {
        using var store = new InMemoryBlockStore();
        var (chain, scene, peer) = (new TestChain(store), new PeerBookScenario(), new TestPeer("node alice"));
        for (var i = 0; i < 500; i++) scene.Prove(At(i, 1), i);
        var loop = new NetworkLoop(
            new NetworkSettings(), new NetworkSelf(() => peer.Identity, peer.Sign, TestPeer.Verifier, scene.Random.NextDouble, () => TestPeer.Challenge("x")), scene.Book,
            () => new NodeSnapshot(chain.Chain, chain.Pending), new ProofOfWorkVerifier(chain.Spec, new P256Verifier(4)));

        var first = Shared(0);
        first.Should().HaveCount(PeerLimits.Addresses);
        foreach (var time in new long[] { 1, 1_000, 59_999 }) Shared(time).Should().Equal(first);
        Shared(60_000).Should().NotEqual(first);

        PeerAddress[] Shared(long time)
        {
            loop.Step(new NetworkInput.Tick(), scene.Now + time);
            return [.. loop.View.Shared];
        }
    }

    [Fact]
    public void A_call_has_the_time_that_its_kind_needs()
    {
        foreach (var kind in PeerKinds.All)
        {
            NetworkErrands.LimitsOf(kind, DevelopmentChain.Spec).CallTime.TotalSeconds.Should().Be(
                kind switch { PeerKinds.Hello or PeerKinds.Proof => 10, PeerKinds.Tip or PeerKinds.Addresses or PeerKinds.Headers => 15, _ => 60 }, "of {0}", kind);
        }
    }
}
