using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

// S0.3, S0.6, S2.1, S4.10: what a block must be to follow another.
public class BlockchainTests
{
    private static readonly Person Anna = "anna";

    private readonly TestChain _node = new(TestSpec.Of(difficulty: 4));
    private readonly Scenario _people = new();

    [Fact]
    public void A_chain_starts_with_its_genesis_and_an_empty_ledger()
    {
        _node.Chain.Tip.Hash.Should().Be(_node.Spec.Genesis.Hash);
        _node.Chain.Tip.Weight.Should().Be(UInt128.Zero);
        _node.Chain.Count.Should().Be(1);
        _node.Chain.MedianTime.Should().Be(_node.Spec.GenesisTime);
        LedgerContent.Of(_node.Chain.Ledger).Should().Be(LedgerContent.Of(Core.Ledger.LedgerState.Empty));
    }

    [Fact]
    public void A_block_extends_the_tip_and_its_weight_is_two_to_the_power_of_its_bits()
    {
        var first = _node.Block(transactions: [_people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 100, "one"))]);
        var update = _node.Accepts(first);

        update.Connected.Should().ContainSingle().Which.Weight.Should().Be((UInt128)16);
        update.Side.Should().BeNull();
        _node.Chain.Tip.Should().Be(new ChainNode(first.Header, 16));
        _node.Chain.Ledger.BalanceOf(Anna.Address).Should().Be(100);
        _node.Accepts(_node.Block());
        _node.Chain.Tip.Weight.Should().Be((UInt128)32);
    }

    [Fact]
    public void A_block_is_taken_once()
    {
        var block = _node.Block();
        _node.Accepts(block);

        _node.Refuses("block_exists", block);
        _node.Refuses("block_exists", VerifiedBlock.Restore(_node.Spec.Genesis));
    }

    [Fact]
    public void A_block_whose_parent_is_unknown_may_come_again_later()
    {
        var blocks = _node.Branch(_node.Tip, 2);

        _node.Refuses("unknown_parent", blocks[1]).Kind.Should().Be(RefusalKind.Transient);
        _node.Accepts(blocks[0]);
        _node.Accepts(blocks[1]);
    }

    [Fact]
    public void A_header_must_fit_its_chain_and_its_parent()
    {
        _node.Accepts(_node.Block());

        _node.Refuses("invalid_header", _node.Block(change: header => header with { Version = 2 }));
        _node.Refuses("invalid_header", _node.Block(change: header => header with { StateRoot = Hash256.Sha256([]) }));
        _node.Refuses("wrong_chain", _node.Block(change: header => header with { Chain = Hash256.Sha256("another"u8) }));
        _node.Refuses("invalid_header", _node.Block(change: header => header with { Index = 1 }));
        _node.Refuses("invalid_header", _node.Block(change: header => header with { Index = 3 }));
        _node.Refuses("invalid_work", _node.Block(difficulty: 3));
        _node.Refuses("invalid_work", _node.Block(difficulty: 5));
    }

    [Fact]
    public void A_block_without_work_is_refused()
    {
        var block = _node.Block();
        var header = block.Header;
        do header = header with { Nonce = header.Nonce + 1 };
        while (header.Hash.Span[0] < 0x10);

        _node.Refuses("invalid_work", VerifiedBlock.Of(header, block.Transactions, null));
    }

    [Fact]
    public void A_block_must_be_later_than_the_median_of_the_11_before_it()
    {
        foreach (var block in _node.Branch(_node.Tip, 20)) _node.Accepts(block);
        var median = _node.Tip.Timestamp - 5_000;
        _node.Chain.MedianTime.Should().Be(median);

        _node.Refuses("invalid_time", _node.Block(at: median)).Kind.Should().Be(RefusalKind.Invalid);
        _node.Accepts(_node.Block(at: median + 1));
    }

    [Fact]
    public void A_block_may_be_two_minutes_ahead_and_one_further_ahead_may_come_again_later()
    {
        var early = _node.Block(at: _node.Now + 120_001);
        _node.Refuses("invalid_time", early).Kind.Should().Be(RefusalKind.Transient);
        _node.Now++;

        _node.Accepts(early);
    }

    [Fact]
    public void A_block_from_the_future_without_work_is_not_asked_to_come_again()
    {
        var block = _node.Block(at: _node.Now + 200_000);
        var header = block.Header;
        do header = header with { Nonce = header.Nonce + 1 };
        while (header.Hash.Span[0] < 0x10);

        _node.Refuses("invalid_work", VerifiedBlock.Of(header, block.Transactions, null)).Kind.Should().Be(RefusalKind.Invalid);
    }

    [Fact]
    public void A_block_with_a_refused_transaction_is_invalid_for_good_and_so_are_its_children()
    {
        var bad = _node.Block(transactions: [_people.Sign(Anna, Wish.Pay("boris", 1))]);

        _node.Refuses("insufficient_funds", bad).Kind.Should().Be(RefusalKind.Invalid);
        _node.Refuses("invalid_block", bad);
        _node.Refuses("invalid_parent", _node.Block(bad.Header)).Kind.Should().Be(RefusalKind.Invalid);
        _node.Accepts(_node.Block());
    }

    [Fact]
    public void Of_what_follows_an_invalid_block_the_header_is_remembered_and_never_the_body()
    {
        var bad = _node.Block(transactions: [_people.Sign(Anna, Wish.Pay("boris", 1))]);
        _node.Refuses("insufficient_funds", bad);
        var child = _node.Block(bad.Header);
        foreach (var block in _node.Branch(_node.Tip, 3)) _node.Accepts(block);

        _node.Offers(child).Side.Should().BeNull();
        _node.Refuses("invalid_block", child);
        _node.Refuses("invalid_parent", _node.Block(child.Header)).Kind.Should().Be(RefusalKind.Invalid, "or a peer would be asked for its parent for ever");
    }

    [Fact]
    public void What_follows_an_invalid_block_is_remembered_only_when_it_shows_its_work()
    {
        var bad = _node.Block(transactions: [_people.Sign(Anna, Wish.Pay("boris", 1))]);
        _node.Refuses("insufficient_funds", bad);
        var child = _node.Block(bad.Header);
        var lazy = child.Header;
        do lazy = lazy with { Nonce = lazy.Nonce + 1 };
        while (lazy.Hash.Span[0] < 0x10);
        var count = _node.Chain.Count;

        _node.Refuses("invalid_work", VerifiedBlock.Of(lazy, child.Transactions, null));
        _node.Refuses("invalid_work", _node.Block(bad.Header, difficulty: 0));
        _node.Chain.Count.Should().Be(count);
    }

    [Theory]
    [InlineData(2_592_001)]
    [InlineData(9_007_199_254_740_991)]
    public void What_came_too_early_in_a_block_never_becomes_right(long ahead)
    {
        var at = (_node.Tip.Timestamp / 1_000) + 1;
        var bad = _node.Block(transactions: [_people.Sign(Anna, Wish.Record(1), validUntil: Math.Min(at + ahead, Operation.MaxAmount))]);

        _node.Refuses("too_far_ahead", bad).Kind.Should().Be(RefusalKind.Invalid, "a block's time is written in it");
    }

    [Fact]
    public void All_or_nothing_of_a_block_is_applied()
    {
        var before = LedgerContent.Of(_node.Chain.Ledger);
        _node.Refuses("reference_used", _node.Block(transactions: [_people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 1, "same")), _people.Sign(TestSpec.Bank, Wish.TopUp(Anna, 1, "same"))]));

        LedgerContent.Of(_node.Chain.Ledger).Should().Be(before);
    }

    [Fact]
    public void The_same_transaction_twice_in_a_block_or_in_two_is_refused()
    {
        var note = _people.Sign(Anna, Wish.Record(1));

        _node.Refuses("transaction_exists", _node.Block(transactions: [note, note]));
        _node.Accepts(_node.Block(transactions: [note]));
        _node.Refuses("transaction_exists", _node.Block(transactions: [note]));
    }

    // Or it could be replayed: what expired by the time of one block is not forgotten while another may be timed before that.
    [Fact]
    public void A_block_that_is_timed_before_the_one_it_follows_does_not_hold_a_transaction_again()
    {
        foreach (var block in _node.Branch(_node.Tip, 11)) _node.Accepts(block);
        var at = _node.Tip.Timestamp + 1_000;
        var note = _people.Sign(Anna, Wish.Record(1), validUntil: at / 1_000);
        _node.Accepts(_node.Block(transactions: [note], at: at));
        _node.Accepts(_node.Block(at: at + 60_000));

        _node.Refuses("transaction_exists", _node.Block(transactions: [note], at: at));
    }

    [Fact]
    public void What_the_ledger_remembers_is_what_no_median_time_has_passed_yet()
    {
        var remembered = new List<long>();
        for (var i = 0; i < 40; i++)
        {
            var at = (_node.Chain.MedianTime + 1_000) + (i * 7_919 % 13 * 1_000);
            remembered.Add((at / 1_000) + (i % 5));
            _node.Accepts(_node.Block(transactions: [_people.Sign(Anna, Wish.Record(i), validUntil: remembered[^1])], at: at));

            _node.Chain.Ledger.Seen.Select(entry => entry.Key.Number).Should().Equal(remembered.Where(last => last >= _node.Chain.MedianTime / 1_000).Order());
        }
    }

    // S3.3: a changed body does not fit the header, so it says nothing about the block that the header names.
    [Fact]
    public void A_changed_body_under_a_good_header_does_not_poison_the_block()
    {
        var good = _node.Block(transactions: [_people.Sign(Anna, Wish.Record(1)), _people.Sign(Anna, Wish.Record(2))]);
        var swapped = new Block(good.Header, [good.Block.Transactions[1], good.Block.Transactions[0]]);
        var resigned = new Block(good.Header, [new Transaction(good.Block.Transactions[0].Payload, [Anna.Sign(good.Block.Transactions[0].Id)]), good.Block.Transactions[1]]);

        foreach (var changed in new[] { swapped, resigned, new Block(good.Header, []) })
            VerifiedBlock.Verify(changed, Scenario.Verifier).Refusal!.Code.Should().Be("invalid_root");
        _node.Accepts(VerifiedBlock.Verify(good.Block, Scenario.Verifier).Value);
    }

    [Fact]
    public void A_block_holds_no_more_transactions_than_the_chain_allows()
    {
        var node = new TestChain(TestSpec.Of(reward: 1, maxTransactions: 3));
        VerifiedTransaction[] notes = [.. Enumerable.Range(0, 3).Select(i => _people.Sign(Anna, Wish.Record(i)))];

        node.Refuses("block_too_large", node.Block(transactions: notes));
        node.Accepts(node.Block(transactions: notes[..2]));
    }

    [Fact]
    public void A_block_takes_no_more_bytes_than_the_chain_allows()
    {
        const int Limit = 128 * 1024;
        var node = new TestChain(TestSpec.Of(maxSize: Limit));
        VerifiedTransaction[] notes = [.. Enumerable.Range(0, 29).Select(i => _people.Sign(Anna, Wish.Record(new string('x', 4_094))))];
        var size = node.Block(transactions: notes).Block.Size;
        var rest = Limit - size;
        var one = _people.Sign(Anna, Wish.Record(string.Empty)).Transaction.Size;
        rest.Should().BeInRange(one, one + 4_094);

        var exact = node.Block(transactions: [.. notes, _people.Sign(Anna, Wish.Record(new string('y', rest - one)))]);
        var over = node.Block(transactions: [.. notes, _people.Sign(Anna, Wish.Record(new string('y', rest - one + 1)))]);
        exact.Block.Size.Should().Be(Limit);
        exact.Block.Encode().Should().HaveCount(Limit);
        node.Refuses("block_too_large", over);
        node.Accepts(exact);
    }

    [Fact]
    public void A_restored_chain_goes_on_where_it_was()
    {
        foreach (var block in _node.Branch(_node.Tip, 15)) _node.Accepts(block);
        var headers = new List<ChainNode>();
        for (var at = _node.Chain.Tip; ; at = _node.Chain.Find(at.Header.Previous)!)
        {
            headers.Add(at);
            if (at.Header.Index == 0) break;
        }

        var restored = Blockchain.Restore(_node.Spec, new Core.Consensus.ProofOfWork.ProofOfWorkVerifier(_node.Spec, TestChain.Keys), headers, _node.Chain.Tip.Hash, _node.Chain.Ledger);
        restored.MedianTime.Should().Be(_node.Chain.MedianTime);
        var next = _node.Block();
        restored.Add(next, _node.Now, _node.Archive).Chain.Tip.Should().Be(_node.Accepts(next).Chain.Tip);
        var lost = () => Blockchain.Restore(_node.Spec, new Core.Consensus.ProofOfWork.ProofOfWorkVerifier(_node.Spec, TestChain.Keys), headers, Hash256.Sha256([]), _node.Chain.Ledger);
        lost.Should().Throw<ArgumentException>();
    }
}
