using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Which transactions of others are wanted and taken. Issue 4, 3 and 4.</summary>
public sealed class TransactionIntakeTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;
    private readonly HandPeer _other;

    public TransactionIntakeTests()
    {
        _peer = new HandPeer(_ours);
        _other = new HandPeer(_ours, "other");
    }

    private TestChain Elsewhere => _ours.Ledger.Elsewhere;

    [Fact]
    public void What_was_not_asked_for_is_not_looked_at()
    {
        var (asked, other) = (Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2));
        _peer.Announce(asked);

        _peer.Bring(other);
        _other.Bring(asked);
        _ours.Offered.Should().BeEmpty();

        _peer.Bring(other, asked);
        _ours.Offered.Cast<NetworkEffect.SubmitTransactions>().Should().ContainSingle().Which.Transactions.Should().Equal(asked.Transaction);
        _peer.Bring(asked);
        _ours.Offered.Should().HaveCount(1, "it came already");
        _ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void What_comes_too_late_is_not_looked_at()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _peer.Announce(transaction);

        _ours.Now += _ours.Setup.Network.WantedFor;
        _peer.Bring(transaction);

        _ours.Offered.Should().BeEmpty();
    }

    [Fact]
    public void What_waits_here_is_not_wanted()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _ours.Submit(transaction);

        _peer.Announce(transaction, Elsewhere.TopUp(Alice, 2)).Should().Equal(1);
    }

    [Fact]
    public void What_was_confirmed_is_not_wanted_for_some_time_and_costs_one_message_then()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);
        _ours.Submit(transaction);
        _ours.Mine();

        _ours.Now += _ours.Setup.Network.ConfirmedFor - 1;
        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Now += 1;
        _peer.Announce(transaction).Should().Equal(0);
        _peer.Bring(transaction);
        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Now += _ours.Setup.Network.ConfirmedFor - 1;
        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void One_that_depends_on_another_not_seen_yet_is_refused_now_and_taken_when_it_is_offered_again()
    {
        var created = Elsewhere.CreateEvent();
        var issued = Elsewhere.Issue(EventId.Of(created.Id), 5, "A-1");
        _peer.Join();
        _peer.Announce(issued).Should().Equal(0);
        _peer.Bring(issued);
        _ours.Snapshot.Pending.Count.Should().Be(0);
        _ours.Submit(created);

        _ours.Now += _ours.Setup.Network.RefusedFor - 1;
        _peer.Announce(issued).Should().BeEmpty();
        _ours.Now += 1;
        _peer.Announce(issued).Should().Equal(0);
        _peer.Bring(issued);

        _ours.Snapshot.Pending.Count.Should().Be(2);
        _ours.Banished.Should().BeEmpty("what rules say depends on what was seen before");
        _peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void Who_brings_a_wrong_signature_is_dropped()
    {
        _peer.Join();
        var good = Elsewhere.TopUp(Alice, 1);
        var forged = TransactionVerifier.Restore(new Transaction(good.Transaction.Payload, [Bank.Sign(Hash256.Zero)]));
        _peer.Announce(forged).Should().Equal(0);

        _peer.Bring(forged);

        _ours.Banished.Should().ContainSingle().Which.Should().Be(new NetworkEffect.Banish(_peer.Node, _ours.Now + _ours.Setup.Network.BanTime));
        _peer.IsConnected.Should().BeTrue("what somebody else sends in its name must not cost us its address");
        _ours.Reports.Should().ContainSingle().Which.Sentence.Should().Contain(RefusalCodes.SignatureInvalid).And.Contain(good.Id.ToString());
        _other.Announce(good).Should().Equal([0], "the good one of the same payload is another leaf");
        _other.Bring(good);
        _ours.Snapshot.Pending.ById.Contains(good.Id).Should().BeTrue();
    }

    [Fact]
    public void Who_brings_what_nobody_signed_or_is_of_another_chain_is_dropped()
    {
        var good = Elsewhere.TopUp(Alice, 1);
        var unsigned = TransactionVerifier.Restore(new Transaction(good.Transaction.Payload, [TestChain.Alice.Sign(good.Id)]));
        var foreign = new TestChain(new InMemoryBlockStore(), SpecOf(chainId: "another-chain")).TopUp(Alice, 1);
        _peer.Announce(unsigned);
        _other.Announce(foreign);

        _peer.Bring(unsigned);
        _other.Bring(foreign);

        _ours.Banished.Select(banish => banish.Caller).Should().Equal(_peer.Node, _other.Node);
    }

    [Fact]
    public void One_payload_with_two_signatures_is_taken_once()
    {
        var first = Elsewhere.TopUp(Alice, 1);
        var second = TransactionVerifier.Restore(new Transaction(first.Transaction.Payload, [Bank.Sign(first.Id)]));
        second.Transaction.Leaf.Should().NotBe(first.Transaction.Leaf);
        _peer.Announce(first);
        _peer.Bring(first);

        _other.Announce(second).Should().Equal(0);
        _other.Bring(second);

        _ours.Snapshot.Pending.InOrder.Should().ContainSingle().Which.Value.Transaction.Transaction.Leaf.Should().Be(first.Transaction.Leaf);
        _ours.Banished.Should().BeEmpty();
        _ours.Now += _ours.Setup.Network.ConfirmedFor - 1;
        _other.Announce(second).Should().BeEmpty("it is not needed a second time");
        _other.Announce(first).Should().BeEmpty();
    }

    [Fact]
    public void One_that_waits_is_not_needed_when_a_block_has_its_payload_with_another_signature()
    {
        var here = Elsewhere.TopUp(Alice, 1);
        var there = TransactionVerifier.Restore(new Transaction(here.Transaction.Payload, [Bank.Sign(here.Id)]));
        there.Transaction.Leaf.Should().NotBe(here.Transaction.Leaf);
        _ours.Submit(here);

        _ours.Take(Elsewhere.Seal(there));

        _ours.Snapshot.Pending.Count.Should().Be(0);
        _other.Announce(here).Should().BeEmpty();
        _other.Announce(there).Should().BeEmpty();
    }

    [Fact]
    public void One_that_waited_until_it_expired_is_asked_for_again_after_some_time()
    {
        Elsewhere.ValidUntil = (_ours.Now / 1_000) + 60;
        var transaction = Elsewhere.TopUp(Alice, 1);
        _ours.Submit(transaction);
        _ours.Now += 61_000;
        _ours.Mine();
        _ours.Snapshot.Pending.Count.Should().Be(0);

        _peer.Announce(transaction).Should().BeEmpty();
        _ours.Now += _ours.Setup.Network.RefusedFor;
        _peer.Announce(transaction).Should().Equal(0);
    }

    [Fact]
    public void While_many_transactions_are_being_judged_none_are_asked_for()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { TransactionsUnderJudgement = 2 } }) { HoldsJudgement = true };
        var peer = new HandPeer(ours);
        VerifiedTransaction[] three = [Elsewhere.TopUp(Alice, 1), Elsewhere.TopUp(Alice, 2), Elsewhere.TopUp(Alice, 3)];

        peer.Announce(three).Should().Equal(0, 1);
        peer.Bring(three[0], three[1]);
        peer.Announce(three[2]).Should().BeEmpty();

        ours.Judge();
        peer.Announce(three[2]).Should().Equal(0);
    }

    [Fact]
    public void Leaves_may_be_announced_by_somebody_who_is_no_peer()
    {
        var transaction = Elsewhere.TopUp(Alice, 1);

        _peer.Announce(transaction).Should().Equal(0);
        _peer.Bring(transaction);

        _ours.Snapshot.Pending.Count.Should().Be(1);
    }
}
