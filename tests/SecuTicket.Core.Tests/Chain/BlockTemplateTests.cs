using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

public class BlockTemplateTests
{
    private static readonly Person Anna = "anna";

    private readonly Scenario _people = new();

    [Fact]
    public void What_the_template_says_is_accepted_once_it_has_its_nonce()
    {
        var node = new TestChain(TestSpec.Of(difficulty: 6, reward: 100));
        for (var i = 0; i < 3; i++)
        {
            var template = BlockTemplate.Next(node.Chain, [_people.Sign(Scenario.Sealer, Wish.Pay(Anna, 30))], Scenario.Sealer.Address, TestSpec.GenesisSeconds * 1_000);
            template.Transactions.Count.Should().Be(2, "the reward can be spent in its own block");
            node.Accepts(Seal(template));
        }

        node.Chain.Ledger.BalanceOf(Anna.Address).Should().Be(90);
    }

    [Fact]
    public void A_refused_candidate_is_passed_over_and_what_needs_it_too()
    {
        var node = new TestChain();
        var topUp = _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 1, "one"));
        VerifiedTransaction[] candidates = [_people.Sign(Anna, Wish.Pay("boris", 1)), topUp, _people.Sign("boris", Wish.Pay(Anna, 1)), _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 1, "one"))];

        var template = BlockTemplate.Next(node.Chain, candidates, Anna.Address, node.Now - 999_000_000);
        template.Transactions.Should().Equal(topUp);
    }

    [Fact]
    public void A_template_is_no_larger_than_a_block_may_be()
    {
        var node = new TestChain(TestSpec.Of(reward: 1, maxTransactions: 3, maxSize: 128 * 1024));
        var notes = Enumerable.Range(0, 40).Select(i => _people.Sign(Anna, Wish.Record(i))).ToArray();
        var first = BlockTemplate.Next(node.Chain, notes, Anna.Address, Scenario.Start * 1_000);
        first.Transactions.Skip(1).Should().Equal(notes[..2]);
        node.Accepts(Seal(first));

        var large = new TestChain(TestSpec.Of(reward: 1, maxSize: 128 * 1024));
        var long40 = Enumerable.Range(0, 40).Select(i => _people.Sign(Anna, Wish.Record($"{i}" + new string('x', 4_000)))).ToArray();
        var second = BlockTemplate.Next(large.Chain, long40, Anna.Address, Scenario.Start * 1_000);
        second.Transactions.Count.Should().BeInRange(25, 35);
        second.Transactions.Skip(1).Should().Equal(long40[..(second.Transactions.Count - 1)]);
        large.Accepts(Seal(second)).Connected[0].Block.Block.Size.Should().BeInRange((128 * 1024) - 4_500, 128 * 1024);
    }

    // The seal comes later; its room is kept.
    [Fact]
    public void A_template_fills_a_block_to_the_last_byte_and_not_one_further()
    {
        const int Limit = 128 * 1024;
        var node = new TestChain(TestSpec.Of(reward: 1, maxSize: Limit, sealers: [Scenario.Sealer]));
        VerifiedTransaction[] notes = [.. Enumerable.Range(0, 29).Select(_ => _people.Sign(Anna, Wish.Record(new string('x', 4_094))))];
        var rest = Limit - node.Block(transactions: notes).Block.Size - _people.Sign(Anna, Wish.Record(string.Empty)).Transaction.Size;
        var exact = _people.Sign(Anna, Wish.Record(new string('y', rest)));
        var over = _people.Sign(Anna, Wish.Record(new string('y', rest + 1)));
        var now = TestSpec.GenesisSeconds * 1_000;

        node.Block(transactions: [.. notes, exact]).Block.Size.Should().Be(Limit);
        BlockTemplate.Next(node.Chain, [.. notes, exact], Scenario.Sealer.Address, now).Transactions.Count.Should().Be(31);
        BlockTemplate.Next(node.Chain, [.. notes, over], Scenario.Sealer.Address, now).Transactions.Count.Should().Be(30);
        BlockTemplate.OfAll(node.Chain, Waiting([.. notes, exact]), Scenario.Sealer.Address, now)!.Transactions.Count.Should().Be(31);
        BlockTemplate.OfAll(node.Chain, Waiting([.. notes, over]), Scenario.Sealer.Address, now).Should().BeNull();

        PendingSet Waiting(VerifiedTransaction[] all)
        {
            var edit = PendingSet.Empty(new MempoolLimits(), node.Chain.Ledger).Edit();
            foreach (var one in all) edit.Admit(one, node.Chain.NextContext(now), now).Refusal.Should().BeNull();
            return edit.ToSet();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void What_a_block_takes_before_its_first_transaction_is_known_beforehand(long reward)
    {
        var spec = TestSpec.Of(reward: reward, sealers: [Scenario.Sealer]);
        var first = new Transaction(Payload.OfReward(spec.ChainId, Scenario.Sealer.Address, Math.Max(1, reward), 1_000_000), []);

        BlockTemplate.Overhead(spec).Should().Be(new Block(spec.Genesis.Header, [first], Scenario.Sealer.Sign(default)).Size);
    }

    [Fact]
    public void Its_time_is_the_clock_s_or_just_after_the_median_and_its_difficulty_the_branch_s()
    {
        var node = new TestChain(TestSpec.Of(difficulty: 3));
        node.Accepts(node.Block(at: (TestSpec.GenesisSeconds + 100) * 1_000));

        BlockTemplate.Next(node.Chain, [], Anna.Address, 0).Header.Timestamp.Should().Be(node.Chain.MedianTime + 1);
        var later = BlockTemplate.Next(node.Chain, [], Anna.Address, node.Now).Header;
        later.Should().Be(new BlockHeader(1, node.Spec.ChainHash, 2, node.Tip.Hash, MerkleTree.Root([]), default, node.Now, 3, Anna.Address, 0));
        node.Chain.NextContext(0).Should().Be(new Core.Ledger.RuleContext(node.Spec, 2, node.Chain.MedianTime) { Parent = node.Tip.Hash });
        node.Chain.NextContext(node.Now).Time.Should().Be(node.Now);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Its_outcome_is_what_applying_its_block_gives_whatever_was_passed_over(int seed)
    {
        var node = new TestChain(TestSpec.Of(reward: 10));
        var life = new RandomLife(seed, node.Spec);
        for (var i = 0; i < 60; i++)
        {
            node.Now += 1_000 * new Random(seed + i).Next(600);
            var candidates = Enumerable.Range(0, 12).Select(_ => life.Next(node.Chain.Ledger, node.Now / 1_000)).ToArray();
            var template = BlockTemplate.Next(node.Chain, candidates, Scenario.Sealer.Address, node.Now);
            var block = Seal(template);

            var made = node.Chain.Add(block, node.Now, node.Archive, template).Connected[0].Outcome;
            made.Should().BeSameAs(template.Outcome, "nobody works it out again");
            var applied = node.Accepts(block).Connected[0].Outcome;
            LedgerContent.Of(made.State).Should().Be(LedgerContent.Of(applied.State));
            LedgerEncoding.Encode(made.Delta).Should().Equal(LedgerEncoding.Encode(applied.Delta));
            made.Effects.Should().Equal(applied.Effects);
        }

        node.Chain.Ledger.Seen.Count.Should().BeLessThan(300, "some were forgotten on the way");
    }

    [Fact]
    public void A_template_of_another_block_says_nothing()
    {
        var node = new TestChain(TestSpec.Of(reward: 10));
        const long Now = TestSpec.GenesisSeconds * 1_000;
        var block = Seal(BlockTemplate.Next(node.Chain, [], Scenario.Sealer.Address, Now));
        var other = BlockTemplate.Next(node.Chain, [_people.Sign(Scenario.Sealer, Wish.Pay(Anna, 3))], Scenario.Sealer.Address, Now);
        var later = BlockTemplate.Next(node.Chain, [], Scenario.Sealer.Address, Now + 1_000);
        var another = BlockTemplate.Next(node.Chain, [], Anna.Address, Now);

        foreach (var wrong in (BlockTemplate[])[other, later, another])
            ReferenceEquals(node.Chain.Add(block, node.Now, node.Archive, wrong).Connected[0].Outcome, wrong.Outcome).Should().BeFalse();
    }

    private static VerifiedBlock Seal(BlockTemplate template) => VerifiedBlock.Of(
        template.Header with { Nonce = ProofOfWork.Search(template.Header.Encode(), template.Header.Difficulty, 0, 1 << 20)!.Value }, template.Transactions, null);
}
