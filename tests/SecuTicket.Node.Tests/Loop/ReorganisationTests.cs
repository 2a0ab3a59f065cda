using SecuTicket.Core.Blocks;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

/// <summary>S2.8: what a reorganisation makes of the blocks and the transactions that it leaves, with each store.</summary>
public sealed class ReorganisationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_opened)) one.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, false)]
    [InlineData(100, false)]
    [InlineData(1, true)]
    [InlineData(6, true)]
    [InlineData(100, true)]
    public void A_reorganisation_as_deep_as_the_limit_allows_is_one_step_and_loses_nothing(int depth, bool onDisk)
    {
        var node = new LoopScenario(store: Store(onDisk));
        var fork = node.Elsewhere.Fork(0, "other");
        var ours = Grow(node.Elsewhere, depth);
        node.Offer(ours);
        var commits = node.Commits;
        var theirs = Grow(fork, depth + 1);

        node.Offer(theirs).Should().Be(new BlockAcceptance(theirs[^1].Hash, depth + 1, depth, depth + 1, null));

        node.Commits.Should().Be(commits + 1);
        node.Events.OfType<NodeEvent.Reorganised>().Should().Equal(new NodeEvent.Reorganised(depth, ours[^1].Hash, theirs[^1].Hash));
        node.Reports.Should().ContainSingle().Which.Should().Contain($"{depth} blocks").And.Contain(ours[^1].Hash.ToString()).And.Contain(theirs[^1].Hash.ToString());
        var returned = Paid(ours).Select(transaction => transaction.Id).ToArray();
        node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(returned);
        Decisions(node, returned[0]).Should().Equal(TransactionStatus.Confirmed, TransactionStatus.Pending);
        var stored = node.Store.Load(node.Spec);
        stored.Tip.Should().Be(theirs[^1].Hash);
        StoreContent.Of(stored.Ledger).Should().Be(StoreContent.Of(fork.Chain.Ledger));
        stored.Pending.Select(pending => pending.Transaction.Id).Should().Equal(returned);

        node.Mine().Transactions.Skip(1).Select(transaction => transaction.Id).Should().Equal(returned, "what came back is confirmed again");
        Decisions(node, returned[0]).Should().Equal(TransactionStatus.Confirmed, TransactionStatus.Pending, TransactionStatus.Confirmed);
        var ledger = node.Loop.State.Chain.Ledger;
        ledger.Balances.Sum(balance => balance.Value).Should().Be(ledger.Supply);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_heavier_branch_deeper_than_the_limit_is_an_alarm_and_changes_nothing_else(bool onDisk)
    {
        var node = new LoopScenario(store: Store(onDisk), spec: SpecOf(reorganisationLimit: 5));
        var fork = node.Elsewhere.Fork(0, "other");
        var ours = Grow(node.Elsewhere, 6);
        node.Offer(ours);
        var waits = node.Elsewhere.TopUp(Bob, 7);
        node.Submit(waits);
        var (pending, ledger, heard) = (node.Loop.State.Pending, node.Loop.State.Chain.Ledger, node.Events.Count);
        var theirs = Grow(fork, 8);

        node.Offer(theirs).Should().BeEquivalentTo(new { Tip = ours[^1].Hash, Connected = 0, Taken = 6, Refusal = new { Code = RefusalCodes.ForkTooDeep } });

        node.Events.Skip(heard).Should().ContainSingle().Which.Should().BeOfType<NodeEvent.ForkTooDeep>().Which.Block.Should().Be(theirs[6].Hash);
        node.Reports.Should().ContainSingle().Which.Should().Contain(theirs[6].Hash.ToString()).And.Contain("operator");
        node.Loop.State.Pending.Should().BeSameAs(pending);
        node.Loop.State.Chain.Ledger.Should().BeSameAs(ledger);
        var stored = node.Store.Load(node.Spec);
        (stored.Tip, StoreContent.Of(stored.Ledger)).Should().Be((ours[^1].Hash, StoreContent.Of(ledger)));
        node.Mine().Header.Previous.Should().Be(ours[^1].Hash, "ours goes on");
    }

    [Fact]
    public void A_block_from_long_ago_is_refused_without_an_alarm()
    {
        var node = new LoopScenario(spec: SpecOf(reorganisationLimit: 5));
        var old = node.Elsewhere.Fork(0, "other").Seal();
        node.Offer(Grow(node.Elsewhere, 40));
        node.Offer(old).Refusal!.Code.Should().Be(RefusalCodes.ForkTooDeep);
        node.Events.OfType<NodeEvent.ForkTooDeep>().Should().BeEmpty("anybody could sound it with a block that weighs nothing");
        node.Reports.Should().BeEmpty();
    }

    [Fact]
    public void Of_two_equal_branches_the_first_seen_stays_until_the_next_block_decides()
    {
        var node = new LoopScenario();
        var fork = node.Elsewhere.Fork(0, "other");
        var (ours, theirs) = (Grow(node.Elsewhere, 2), Grow(fork, 2));
        node.Offer(ours);
        node.Offer(theirs).Should().Be(new BlockAcceptance(ours[1].Hash, 0, 0, 2, null));
        var next = Grow(node.Elsewhere, 1)[0];
        node.Offer(next).Should().Be(new BlockAcceptance(next.Hash, 1, 0, 1, null));
        node.Offer(Grow(fork, 1)).Connected.Should().Be(0);
        var decides = Grow(fork, 1)[0];
        node.Offer(decides).Should().Be(new BlockAcceptance(decides.Hash, 4, 3, 1, null));
    }

    [Fact]
    public void What_comes_back_is_not_measured_by_what_may_wait()
    {
        var limits = new MempoolLimits(MaxCount: 1);
        var node = new LoopScenario(settings: new NodeSettings { Mempool = limits });
        var fork = node.Elsewhere.Fork(0, "other");
        var ours = Grow(node.Elsewhere, 3);
        node.Offer(ours);
        var waits = node.Elsewhere.TopUp(Bob, 7);
        node.Submit(waits).IsNew.Should().BeTrue();

        node.Offer(Grow(fork, 4));

        node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal([.. Paid(ours).Select(transaction => transaction.Id), waits.Id], "all were acknowledged");
        node.Submit(node.Elsewhere.TopUp(Bob, 8)).Refusal!.Code.Should().Be(RefusalCodes.PoolFull, "a new one was not");
        node.Mine().Transactions.Should().HaveCount(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_can_not_be_confirmed_any_more_is_rejected_with_what_depends_on_it_and_confirmed_when_a_block_holds_it_after_all(bool onDisk)
    {
        var node = new LoopScenario(store: Store(onDisk));
        var ours = node.Elsewhere;
        var created = ours.CreateEvent();
        var seat = IssueTickets.TicketOf(EventId.Of(created.Id), 0, "A-1");
        node.Offer(ours.Seal(created, ours.Issue(EventId.Of(created.Id), 0, "A-1")));
        var theirs = ours.Fork(1, "theirs");
        var bought = ours.Buy(Alice, seat);
        node.Offer(ours.Seal(bought));
        var third = ours.Fork(2, "third");
        var given = ours.Sign(Alice, TransferTicket.TypeName, ("ticket_id", seat), ("recipient", Bob));
        node.Offer(ours.Seal(given));
        var taken = theirs.Buy(Gate, seat);

        node.Offer(theirs.Seal(taken), theirs.Seal(), theirs.Seal());

        Rejected(node, bought, RefusalCodes.TicketNotAvailable);
        Rejected(node, given, RefusalCodes.NotHolder);
        node.Reports.Should().HaveCount(3, "the reorganisation, and each of the two");
        node.Loop.State.Pending.Count.Should().Be(0);

        node.Offer([.. Grow(third, 4)]).Disconnected.Should().Be(3);
        node.Submit(bought).Should().Match<Submission>(again => !again.IsNew && again.Status == TransactionStatus.Confirmed);
        node.Store.FindTransaction(bought.Id).Should().Match<StoredTransaction>(stored => stored.Status == TransactionStatus.Confirmed && stored.BlockIndex == 2);
        Decisions(node, bought.Id).Should().Equal(TransactionStatus.Confirmed, TransactionStatus.Rejected, TransactionStatus.Confirmed);
        Rejected(node, taken, RefusalCodes.TicketNotAvailable);
        node.Store.Load(node.Spec).Rejected.Select(one => one.Transaction.Id).Should().BeEquivalentTo([given.Id, taken.Id]);
    }

    [Fact]
    public void A_planted_fault_loses_what_a_reorganisation_leaves() // So that a simulation can show that it finds it.
    {
        new NodeSettings().ForgetsAbandoned.Should().BeFalse();
        var node = new LoopScenario(settings: new NodeSettings { ForgetsAbandoned = true });
        var fork = node.Elsewhere.Fork(0, "other");
        var ours = Grow(node.Elsewhere, 1);
        node.Offer(ours);
        node.Offer(Grow(fork, 2));
        node.Store.FindTransaction(Paid(ours).Single().Id).Should().BeNull();
    }

    private IBlockStore Store(bool onDisk)
    {
        if (!onDisk) return new InMemoryBlockStore();

        var database = SqliteDatabase.Open(_folder["ledger.db"]);
        var store = new SqliteBlockStore(database);
        _opened.AddRange([database, store]);
        return store;
    }

    private static VerifiedBlock[] Grow(TestChain chain, int count) => [.. Enumerable.Range(1, count).Select(amount => chain.Seal(chain.TopUp(Alice, amount)))];

    private static IEnumerable<VerifiedTransaction> Paid(IEnumerable<VerifiedBlock> blocks) =>
        blocks.SelectMany(block => block.Transactions).Where(transaction => transaction.Payload.Operation is not Reward);

    private static IEnumerable<TransactionStatus> Decisions(LoopScenario node, Hash256 id) =>
        node.Events.OfType<NodeEvent.TransactionDecided>().Where(decided => decided.Id == id).Select(decided => decided.Status);

    private static void Rejected(LoopScenario node, VerifiedTransaction transaction, string code)
    {
        node.Store.FindTransaction(transaction.Id).Should().Match<StoredTransaction>(stored => stored.Status == TransactionStatus.Rejected && stored.Code == code);
        node.Submit(transaction).Should().Match<Submission>(again => again.Status == TransactionStatus.Rejected && again.Refusal!.Code == code);
        node.Events.OfType<NodeEvent.TransactionDecided>().Last(decided => decided.Id == transaction.Id).Should()
            .Match<NodeEvent.TransactionDecided>(decided => decided.Status == TransactionStatus.Rejected && decided.Refusal!.Code == code);
        node.Reports.Should().ContainSingle(report => report.Contains(transaction.Id.ToString(), StringComparison.Ordinal)).Which.Should().Contain(code);
    }
}
