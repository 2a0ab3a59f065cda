using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

/// <summary>A block of all that waits does what admission worked out: the same as if it came from somebody else, as bytes.</summary>
public class TakeOverTests
{
    private static readonly Person Anna = "anna";

    private readonly Scenario _people = new();

    // Whatever waits when a block is begun, whatever comes until it is sealed, blocks of others in between, and branches that are left.
    [Theory]
    [InlineData(1, 10_000, 0)]
    [InlineData(2, 10_000, 10)]
    [InlineData(3, 10_000, 10)]
    [InlineData(4, 10_000, 10)]
    [InlineData(5, 6, 10)]
    public void A_block_that_is_taken_over_is_what_its_bytes_are_and_what_waits_behind_it_is_as_if_judged_anew(int seed, int maxTransactions, long reward)
    {
        var life = new WaitingLife(seed, TestSpec.Of(reward: reward, maxTransactions: maxTransactions));
        for (var i = 0; i < 150; i++) life.GoesOn();

        life.TakenOver.Should().BeGreaterThan(15);
        life.Applied.Should().BeGreaterThan(15, "not every block can be taken over");
        life.Left.Should().BeGreaterThan(5, "branches were left on the way");
        life.Behind.Should().BeGreaterThan(15, "something waited behind blocks");
    }

    [Fact]
    public void Nothing_of_it_is_applied_again_and_both_ledgers_share_what_the_block_did_not_change()
    {
        var (node, set) = Market();

        var template = BlockTemplate.OfAll(node.Chain, set, Scenario.Sealer.Address, node.Now)!;

        template.Transactions.Skip(1).Should().Equal(set.InOrder.Select(entry => entry.Value.Transaction));
        foreach (var (ours, theirs) in template.Outcome.Effects.Skip(1).Zip(set.InOrder)) ours.Should().BeSameAs(theirs.Value.Effects);
        template.Outcome.State.OwnedTickets.Should().BeSameAs(set.State.OwnedTickets);
        template.Outcome.State.Tickets.Should().OnlyContain(ticket => ticket.Value.ChangedIn <= template.Header.Index);
    }

    [Fact]
    public void What_waits_behind_a_block_is_taken_over_by_the_next_one()
    {
        var (node, begun) = Market();
        var later = begun.Admit(_people.Sign(Anna, Wish.Pay("boris", 1)), node.Chain.NextContext(node.Now), node.Now).Value;
        var template = BlockTemplate.OfAll(node.Chain, begun, Scenario.Sealer.Address, node.Now)!;
        var connected = node.Chain.Add(Seal(template), node.Now, node.Archive, template);

        var left = later.After(begun, connected.Connected[0].Block, connected.Connected[0].Outcome)!;

        BlockTemplate.OfAll(connected.Chain, left, Scenario.Sealer.Address, node.Now + 1_000)!.Transactions.Count.Should().Be(2);
        BlockTemplate.OfAll(connected.Chain, later, Scenario.Sealer.Address, node.Now + 1_000).Should().BeNull("it was judged on another ledger");
    }

    // Each does in a block something else than it did while it waited, or may be refused there.
    [Fact]
    public void What_names_its_block_or_was_judged_at_a_time_that_is_over_or_yet_to_come_is_judged_for_the_block()
    {
        var concert = _people.Creates("organiser", gates: ["gate"], saleOpensAt: Scenario.Start, resale: new { resale = "free", opens_at = Scenario.Start - 50, closes_at = Scenario.Start + 50, @return = new { refund_percent = 100, until = Scenario.Start + 70 } });
        var (first, second) = (_people.Issues("organiser", concert, "A-1", 1), _people.Issues("organiser", concert, "A-2", 1));
        _people.Funds(Anna, 10);
        _people.Does(Anna, Wish.Purchase(first, 1));

        TimesOf(Wish.Record(1)).Should().Equal([-100, 0, 100, 3_600], "until it expires");
        TimesOf(Wish.Purchase(second, 1)).Should().Equal([0, 100, 3_600], "while the sale is open");
        TimesOf(Wish.List(first, 5)).Should().Equal([0], "while resale is open");
        TimesOf(Wish.Return(first)).Should().Equal([-100, 0], "while tickets are taken back");
        TimesOf(Wish.Redeem(first), "gate").Should().BeEmpty("it names the time");
        TimesOf(Wish.Issue(concert, 1, "A-3"), "organiser").Should().BeEmpty("it names the block");
        TimesOf(Wish.CreateEvent(), "organiser").Should().BeEmpty("it names the block");
        TimesOf(Wish.CancelEvent(concert), "organiser").Should().Equal([-100, 0, 100, 3_600]);
    }

    [Fact]
    public void A_reward_that_takes_the_room_of_a_top_up_is_not_taken_over()
    {
        var node = new TestChain(TestSpec.Of(reward: 100));
        var almost = _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, Operation.MaxAmount - 100, "one"));
        var full = _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, Operation.MaxAmount - 99, "two"));
        var context = node.Chain.NextContext(Scenario.Start * 1_000);
        var empty = PendingSet.Empty(new MempoolLimits(), node.Chain.Ledger);

        BlockTemplate.OfAll(node.Chain, empty.Admit(almost, context, 0).Value, Anna.Address, context.Time).Should().NotBeNull();
        BlockTemplate.OfAll(node.Chain, empty.Admit(full, context, 0).Value, Anna.Address, context.Time).Should().BeNull("the reward stands before it and would exceed the supply with it");
    }

    [Fact]
    public void More_than_a_block_holds_is_not_taken_over()
    {
        var notes = Enumerable.Range(0, 40).Select(i => _people.Sign(Anna, Wish.Record($"{i}" + new string('x', 4_000)))).ToArray();
        foreach (var spec in (ChainSpec[])[TestSpec.Of(reward: 1, maxTransactions: 3), TestSpec.Of(reward: 1, maxSize: 128 * 1024)])
        {
            var node = new TestChain(spec);
            var room = BlockTemplate.Next(node.Chain, notes, Anna.Address, Scenario.Start * 1_000).Transactions.Count - 1;

            OfFirst(node, room + 1).Should().BeNull();
            node.Accepts(Seal(OfFirst(node, room)!));
        }

        BlockTemplate? OfFirst(TestChain node, int count)
        {
            var edit = PendingSet.Empty(new MempoolLimits(), node.Chain.Ledger).Edit();
            var context = node.Chain.NextContext(Scenario.Start * 1_000);
            foreach (var note in notes[..count]) edit.Admit(note, context, 0).Refusal.Should().BeNull();
            return BlockTemplate.OfAll(node.Chain, edit.ToSet(), Anna.Address, context.Time);
        }
    }

    // Seconds after the admission at which a block could take it over.
    private int[] TimesOf(Wish wish, Person? who = null)
    {
        var node = new TestChain();
        var chain = Blockchain.Restore(node.Spec, new ProofOfWorkVerifier(node.Spec, TestChain.Keys), [node.Chain.Tip], node.Tip.Hash, _people.State);
        var context = chain.NextContext(Scenario.Start * 1_000);
        var set = PendingSet.Empty(new MempoolLimits(), chain.Ledger).Admit(_people.Sign(who ?? Anna, wish, validUntil: Scenario.Start + 3_600), context, 0).Value;
        return [.. ((int[])[-100, 0, 100, 3_600, 3_601]).Where(after => BlockTemplate.OfAll(chain, set, Anna.Address, (Scenario.Start + after) * 1_000) is not null)];
    }

    // A chain whose ledger has a sale, and six that wait.
    private (TestChain Node, PendingSet Set) Market()
    {
        var node = new TestChain(TestSpec.Of(reward: 7)) { Now = Scenario.Start * 1_000 };
        var creation = _people.Sign("organiser", Wish.CreateEvent());
        var concert = EventId.Of(creation.Id);
        node.Accepts(node.Block(transactions: [creation, _people.Sign("organiser", Wish.Issue(concert, 100, "A-1", "A-2")), _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 1_000, "one"))]));
        var (first, second) = (IssueTickets.TicketOf(concert, 0, "A-1"), IssueTickets.TicketOf(concert, 0, "A-2"));
        var edit = PendingSet.Empty(new MempoolLimits(), node.Chain.Ledger).Edit();
        foreach (var wish in (Wish[])[Wish.Purchase(first, 100), Wish.Purchase(second, 100), Wish.List(first, 50), Wish.Unlist(first), Wish.Give(second, "clara"), Wish.Pay(Scenario.Sealer, 5)])
            edit.Admit(_people.Sign(Anna, wish), node.Chain.NextContext(node.Now), node.Now).Refusal.Should().BeNull();
        return (node, edit.ToSet());
    }

    private static VerifiedBlock Seal(BlockTemplate template) => VerifiedBlock.Of(
        template.Header with { Nonce = ProofOfWork.Search(template.Header.Encode(), template.Header.Difficulty, 0, 1 << 20)!.Value }, template.Transactions, null);

    /// <summary>A node's chain and what waits there, while people wish things, blocks are made here and elsewhere, and branches are left.</summary>
    private sealed class WaitingLife(int seed, ChainSpec spec)
    {
        private readonly Random _random = new(seed);
        private readonly TestChain _node = new(spec) { Now = Scenario.Start * 1_000 };
        private readonly RandomLife _wishes = new(seed, spec);
        private PendingSet _waiting = PendingSet.Empty(new MempoolLimits(), LedgerState.Empty);

        public int TakenOver { get; private set; }

        public int Applied { get; private set; }

        public int Left { get; private set; }

        public int Behind { get; private set; }

        public void GoesOn()
        {
            // A clock goes wrong sometimes, and is put right.
            _node.Now += 1_000 * (_random.Next(6) == 0 ? _random.Next(-200, 400) : _random.Next(20));
            Admit();
            switch (_random.Next(8))
            {
                case 0: HearsABlock(); break;
                case 1: HearsABranch(); break;
                default: MakesABlock(); break;
            }

            LedgerContent.CheckInvariants(_node.Chain.Ledger);
            LedgerContent.CheckInvariants(_waiting.State);
        }

        private void Admit()
        {
            for (var groups = _random.Next(4); groups > 0; groups--)
            {
                var edit = _waiting.Edit();
                for (var i = _random.Next(4); i > 0; i--) edit.Admit(_wishes.Next(_waiting.State, _node.Now / 1_000), _node.Chain.NextContext(_node.Now), _node.Now);
                _waiting = edit.ToSet();
            }
        }

        private void MakesABlock()
        {
            var (begun, before) = (_waiting, _node.Chain);
            var taken = BlockTemplate.OfAll(before, begun, Scenario.Sealer.Address, _node.Now);
            var template = taken ?? BlockTemplate.Next(before, begun.InOrder.Select(entry => entry.Value.Transaction), Scenario.Sealer.Address, _node.Now);
            if (taken is null) Applied++;
            else if (begun.Count > 0) TakenOver++;
            Admit();
            _node.Now += _random.Next(3_000);
            if (_random.Next(6) == 0) _waiting = _waiting.Rebase(before.Ledger, before.NextContext(_node.Now), [], static _ => false, _node.Now).Set;

            var block = Seal(template);
            var made = before.Add(block, Math.Max(_node.Now, block.Header.Timestamp), _node.Archive, template).Connected[0].Outcome;
            made.Should().BeSameAs(template.Outcome);
            var read = VerifiedBlock.Restore(Block.Decode(block.Block.Encode(), int.MaxValue).Value);
            var applied = Accepts(read).Connected[0].Outcome;
            LedgerContent.Of(made.State).Should().Be(LedgerContent.Of(applied.State));
            LedgerEncoding.Encode(made.Delta).Should().Equal(LedgerEncoding.Encode(applied.Delta));
            made.Effects.Should().Equal(applied.Effects);
            LedgerContent.Of(LedgerEncoding.DecodeDelta(LedgerEncoding.Encode(made.Delta)).Undo(made.State)).Should().Be(LedgerContent.Of(before.Ledger));

            // The node goes on with what it made, as a node does.
            _node.Continue(before.Add(block, Math.Max(_node.Now, block.Header.Timestamp), _node.Archive, template).Chain);
            var (judged, rejected) = Judge([], block);
            var left = template.PassedOver ? null : _waiting.After(begun, block, made);

            // What time made impossible meanwhile is left for the next template to pass over.
            if (left is null || rejected.Count > 0)
            {
                _waiting = judged;
                return;
            }

            if (left.Count > 0) Behind++;
            left.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)).Should().Equal(judged.InOrder.Select(entry => (entry.Value.Id, entry.Value.Sequence, entry.Value.AdmittedAt)));
            left.ById.Select(entry => entry.Key).Should().Equal(judged.ById.Select(entry => entry.Key));
            (left.Size, left.NextSequence).Should().Be((judged.Size, judged.NextSequence));
            WithoutMoments(left.State).Should().Be(WithoutMoments(judged.State));
            _waiting = left;
        }

        private void HearsABlock()
        {
            var known = _waiting.InOrder.Select(entry => entry.Value.Transaction).Where(_ => _random.Next(2) == 0);
            var template = BlockTemplate.Next(_node.Chain, known, Anna.Address, _node.Now);
            var block = Seal(template);
            Accepts(VerifiedBlock.Restore(Block.Decode(block.Block.Encode(), int.MaxValue).Value));
            _waiting = Judge([], block).Set;
        }

        private void HearsABranch()
        {
            var depth = _random.Next(1, 4);
            if (_node.Tip.Index < depth) return;

            var fork = _node.Tip;
            for (var i = 0; i < depth; i++) fork = _node.Chain.Find(fork.Previous)!.Header;
            List<VerifiedTransaction> returning = [];
            foreach (var block in _node.Branch(fork, depth + 1, $"sealer {++Left}"))
                foreach (var left in Accepts(block).Disconnected.Reverse()) returning.AddRange(left.Block.Transactions.Where(transaction => transaction.Payload.Operation is not Reward));
            _waiting = Judge(returning).Set;
        }

        private (PendingSet Set, IReadOnlyList<RejectedTransaction> Rejected) Judge(IReadOnlyList<VerifiedTransaction> returning, VerifiedBlock? block = null) =>
            _waiting.Rebase(_node.Chain.Ledger, _node.Chain.NextContext(_node.Now), returning, id => block is not null && block.Transactions.Any(one => one.Id == id), _node.Now);

        private ChainUpdate Accepts(VerifiedBlock block)
        {
            var now = _node.Now;
            _node.Now = Math.Max(now, block.Header.Timestamp);
            var update = _node.Accepts(block);
            _node.Now = now;
            return update;
        }

        // A redemption that waits says when it was judged; all else must be the same.
        private static string WithoutMoments(LedgerState state) => System.Text.RegularExpressions.Regex.Replace(LedgerContent.Of(state), "At = [0-9]+", string.Empty);
    }
}
