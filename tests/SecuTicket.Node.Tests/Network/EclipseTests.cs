using SecuTicket.Node.Peers;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Whoever floods a node with addresses of his own does not cut it off from those it knew before. Issue 4, 1.</summary>
public sealed class EclipseTests
{
    private const int Anchors = 8;
    private const int Attackers = 16;

    [Fact]
    public void A_flood_of_callers_and_addresses_displaces_no_anchor_and_does_not_fill_all_links()
    {
        var known = Enumerable.Range(0, Anchors).Select(i => (Address: TestPeer.AddressOf($"http://20.{i}.0.1:5000"), Peer: new TestPeer($"anchor{i}"))).ToArray();
        var ours = new NetworkScenario(setup: new NetworkSetup
        {
            Kept = [.. known.Select(one => new PeerRecord(one.Address, PeerOrigin.Learnt, 0) { NodeId = one.Peer.Node, KnownSince = 1, LastSuccess = TestChain.GenesisTime, LastAttempt = TestChain.GenesisTime, Block = AddressBlock.Of(one.Address.Literal!).Text })],
        });
        var isAway = true;
        var anchors = known.Select((one, i) => new HandPeer(ours, $"anchor{i}", address: one.Address.ToString()) { Lie = _ => isAway ? HandPeer.Refuse("unreachable") : null }).ToArray();
        var attackers = Enumerable.Range(0, Attackers).Select(i => new HandPeer(ours, $"attacker{i}", address: $"http://{30 + i}.0.0.1:5000")).ToArray();
        foreach (var attacker in attackers)
        {
            attacker.Tells.AddRange(Enumerable.Range(0, 10).Select(i => TestPeer.AddressOf($"http://{100 + (i % 50)}.{i}.0.{attacker.Address.Port % 250}:{6_000 + i}")));
            attacker.Greet();
            ours.Pass(1_000);
        }

        attackers.Count(attacker => attacker.IsConnected).Should().BeLessThanOrEqualTo(6, "places are held for those that were known before");
        isAway = false;
        ours.Pass(700_000);

        anchors.Count(anchor => anchor.IsConnected).Should().BeGreaterThanOrEqualTo(2);
        ours.Loop.View.Connected.Should().BeLessThanOrEqualTo(8);
        known.Should().AllSatisfy(one => ours.Book.Find(one.Address)!.IsProven.Should().BeTrue());
        anchors[0].Chain = HandPeer.Branch(anchors[0].Chain, 0, "honest", 3);
        foreach (var anchor in anchors) anchor.Chain = anchors[0].Chain;
        ours.Pass(10_000);
        ours.Tip.Height.Should().Be(3, "the honest chain is heard of");
    }
}
