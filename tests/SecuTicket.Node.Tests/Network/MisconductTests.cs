using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Who breaks the protocol is dropped for a time. Issue 4, 4.</summary>
public sealed class MisconductTests
{
    private static readonly Refusal Malformed = new(PeerRefusals.MalformedMessage, "It can not be read.");

    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;

    public MisconductTests() => _peer = new HandPeer(_ours);

    [Fact]
    public void A_caller_whose_bytes_are_no_message_is_banished_and_its_address_is_still_good()
    {
        _peer.Join();

        _ours.Step(new NetworkInput.Misbehaved(_peer.Node, Malformed));

        _ours.Banished.Should().Equal(new NetworkEffect.Banish(_peer.Node, _ours.Now + 3_600_000));
        _peer.IsConnected.Should().BeTrue("somebody who passes on its handshake may have sent that");
        _ours.Reports.Should().ContainSingle().Which.Should().Match<NetworkEffect.Report>(report => report.Sentence.Contains("60 min") && report.Sentence.Contains(PeerRefusals.MalformedMessage) && !report.IsAlarm);
    }

    [Fact]
    public void A_caller_that_is_no_peer_is_banished_too()
    {
        _ours.Step(new NetworkInput.Misbehaved(_peer.Node, Malformed));

        _peer.IsBanished.Should().BeTrue();
    }

    [Fact]
    public void A_ban_lasts_its_time_and_ends()
    {
        _peer.Join();
        Ban();
        var hellos = _peer.Count<PeerRequest.Hello>();

        _ours.Pass(3_500_000);
        _peer.Count<PeerRequest.Hello>().Should().Be(hellos);
        _ours.Resolve();
        _ours.Run();
        _peer.Count<PeerRequest.Hello>().Should().Be(hellos, "not even for somebody who wants the heaviest chain now");
        _ours.Pass(200_000);

        _peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void After_a_ban_a_peer_begins_anew()
    {
        _peer.Join();
        Ban();
        _ours.Pass(3_700_000);

        FailOneCall();
        FailOneCall();
        _peer.IsConnected.Should().BeTrue("what was doubtful counts from nothing again");
    }

    [Fact]
    public void Answers_that_are_no_messages_are_an_accident_twice_and_misconduct_the_third_time()
    {
        _peer.Join();
        for (var i = 0; i < 2; i++)
        {
            FailOneCall();
            _peer.IsConnected.Should().BeTrue();
        }

        FailOneCall();
        _peer.IsLeftAlone.Should().BeTrue();
        _ours.Banished.Should().BeEmpty("whether it may call is another question");
    }

    [Fact]
    public void What_was_doubtful_counts_half_after_an_hour()
    {
        _peer.Join();
        FailOneCall();
        FailOneCall();
        _ours.Pass(3_600_000);

        FailOneCall();

        _peer.IsConnected.Should().BeTrue();
        FailOneCall();
        _peer.IsLeftAlone.Should().BeTrue();
    }

    [Fact]
    public void Something_at_an_address_that_never_proved_who_it_is_is_only_called_again_later()
    {
        _peer.Lie = _ => HandPeer.Break("not_a_node");
        _peer.Greet();
        _ours.Pass(60_000);

        _ours.Banished.Should().BeEmpty();
        _ours.Book.Records.Should().BeEmpty();
    }

    [Fact]
    public void No_more_nodes_are_remembered_than_the_limit_allows()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { RememberedMisconduct = 3 } });
        for (var i = 0; i < 10; i++) ours.Step(new NetworkInput.Misbehaved(PeerBookScenario.NodeId(i), Malformed));

        ours.Banished.Should().HaveCount(10);
        ours.Loop.Remembered.Should().Be(3);
    }

    private void Ban()
    {
        for (var i = 0; i < 3; i++) FailOneCall();
        _peer.IsLeftAlone.Should().BeTrue();
    }

    private void FailOneCall()
    {
        var failed = 0;
        _peer.Lie = request => request is PeerRequest.GetTip && failed++ == 0 ? HandPeer.Break(PeerRefusals.MalformedMessage) : null;
        _ours.Pass(6_000);
        _peer.Lie = _ => null;
    }
}
