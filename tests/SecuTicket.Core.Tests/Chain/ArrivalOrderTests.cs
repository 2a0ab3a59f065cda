using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

/// <summary>Whatever the order in which blocks arrive, nodes that saw the same blocks agree.</summary>
public class ArrivalOrderTests
{
    public static IEnumerable<object[]> Seeds => Enumerable.Range(1, 25).Select(seed => new object[] { seed });

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_two_orders_of_a_tree_whose_heaviest_tip_is_unique_end_in_the_same_state(int seed)
    {
        var random = new Random(seed);
        var tree = new RandomTree(random, 24);
        var expected = LedgerContent.Of(tree.Best.State);

        for (var round = 0; round < 4; round++)
        {
            var order = tree.Blocks.ToArray();
            random.Shuffle(order);
            var node = new TestChain(tree.Spec);
            Deliver(node, order).Should().BeEmpty("what follows an invalid block is decided too");

            node.Tip.Hash.Should().Be(tree.Best.Header.Hash);
            node.Chain.Tip.Weight.Should().Be(tree.Best.Weight);
            LedgerContent.Of(node.Chain.Ledger).Should().Be(expected);
        }

        LedgerContent.CheckInvariants(tree.Best.State);
    }

    // As a node does: what has no parent yet is offered again when something new was accepted.
    private static List<VerifiedBlock> Deliver(TestChain node, IReadOnlyList<VerifiedBlock> order)
    {
        var waiting = order.ToList();
        for (var progress = true; progress;)
        {
            progress = false;
            foreach (var block in waiting.ToArray())
            {
                var refusal = node.Offers(block).Verdict.Refusal;
                if (refusal is { Code: RefusalCodes.UnknownParent }) continue;

                waiting.Remove(block);
                progress = true;
            }
        }

        return waiting;
    }

    /// <summary>A tree of blocks in which some spend money that is not there, and what a plain recursive reading makes of it.</summary>
    private sealed class RandomTree
    {
        private readonly Random _random;
        private readonly Scenario _people = new();
        private readonly TestChain _mint;
        private readonly List<Place> _places;

        public RandomTree(Random random, int size)
        {
            _random = random;
            Spec = TestSpec.Of(difficulty: 2, reward: 10, retargetInterval: 2, targetBlockTime: 10_000);
            _mint = new TestChain(Spec);
            _places = [new Place(Spec.Genesis.Header, 0, LedgerState.Empty, true, null)];
            for (var i = 0; i < size; i++) Grow(_places[_random.Next(Math.Max(0, _places.Count - 8), _places.Count)]);
            while (!Best.IsUniqueIn(_places)) Grow(Best);
        }

        public Core.Specification.ChainSpec Spec { get; }

        public List<VerifiedBlock> Blocks { get; } = [];

        public Place Best => _places.Where(place => place.IsValid).MaxBy(place => place.Weight)!;

        private void Grow(Place parent)
        {
            var pace = _random.Next(3) switch { 0 => 1_000, 1 => 10_000, _ => 40_000 };
            VerifiedTransaction[] transactions = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Wishful())];
            var difficulty = new Core.Consensus.ProofOfWork.ProofOfWorkVerifier(Spec, TestChain.Keys).DifficultyAfter(parent.Ancestor);
            var block = _mint.Block(parent.Header, transactions, (Person)$"sealer {_random.Next(3)}", parent.Header.Timestamp + pace, difficulty);
            var outcome = LedgerRules.Apply(parent.State, block, new RuleContext(Spec, block.Header.Index, block.Header.Timestamp), Core.Consensus.BlockTime.Median(new Place(block.Header, 0, parent.State, true, parent).Ancestor));
            var isValid = parent.IsValid && outcome.IsAccepted;
            Blocks.Add(block);
            _places.Add(new Place(block.Header, parent.Weight + (UInt128.One << (int)difficulty), isValid ? outcome.Value.State : parent.State, isValid, parent));
        }

        private VerifiedTransaction Wishful()
        {
            var (from, to) = ((Person)$"sealer {_random.Next(3)}", (Person)$"sealer {_random.Next(3)}");
            return _people.Sign(from, Wish.Pay(to, _random.Next(1, 15)), validUntil: TestSpec.GenesisSeconds + 10_000);
        }
    }

    private sealed record Place(BlockHeader Header, UInt128 Weight, LedgerState State, bool IsValid, Place? Parent)
    {
        public BlockHeader? Ancestor(int steps) => steps == 0 ? Header : Parent?.Ancestor(steps - 1);

        public bool IsUniqueIn(List<Place> places) => places.Count(place => place.IsValid && place.Weight == Weight) == 1;
    }
}
