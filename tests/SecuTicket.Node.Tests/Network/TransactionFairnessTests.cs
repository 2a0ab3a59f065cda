using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Peers;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What one caller can take from others with transactions. Issue 4, 3 and 4.</summary>
public sealed class TransactionFairnessTests
{
    private readonly NetworkScenario _ours;
    private readonly HandPeer _peer;
    private readonly HandPeer _other;
    private int _leaves;

    public TransactionFairnessTests()
    {
        _ours = new NetworkScenario(setup: new NetworkSetup
        {
            Network = new NetworkSettings { LookAfterRegistration = 0, UnwantedLeaves = 50, AskedOfCaller = 4, TransactionsOfCallerUnderJudgement = 2, UnsolicitedTransactions = 2, RememberedCallers = 3, RefusedForMost = 20_000 },
        });
        _peer = new HandPeer(_ours);
        _other = new HandPeer(_ours, "other");
    }

    private TestChain Elsewhere => _ours.Ledger.Elsewhere;

    private NetworkSettings Settings => _ours.Setup.Network;

    [Fact]
    public void A_flood_of_one_callers_leaves_takes_nothing_from_what_another_was_asked()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _peer.Announce(transaction);

        for (var i = 0; i < 500; i++) Flood(_other, 2);
        _peer.Bring(transaction);

        _ours.Snapshot.Pending.ById.Contains(transaction.Id).Should().BeTrue();
    }

    [Fact]
    public void What_did_not_come_in_a_short_time_is_asked_of_all_who_announce_it()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        var third = new HandPeer(_ours, "third");
        _peer.Announce(transaction).Should().Equal(0);

        _ours.Now += Settings.AskedOfOneFor - 1;
        _other.Announce(transaction).Should().BeEmpty();
        _ours.Now += 1;
        _other.Announce(transaction).Should().Equal(0);
        third.Announce(transaction).Should().Equal(0);
        _ours.HoldsJudgement = true;
        third.Bring(transaction);
        _other.Bring(transaction);
        _peer.Bring(transaction);

        _ours.Offered.Should().HaveCount(1, "it is judged once");
    }

    [Fact]
    public void Who_did_not_bring_it_is_asked_for_it_again_only_after_some_time()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _peer.Announce(transaction).Should().Equal(0);

        _peer.Announce(transaction).Should().Equal([0], "our answer may have been lost");
        _ours.Now += Settings.WantedFor;
        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Now += Settings.AskAgainAfter - 1;
        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Now += 1;
        _peer.Announce(transaction).Should().Equal(0);
    }

    [Fact]
    public void Who_is_asked_for_much_and_brings_none_of_it_is_dropped()
    {
        for (var i = 0; i < 6; i++) Flood(_peer, 2);
        _ours.Banished.Should().BeEmpty("that is twice what is doubtful");

        Flood(_peer, 2);

        _ours.Banished.Should().ContainSingle().Which.Caller.Should().Be(_peer.Node);
    }

    [Fact]
    public void Who_brings_some_of_it_is_not_dropped()
    {
        for (var i = 1; i <= 20; i++)
        {
            Flood(_peer, 1);
            var transaction = Elsewhere.TopUp(Alice, i);
            _peer.Announce(transaction);
            _peer.Bring(transaction);
        }

        _ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void Whose_transactions_are_confirmed_before_it_can_bring_them_is_not_dropped()
    {
        var chain = new TestChain(new InMemoryBlockStore(), _ours.Ledger.Spec, "chain");
        for (var i = 0; i < 10; i++)
        {
            VerifiedTransaction[] two = [chain.TopUp(Alice, 1), chain.TopUp(Alice, 2)];
            _peer.Announce(two).Should().Equal(0, 1);
            _ours.Take(chain.Seal(two));
            _other.Announce(two).Should().BeEmpty("they are in our branch");
        }

        _ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void One_caller_has_a_share_of_what_is_judged()
    {
        _ours.HoldsJudgement = true;
        VerifiedTransaction[] three = [Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2), Elsewhere.TopUp(Alice, 3)];
        _peer.Announce(three).Should().Equal(0, 1);
        _peer.Bring(three);

        _peer.Announce(three[2]).Should().BeEmpty();
        _other.Announce(three[2]).Should().Equal(0);
        _ours.Judge();
        _peer.Announce(Elsewhere.TopUp(Alice, 4)).Should().Equal(0);
    }

    [Fact]
    public void Many_transactions_that_were_never_asked_for_are_misconduct()
    {
        VerifiedTransaction[] two = [Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2)];
        for (var i = 0; i < 10; i++) _other.Bring(two[0]);
        _peer.Announce(two);
        for (var i = 0; i < 10; i++) _peer.Bring(two);
        _ours.Banished.Should().BeEmpty("a message may come twice, and one transaction is not many");

        for (var i = 0; i < 3; i++) _other.Bring(Elsewhere.TopUp(Alice, 3), Elsewhere.TopUp(Alice, 4));

        _ours.Banished.Should().ContainSingle().Which.Caller.Should().Be(_other.Node);
    }

    [Fact]
    public void What_comes_too_late_is_no_misconduct()
    {
        for (var i = 0; i < 10; i++)
        {
            VerifiedTransaction[] two = [Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2)];
            _peer.Announce(two);
            _ours.Now += Settings.WantedFor;
            _peer.Bring(two);
        }

        _ours.Offered.Should().BeEmpty();
        _ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void What_is_refused_again_and_again_is_asked_for_ever_more_seldom()
    {
        var refused = Elsewhere.Issue(EventId.Of(Elsewhere.CreateEvent().Id), 5, "A-1");
        var start = _ours.Now;
        var asked = new List<long>();

        for (; _ours.Now - start <= 60_000; _ours.Now += 1_000)
        {
            if (_peer.Announce(refused).Count == 0) continue;

            asked.Add((_ours.Now - start) / 1_000);
            _peer.Bring(refused);
        }

        asked.Should().Equal([0, 2, 4, 8, 16, 32, 52], "first soon, for what it depends on may come, and then after as long as before, up to the limit");
    }

    [Fact]
    public void A_flood_of_callers_and_leaves_costs_bounded_memory()
    {
        for (var i = 0; i < 50; i++)
        {
            var caller = new TestPeer($"caller {i}").Node;
            for (var j = 0; j < 10; j++) _ours.Announce(caller, TestPeer.Challenge($"leaf {i} {j}"));
        }

        _ours.Loop.Remembered.Should().BeInRange(50, 50 + (3 * (Settings.AskedOfCaller + 1)) + 50);
    }

    [Fact]
    public void A_clock_that_was_set_back_keeps_nothing_away()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _peer.Announce(transaction);

        _ours.Now -= 3_600_000;
        _ours.Step(new NetworkInput.Tick());
        _ours.Now += Settings.AskedOfOneFor;
        _other.Announce(transaction).Should().Equal(0);
    }

    private void Flood(HandPeer peer, int count) => _ours.Announce(peer.Node, [.. Enumerable.Range(0, count).Select(_ => TestPeer.Challenge($"leaf {++_leaves}"))]);
}
