using System.Runtime.CompilerServices;
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
        var scene = new PeerBookScenario();
        for (var i = 0; i < 500; i++) scene.Prove(At(i, 1), i);
        var loop = LoopOf(store, scene);

        var first = SharedAt(scene.Now, loop);
        first.Should().HaveCount(PeerLimits.Addresses);
        foreach (var time in new long[] { 1, 1_000, 59_999 }) SharedAt(scene.Now + time, loop).Should().Equal(first);
        SharedAt(scene.Now + 60_000, loop).Should().NotEqual(first);
    }

    [Fact]
    public void While_there_are_few_whoever_asks_hears_within_seconds_of_those_who_came_last()
    {
        using var store = new InMemoryBlockStore();
        var scene = new PeerBookScenario();
        var loop = LoopOf(store, scene);
        var start = scene.Now;
        SharedAt(start, loop).Should().BeEmpty();

        scene.Prove(At(1, 1), 1);
        SharedAt(start, loop).Should().Equal(At(1, 1));
        scene.Prove(At(2, 1), 2);

        SharedAt(start + 4_999, loop).Should().Equal(At(1, 1));
        SharedAt(start + 5_000, loop).Should().BeEquivalentTo([At(1, 1), At(2, 1)]);
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

    [Fact]
    public void Whoever_waits_for_an_answer_is_known_by_what_was_asked()
    {
        foreach (var kind in typeof(NetworkInput).GetNestedTypes())
        {
            var input = (NetworkInput)RuntimeHelpers.GetUninitializedObject(kind);
            var place = kind.GetProperties().SingleOrDefault(static property => property.PropertyType.IsSubclassOf(typeof(Reply)));
            var reply = place is null ? null : (Reply)Activator.CreateInstance(place.PropertyType)!;
            place?.SetValue(input, reply);

            input.Awaiting.Should().BeSameAs(reply, "of {0}", kind.Name);
        }
    }

    private static NetworkLoop LoopOf(InMemoryBlockStore store, PeerBookScenario scene)
    {
        var (chain, peer) = (new TestChain(store), new TestPeer("node alice"));
        return new NetworkLoop(
            new NetworkSettings(), new NetworkSelf(() => peer.Identity, peer.Sign, TestPeer.Verifier, scene.Random.NextDouble, () => TestPeer.Challenge("x")), scene.Book,
            () => new NodeSnapshot(chain.Chain, chain.Pending), new ProofOfWorkVerifier(chain.Spec, new P256Verifier(4)));
    }

    private static PeerAddress[] SharedAt(long time, NetworkLoop loop)
    {
        loop.Step(new NetworkInput.Tick(), time);
        return [.. loop.View.Shared];
    }
}
