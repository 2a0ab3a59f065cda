using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>How transactions go from node to node. Issue 4, 3.</summary>
public sealed class TransactionRelayTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;

    public TransactionRelayTests() => _peer = new HandPeer(_ours);

    private TestChain Elsewhere => _ours.Ledger.Elsewhere;

    [Fact]
    public void A_transaction_that_waits_here_is_announced_by_its_leaf_and_brought_when_it_is_wanted()
    {
        var shy = new HandPeer(_ours, "shy") { WantsTransactions = false };
        _peer.Join();
        shy.Join();
        var transaction = Elsewhere.TopUp(Alice, 1);

        _ours.Submit(transaction);
        _ours.Run();

        _peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Should().ContainSingle().Which.Leaves.Should().Equal(transaction.Transaction.Leaf);
        _peer.Brought.Should().Equal(transaction.Transaction);
        shy.Count<PeerRequest.AnnounceTransactions>().Should().Be(1);
        shy.Brought.Should().BeEmpty();
    }

    [Fact]
    public void A_new_peer_hears_of_all_that_waits()
    {
        VerifiedTransaction[] waiting = [Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2)];
        foreach (var one in waiting) _ours.Submit(one);

        _peer.Join();

        _peer.Count<PeerRequest.AnnounceTransactions>().Should().Be(1);
        _peer.Brought.Should().Equal(waiting.Select(one => one.Transaction));
    }

    [Fact]
    public void What_waited_before_the_start_is_announced_too()
    {
        _ours.Ledger.Submit(Elsewhere.TopUp(Alice, 1));

        _peer.Join();

        _peer.Brought.Should().ContainSingle();
    }

    [Fact]
    public void What_happened_while_events_were_missed_is_announced()
    {
        _peer.Join();
        _ours.Ledger.Submit(Elsewhere.TopUp(Alice, 1));

        _ours.Step(new NetworkInput.EventsMissed());
        _ours.Run();

        _peer.Brought.Should().ContainSingle();
    }

    [Fact]
    public void One_announcement_is_on_its_way_at_a_time_and_the_next_takes_all_that_came_up_meanwhile()
    {
        _peer.IsSilent = request => request is PeerRequest.AnnounceTransactions;
        _peer.Join();
        for (var i = 1; i <= 3; i++)
        {
            _ours.Submit(Elsewhere.TopUp(Alice, i));
            _ours.Run();
        }

        _peer.Count<PeerRequest.AnnounceTransactions>().Should().Be(1);
        _peer.IsSilent = _ => false;
        _ours.Answer(_ours.Held.Single(), new PeerAnswer.Wanted([0]));
        _ours.Pass(_ours.Setup.Network.AnnouncementInterval);

        _peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Select(request => request.Leaves.Count).Should().Equal(1, 2);
        _peer.Brought.Should().HaveCount(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_that_failed_does_not_stop_the_next(bool isAnnouncement)
    {
        _peer.Join();
        _peer.Lie = request => isAnnouncement ? request is PeerRequest.AnnounceTransactions ? HandPeer.Refuse("unreachable") : null : request is PeerRequest.SendTransactions ? HandPeer.Refuse("unreachable") : null;
        var lost = Elsewhere.TopUp(Alice, 1);
        _ours.Submit(lost);
        _ours.Run();
        _peer.Lie = _ => null;

        var next = Elsewhere.TopUp(Alice, 2);
        _ours.Submit(next);
        _ours.Pass(1_000);

        _peer.Brought.Should().Contain(one => one.Id == next.Id);
        _peer.Brought.Count(one => one.Id == lost.Id).Should().BeGreaterThanOrEqualTo(isAnnouncement ? 1 : 2, "what was lost comes again");
    }

    [Fact]
    public void What_a_peer_brought_is_not_announced_back_to_it()
    {
        var other = new HandPeer(_ours, "other");
        _peer.Join();
        other.Join();
        var transaction = Elsewhere.TopUp(Alice, 1);

        _peer.Announce(transaction).Should().Equal(0);
        _peer.Bring(transaction);
        _ours.Run();

        _ours.Snapshot.Pending.Count.Should().Be(1);
        _peer.Count<PeerRequest.AnnounceTransactions>().Should().Be(0);
        other.Brought.Should().Equal(transaction.Transaction);
    }

    [Fact]
    public void Places_that_were_never_announced_are_not_wanted()
    {
        _peer.IsSilent = request => request is PeerRequest.AnnounceTransactions;
        _peer.Join();
        _ours.Submit(Elsewhere.TopUp(Alice, 1));
        _ours.Run();

        _ours.Answer(_ours.Held.Single(), new PeerAnswer.Wanted([0, 1, 999]));
        _ours.Run();

        _peer.Brought.Should().ContainSingle();
    }

    [Fact]
    public void What_was_confirmed_meanwhile_is_not_sent()
    {
        _peer.IsSilent = request => request is PeerRequest.AnnounceTransactions;
        _peer.Join();
        _ours.Submit(Elsewhere.TopUp(Alice, 1));
        _ours.Run();
        _ours.Mine();

        _ours.Answer(_ours.Held.Single(call => call.Request is PeerRequest.AnnounceTransactions), new PeerAnswer.Wanted([0]));
        _ours.Run();

        _peer.Brought.Should().BeEmpty();
    }

    [Fact]
    public void All_that_has_waited_for_some_time_is_offered_again_the_next_part_each_time()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, OfferedAgain = 2 } });
        var peer = new HandPeer(ours);
        peer.Join();
        var sent = Enumerable.Range(1, 3).Select(i => Elsewhere.TopUp(Alice, i)).ToArray();
        foreach (var one in sent) ours.Submit(one);
        ours.Pass(10_000);
        var before = peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Count();

        ours.Pass(100_000);

        var again = peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Skip(before).Select(request => request.Leaves.Count).ToArray();
        again.Should().Equal([2, 1, 2], "each thirty seconds two of them, all in turn");
    }

    [Fact]
    public void An_announcement_holds_no_more_leaves_than_a_message_may()
    {
        var pending = Enumerable.Range(1, PeerLimits.Leaves + 1).Select(i => Elsewhere.TopUp(Alice, i)).ToArray();
        _ours.Ledger.SubmitAll(pending);

        _peer.Join();
        _ours.Pass(_ours.Setup.Network.AnnouncementInterval);

        _peer.Asked.OfType<PeerRequest.AnnounceTransactions>().Select(request => request.Leaves.Count).Should().Equal(PeerLimits.Leaves, 1);
        _peer.Brought.Should().HaveCount(pending.Length);
        _peer.Asked.OfType<PeerRequest.SendTransactions>().Should().AllSatisfy(request => request.Transactions.Sum(one => one.Size).Should().BeLessThanOrEqualTo(PeerLimits.TransactionBytes));
    }
}
