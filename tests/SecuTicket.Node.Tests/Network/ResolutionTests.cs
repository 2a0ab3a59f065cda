using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What somebody hears who wants the heaviest chain of the peers now. Issue 4, 2.</summary>
public sealed class ResolutionTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;

    public ResolutionTests() => _peer = new HandPeer(_ours);

    [Fact]
    public void Without_peers_there_is_an_answer_at_once()
    {
        LoopScenario.Answered(_ours.Resolve()).Value.Should().Be(new Resolution(false, _ours.Tip, default));
    }

    [Fact]
    public void With_nothing_new_nothing_is_fetched()
    {
        _peer.Join();

        var answer = _ours.Resolve();
        answer.IsCompleted.Should().BeFalse("every peer is asked first");
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Be(new Resolution(false, _ours.Tip, default));
    }

    [Fact]
    public void The_heaviest_of_several_chains_is_there_when_it_is_answered()
    {
        _peer.Join();
        var heavy = new HandPeer(_ours, "heavy");
        heavy.Join();
        _ours.Pass(1);
        _peer.Chain.Seal();
        heavy.Chain = HandPeer.Branch(heavy.Chain, 0, "heavy", 3);

        var answer = _ours.Resolve();
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Tip == heavy.Tip && resolution.Fetched.Blocks == 3);
    }

    [Fact]
    public void A_tip_that_was_announced_is_waited_for_until_its_block_is_brought()
    {
        _peer.Join();
        _ours.Run();
        var block = _peer.Chain.Seal();
        _peer.AnnounceTip(block).Should().BeTrue();

        var answer = _ours.Resolve();
        _ours.Run();
        answer.IsCompleted.Should().BeFalse();
        _peer.Announce(block);
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Tip == _peer.Tip);
    }

    [Fact]
    public void A_tip_that_was_announced_and_not_brought_is_fetched()
    {
        _peer.Join();
        _ours.Run();
        _peer.AnnounceTip(_peer.Chain.Seal()).Should().BeTrue();

        var answer = _ours.Resolve();
        _ours.Run();
        _ours.Pass(_ours.Setup.Network.Patience);

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Tip == _peer.Tip);
    }

    [Fact]
    public void What_was_fetched_before_is_not_counted()
    {
        _peer.Join();
        _peer.Chain.Seal();
        _ours.Pass(6_000);
        _ours.Tip.Height.Should().Be(1);

        var answer = _ours.Resolve();
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Be(new Resolution(false, _ours.Tip, default));
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_not_waited_for_longer_than_the_call_or_the_limit()
    {
        _peer.IsSilent = request => request is PeerRequest.GetTip;
        _peer.Join();
        var other = new HandPeer(_ours, "other");
        other.Join();
        other.Chain.Seal();
        var failed = _ours.Resolve();
        _ours.Run();
        failed.IsCompleted.Should().BeFalse();

        foreach (var call in _ours.Held.ToArray()) _ours.Fail(call, "unreachable");
        _ours.Run();
        LoopScenario.Answered(failed).Value.Replaced.Should().BeTrue();

        var late = _ours.Resolve();
        _ours.Pass(_ours.Setup.Network.TipPatience - 1);
        late.IsCompleted.Should().BeFalse();
        _ours.Pass(1);
        LoopScenario.Answered(late).Value.Replaced.Should().BeFalse();
    }

    [Fact]
    public void A_wanted_node_that_was_away_is_called_now_and_its_chain_is_taken()
    {
        _peer.Join();
        _peer.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(120_000);
        _peer.IsConnected.Should().BeFalse();
        _peer.Lie = _ => null;
        _peer.Chain.Seal();

        var answer = _ours.Resolve();
        _ours.Run();

        LoopScenario.Answered(answer).Value.Tip.Should().Be(_peer.Tip);
        _peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_wanted_node_that_is_still_away_is_not_waited_for()
    {
        _peer.Join();
        _peer.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(120_000);

        var answer = _ours.Resolve();
        _ours.Run();

        LoopScenario.Answered(answer).Value.Replaced.Should().BeFalse();
    }

    [Fact]
    public void A_node_that_is_being_met_is_waited_for()
    {
        _peer.IsSilent = request => request is PeerRequest.Hello;
        _peer.Chain.Seal();
        _ours.Register(_peer.Address);
        var answer = _ours.Resolve();
        _ours.Run();
        answer.IsCompleted.Should().BeFalse();

        _peer.IsSilent = _ => false;
        var hello = _ours.Held.Single();
        _ours.Answer(hello, _peer.Honestly(hello.Request).Value);
        _ours.Run();

        LoopScenario.Answered(answer).Value.Tip.Should().Be(_peer.Tip);
    }

    [Fact]
    public void No_more_wait_than_the_limit_allows_and_each_is_answered()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { Waiting = 2 } });
        var peer = new HandPeer(ours);
        peer.Join();

        var answers = Enumerable.Range(0, 3).Select(_ => ours.Resolve()).ToArray();

        LoopScenario.Answered(answers[2]).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "not_ready" && refusal.Kind == RefusalKind.Transient);
        ours.Run();
        answers.Take(2).Should().AllSatisfy(answer => LoopScenario.Answered(answer).IsAccepted.Should().BeTrue());
    }

    [Fact]
    public void A_block_that_is_being_put_together_is_waited_for()
    {
        _peer.IsSilent = request => request is PeerRequest.GetBlockTransactions;
        _peer.Join();
        _ours.Pass(1);
        _peer.Chain = _ours.Ledger.Elsewhere;
        var block = _peer.Chain.Seal(_peer.Chain.TopUp(TestChain.Alice, 1));
        _peer.Claim = _ours.Tip;
        _peer.Announce(block);
        var answer = _ours.Resolve();
        _ours.Run();
        answer.IsCompleted.Should().BeFalse();

        _peer.IsSilent = _ => false;
        var call = _ours.Held.Single();
        _ours.Answer(call, _peer.Honestly(call.Request).Value);
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Tip.Hash == block.Hash);
    }
}
