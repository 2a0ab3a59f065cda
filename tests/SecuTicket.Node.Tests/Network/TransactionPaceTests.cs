using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>When and how often a peer hears of transactions. Issue 4, 3.</summary>
public sealed class TransactionPaceTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;

    public TransactionPaceTests() => _peer = new HandPeer(_ours);

    private TestChain Elsewhere => _ours.Ledger.Elsewhere;

    private NetworkSettings Settings => _ours.Setup.Network;

    private IEnumerable<EquatableArray<Hash256>> Announced => _peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Select(request => request.Leaves);

    [Fact]
    public void The_first_goes_at_once_and_what_comes_soon_after_goes_together()
    {
        _peer.Join();
        var sent = Submit(1);
        _ours.Run();
        Announced.Should().ContainSingle().Which.Should().Equal(sent);

        sent = Submit(2);
        _ours.Run();
        _ours.Loop.NextTickAt.Should().Be(_ours.Now + Settings.AnnouncementInterval);
        _ours.Pass(Settings.AnnouncementInterval - 1);
        Announced.Should().HaveCount(1);
        _ours.Pass(1);

        Announced.Last().Should().Equal(sent);
    }

    [Fact]
    public void A_full_announcement_does_not_wait()
    {
        var pending = Enumerable.Range(1, (2 * PeerLimits.Leaves) + 1).Select(i => Elsewhere.TopUp(Alice, i)).ToArray();
        _ours.Ledger.SubmitAll(pending);

        _peer.Join();
        Announced.Select(leaves => leaves.Count).Should().Equal(PeerLimits.Leaves, PeerLimits.Leaves);
        _ours.Pass(Settings.AnnouncementInterval);

        Announced.Last().Should().ContainSingle();
    }

    [Theory]
    [InlineData(true, "rate_limited")]
    [InlineData(true, "unreachable")]
    [InlineData(false, "not_ready")]
    public void What_a_peer_did_not_take_goes_first_when_it_has_rested(bool isAnnouncement, string code)
    {
        _peer.Join();
        _peer.Lie = request => request is PeerRequest.AnnounceTransactions == isAnnouncement && request is PeerRequest.AnnounceTransactions or PeerRequest.SendTransactions ? HandPeer.Refuse(code) : null;
        var lost = Submit(1);
        _ours.Run();
        _peer.Lie = _ => null;
        var later = Submit(1);

        _ours.Pass(Settings.AnnouncementRest - 1);
        Announced.Should().HaveCount(1);
        _ours.Pass(1);

        Announced.Last().Should().Equal([.. lost, .. later]);
        _peer.Brought.Select(one => one.Leaf).Distinct().Should().HaveCount(2);
        _peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_peer_that_refuses_loses_nothing_of_a_long_queue()
    {
        _peer.Join();
        _peer.Lie = request => request is PeerRequest.AnnounceTransactions ? HandPeer.Refuse("rate_limited") : null;
        _ours.Ledger.SubmitAll([.. Enumerable.Range(1, PeerLimits.Leaves + 5).Select(i => Elsewhere.TopUp(Alice, i))]);
        _ours.Step(new NetworkInput.EventsMissed());
        _ours.Pass(2_000);
        Announced.Count().Should().BeLessThanOrEqualTo(5);

        _peer.Lie = _ => null;
        _ours.Pass(Settings.AnnouncementRest + Settings.AnnouncementInterval);

        _peer.Brought.Should().HaveCount(PeerLimits.Leaves + 5);
    }

    [Fact]
    public void What_a_peer_can_not_read_does_not_stop_the_others()
    {
        _peer.Join();
        _peer.Lie = request => request is PeerRequest.SendTransactions ? HandPeer.Refuse(PeerRefusals.MalformedMessage) : null;
        Submit(1);
        _ours.Run();
        _peer.Lie = _ => null;
        var later = Submit(1);

        _ours.Pass(Settings.AnnouncementRest);

        Announced.Last().Should().Equal(later);
    }

    [Fact]
    public void A_leaf_is_announced_once_more_soon_and_then_with_all_that_waits()
    {
        _peer.WantsTransactions = false;
        _peer.Join();
        Submit(1);
        _ours.Run();

        _ours.Pass(Settings.OfferSoonAfter - 1);
        Announced.Should().HaveCount(1);
        _ours.Pass(1);
        Announced.Should().HaveCount(2);
        _ours.Pass(Settings.OfferAgainInterval - Settings.OfferSoonAfter - 1);
        Announced.Should().HaveCount(2);
        _ours.Pass(Settings.OfferAgainInterval);
        Announced.Should().HaveCount(3);
    }

    [Fact]
    public void Who_announces_first_and_brings_nothing_can_not_keep_a_transaction_away()
    {
        var theirs = new NetworkScenario("theirs");
        _ours.Connect(theirs);
        _ours.Join(theirs.Address);
        var transaction = Elsewhere.TopUp(Alice, 1);
        var attackers = Enumerable.Range(0, 40).Select(i => new HandPeer(theirs, $"attacker {i}", address: $"http://attacker{i}.example:5000")).ToArray();
        attackers[0].Announce(transaction).Should().Equal(0);
        _ours.Submit(transaction);
        NetworkScenario.RunAll(_ours, theirs);
        theirs.Snapshot.Pending.Count.Should().Be(0);

        for (var i = 1; i < 40; i++)
        {
            attackers[i].Announce(transaction);
            NetworkScenario.Pass(100, _ours, theirs);
        }

        theirs.Snapshot.Pending.ById.Contains(transaction.Id).Should().BeTrue();
    }

    [Fact]
    public void More_than_may_wait_for_a_peer_follow_when_these_have_gone()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, QueuedLeaves = 2 } });
        var peer = new HandPeer(ours);
        VerifiedTransaction[] sent = [.. Enumerable.Range(1, 7).Select(i => Elsewhere.TopUp(Alice, i))];
        foreach (var one in sent[..5]) ours.Submit(one);
        peer.Join();
        foreach (var one in sent[5..]) ours.Submit(one);

        ours.Pass(4 * Settings.AnnouncementInterval);

        peer.Brought.Select(one => one.Leaf).Should().BeEquivalentTo(sent.Select(one => one.Transaction.Leaf));
    }

    [Fact]
    public void What_was_wanted_too_long_ago_is_announced_again_instead_of_brought()
    {
        // Two messages full.
        var pending = Enumerable.Range(1, 300).Select(_ => Elsewhere.Sign(Bank, "record", ("data", new string('a', 4_000)))).ToArray();
        _ours.Ledger.SubmitAll(pending);
        _peer.IsSilent = request => request is PeerRequest.SendTransactions;
        _peer.Join();
        _peer.IsSilent = _ => false;
        var first = _ours.Held.Single();
        _ours.Now += Settings.WantedFor;
        _ours.Answer(first, new PeerAnswer.Noted());
        _ours.Run();
        _peer.Count<PeerRequest.SendTransactions>().Should().Be(1);

        _ours.Pass(Settings.AnnouncementRest);

        Announced.ElementAt(1).Count.Should().Be(300);
    }

    [Fact]
    public void A_clock_that_was_set_back_keeps_nothing_waiting()
    {
        _peer.Join();
        _peer.Lie = request => request is PeerRequest.AnnounceTransactions ? HandPeer.Refuse("not_ready") : null;
        Submit(1);
        _ours.Run();
        _peer.Lie = _ => null;

        _ours.Now -= 3_600_000;
        _ours.Step(new NetworkInput.Tick());
        _ours.Run();

        _peer.Brought.Should().ContainSingle();
    }

    private Hash256[] Submit(int count)
    {
        VerifiedTransaction[] sent = [.. Enumerable.Range(1, count).Select(i => Elsewhere.TopUp(Alice, i))];
        foreach (var one in sent) _ours.Submit(one);
        return [.. sent.Select(one => one.Transaction.Leaf)];
    }
}
