using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

/// <summary>Many blocks in one step: the same as one after the other, with one durable write.</summary>
public class OfferedRunTests
{
    private const int Tickets = 12;

    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 40).Select(seed => new object[] { seed });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Blocks_offered_together_end_where_blocks_offered_one_by_one_do(int seed)
    {
        var random = new Random(seed);
        var world = new World(random);
        var (together, single) = (new LoopScenario(), new LoopScenario());
        foreach (var run in world.Runs)
        {
            var wish = world.Wishes[random.Next(world.Wishes.Count)];
            together.Submit(wish).Should().BeEquivalentTo(single.Submit(wish), options => options.Excluding(answer => answer.Refusal));
            var commits = together.Commits;
            together.Offer(run).Should().Match<BlockAcceptance>(acceptance => acceptance.Taken == run.Length && acceptance.Refusal == null);
            together.Commits.Should().Be(commits + 1);
            foreach (var block in run) single.Offer(block).Refusal.Should().BeNull();

            State(together).Should().Be(State(single));
            foreach (var known in world.Wishes) Status(together, known).Should().Be(Status(single, known), known.Payload.ToString());
        }

        LastWords(together).Should().BeEquivalentTo(LastWords(single));
        together.Events.OfType<NodeEvent.Reorganised>().Should().BeEquivalentTo(single.Events.OfType<NodeEvent.Reorganised>());
        Confirmations(together).Should().Equal(Confirmations(single));
    }

    [Fact]
    public void A_block_that_joins_and_leaves_and_joins_again_in_one_step_is_found_with_what_undoes_it()
    {
        var node = new LoopScenario();
        var fork = node.Elsewhere.Fork(0, "other");
        var first = Grow(node.Elsewhere, 1);
        var second = Grow(fork, 2);
        var third = Grow(node.Elsewhere, 2);
        var fourth = Grow(fork, 2);

        node.Offer([.. first, .. second, .. third, .. fourth]).Should().Be(new BlockAcceptance(fork.Chain.Tip.Hash, 1 + 2 + 3 + 4, 1 + 2 + 3, 7, null));

        node.Commits.Should().Be(1);
        node.Events.OfType<NodeEvent.Reorganised>().Select(one => one.Depth).Should().Equal(1, 2, 3);
        StoreContent.Of(node.Loop.State.Chain.Ledger).Should().Be(StoreContent.Of(fork.Chain.Ledger));
        StoreContent.Of(node.Store.Load(node.Spec).Ledger).Should().Be(StoreContent.Of(fork.Chain.Ledger));
        var returned = first.Concat(third).SelectMany(Paid).Select(transaction => transaction.Id).ToArray();
        node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(returned, "each once, oldest first");
    }

    [Fact]
    public void What_waited_and_came_and_went_within_one_step_waits_again_once()
    {
        var node = new LoopScenario();
        var topUp = node.Elsewhere.TopUp(Alice, 5);
        node.Submit(topUp);
        var fork = node.Elsewhere.Fork(0, "other");
        var holder = node.Elsewhere.Seal(topUp);

        node.Offer([holder, .. Grow(fork, 2)]).Connected.Should().Be(3);

        node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(topUp.Id);
        node.Store.Load(node.Spec).Pending.Select(pending => pending.Transaction.Id).Should().Equal(topUp.Id);
        node.Events.OfType<NodeEvent.TransactionDecided>().Where(decided => decided.Id == topUp.Id).Select(decided => decided.Status)
            .Should().Equal(TransactionStatus.Pending, TransactionStatus.Confirmed, TransactionStatus.Pending);
    }

    [Fact]
    public void What_only_a_block_in_the_middle_would_refuse_waits_on()
    {
        var node = new LoopScenario();
        var there = node.Elsewhere;
        node.Offer(there.Seal(there.TopUp(Alice, 100)));
        var here = there.Sign(Alice, TransferCoins.TypeName, ("recipient", Bob), ("amount", 100));
        node.Submit(here);
        var run = new[] { there.Seal(there.Sign(Alice, TransferCoins.TypeName, ("recipient", Gate), ("amount", 100))), there.Seal(there.TopUp(Alice, 100)) };

        node.Offer(run);

        node.Loop.State.Pending.ById.Contains(here.Id).Should().BeTrue("the money is there again when the step ends");
        node.Events.OfType<NodeEvent.TransactionDecided>().Should().NotContain(decided => decided.Status == TransactionStatus.Rejected);
    }

    [Fact]
    public void A_run_is_taken_up_to_its_first_bad_block()
    {
        var node = new LoopScenario();
        var run = Grow(node.Elsewhere, 4);
        var orphan = run[3];

        node.Offer(run[0], run[1], orphan, run[2]).Should().Match<BlockAcceptance>(acceptance =>
            acceptance.Tip == run[1].Hash && acceptance.Connected == 2 && acceptance.Taken == 2 && acceptance.Refusal!.Code == RefusalCodes.UnknownParent);
        node.Loop.State.Chain.Find(run[2].Hash).Should().BeNull("what follows a refused block is not looked at");
        node.Offer(run).Should().Be(new BlockAcceptance(run[3].Hash, 2, 0, 4, null), "blocks known before are no refusal");
        node.Offer().Should().Be(new BlockAcceptance(run[3].Hash, 0, 0, 0, null));
    }

    [Fact]
    public void A_search_under_way_is_stopped_once_for_all_blocks()
    {
        var node = new LoopScenario();
        node.AskForBlock();
        node.Offer(Grow(node.Elsewhere, 3));
        (node.Stops, node.Jobs.Count).Should().Be((1, 2), "and the next one begins on the last of them");
        node.Jobs[1].Template.Header.Index.Should().Be(4);
    }

    private static VerifiedBlock[] Grow(TestChain chain, int count) => [.. Enumerable.Range(1, count).Select(amount => chain.Seal(chain.TopUp(Alice, amount)))];

    private static IEnumerable<VerifiedTransaction> Paid(VerifiedBlock block) => block.Transactions.Where(transaction => transaction.Payload.Operation is not Reward);

    private static string State(LoopScenario node) =>
        $"{node.Loop.State.Chain.Tip.Hash} {StoreContent.Of(node.Loop.State.Chain.Ledger)} {string.Join(' ', node.Loop.State.Pending.InOrder.Select(entry => entry.Value.Id))} "
        + string.Join(' ', node.Store.Load(node.Spec).Pending.Select(pending => pending.Transaction.Id));

    private static (TransactionStatus?, long?, string?) Status(LoopScenario node, VerifiedTransaction transaction) =>
        node.Store.FindTransaction(transaction.Id) is { } stored ? (stored.Status, stored.BlockIndex, stored.Code) : (null, null, null);

    private static Dictionary<Hash256, (TransactionStatus, long?, string?)> LastWords(LoopScenario node) => node.Events
        .OfType<NodeEvent.TransactionDecided>()
        .GroupBy(decided => decided.Id)
        .ToDictionary(decisions => decisions.Key, decisions => (decisions.Last().Status, decisions.Last().BlockIndex, decisions.Last().Refusal?.Code));

    private static IEnumerable<(Hash256, long?)> Confirmations(LoopScenario node) => node.Events
        .OfType<NodeEvent.TransactionDecided>()
        .Where(decided => decided.Status == TransactionStatus.Confirmed)
        .Select(decided => (decided.Id, decided.BlockIndex));

    // Branches that fight each other for the same few seats, and cut into runs of any length. Who lost a seat to a block that left our branch has lost it to a
    // transaction that returned before, so that judging once and judging often must agree.
    private sealed class World
    {
        private readonly Random _random;

        public World(Random random)
        {
            _random = random;
            var trunk = new TestChain(new InMemoryBlockStore(), name: "trunk");
            var created = trunk.CreateEvent();
            var concert = EventId.Of(created.Id);
            trunk.Seal(created, trunk.Issue(concert, 0, [.. Enumerable.Range(0, Tickets).Select(seat => $"A-{seat}")]));
            Wishes = [.. Enumerable.Range(0, Tickets).SelectMany(seat => new[] { Alice, Bob, Gate }.Select(who => trunk.Buy(who, IssueTickets.TicketOf(concert, 0, $"A-{seat}"))))];

            var branches = new List<TestChain> { trunk };
            var blocks = trunk.Blocks.ToList();
            for (var round = 0; round < 12; round++)
            {
                var chain = branches[random.Next(branches.Count)];
                if (branches.Count < 4 && random.Next(3) == 0) branches.Add(chain = chain.Fork(Math.Max(1, chain.Chain.Tip.Header.Index - random.Next(3)), $"branch-{round}"));
                for (var i = random.Next(1, 5); i > 0; i--) blocks.Add(Grow(chain));
            }

            Runs = [.. Cut(blocks)];
        }

        public List<VerifiedTransaction> Wishes { get; }

        public VerifiedBlock[][] Runs { get; }

        private VerifiedBlock Grow(TestChain chain)
        {
            chain.Admit(chain.TopUp(Alice, 1));
            for (var i = 0; i < 2; i++)
            {
                var wish = Wishes[_random.Next(Wishes.Count)];
                if (chain.Pending.Admit(wish, chain.Chain.NextContext(chain.Now), chain.Now).IsAccepted) chain.Admit(wish);
            }

            return chain.Seal();
        }

        private IEnumerable<VerifiedBlock[]> Cut(List<VerifiedBlock> blocks)
        {
            for (var at = 0; at < blocks.Count;)
            {
                var run = blocks.Skip(at).Take(_random.Next(1, 9)).ToArray();
                at += run.Length;
                yield return run;
            }
        }
    }
}
