using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

public sealed class BlockChecksTests : IDisposable
{
    private const int Count = 60;

    private readonly P256Verifier _keys = new(16);
    private readonly TestChain _chain = new(new InMemoryBlockStore());
    private readonly VerifiedBlock _block;

    public BlockChecksTests() => _block = _chain.Forge([.. Enumerable.Range(1, Count).Select(amount => _chain.TopUp(Alice, amount))]);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void A_block_checked_on_all_cores_is_the_block_checked_one_by_one()
    {
        var verified = BlockChecks.Verify(_block.Block, new TransactionVerifier(_keys)).Value;
        verified.Transactions.Select(transaction => transaction.Transaction).Should().Equal(_block.Block.Transactions);
        verified.Transactions.Select(transaction => transaction.Signers).Should().Equal(_block.Transactions.Select(transaction => transaction.Signers));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Count / 2)]
    [InlineData(Count)]
    public void One_wrong_signature_anywhere_is_found_and_named(int at)
    {
        var refusal = BlockChecks.Verify(With(at), new TransactionVerifier(_keys)).Refusal!;
        refusal.Code.Should().Be(RefusalCodes.SignatureInvalid);
        refusal.Detail.Should().Contain(_block.Transactions[at].Id.ToString());
    }

    [Fact]
    public void Of_several_wrong_signatures_the_first_is_named()
    {
        BlockChecks.Verify(With(7, 8, 50), new TransactionVerifier(_keys)).Refusal!.Detail.Should().Contain(_block.Transactions[7].Id.ToString());
    }

    [Fact]
    public void What_is_known_to_be_right_is_taken_as_it_is_and_only_with_the_same_signature()
    {
        var known = _block.Transactions[5];
        VerifiedTransaction? Known(Hash256 id) => id == known.Id ? known : null;

        BlockChecks.Verify(_block.Block, new TransactionVerifier(_keys), Known).Value.Transactions[5].Should().BeSameAs(known);
        BlockChecks.Verify(With(5), new TransactionVerifier(_keys), Known).Refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid);
    }

    [Fact]
    public void A_block_of_transactions_that_all_wait_here_costs_no_signature_check()
    {
        var known = _block.Transactions.ToDictionary(transaction => transaction.Id);
        var received = Block.Decode(_block.Block.Encode(), int.MaxValue).Value;

        var verified = BlockChecks.Verify(received, new TransactionVerifier(_keys), known.GetValueOrDefault).Value;

        verified.Transactions.Should().Equal(_block.Transactions);
        _keys.Checks.Should().Be(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(BlockChecks.LeastInParallel + 1)]
    public void Of_a_block_whose_transactions_wait_here_in_part_the_others_are_checked_and_only_they(int others)
    {
        var known = _block.Transactions.Skip(others).ToDictionary(transaction => transaction.Id);

        BlockChecks.Verify(_block.Block, new TransactionVerifier(_keys), known.GetValueOrDefault).IsAccepted.Should().BeTrue();

        var rewards = _block.Transactions.Take(others).Count(transaction => transaction.Payload.Operation is Reward);
        _keys.Checks.Should().Be(others - rewards);
    }

    [Fact]
    public void A_body_that_is_not_the_headers_costs_no_signature_check()
    {
        var cut = new Block(_block.Header, [.. _block.Block.Transactions.Skip(1)]);
        BlockChecks.Verify(cut, new TransactionVerifier(_keys)).Refusal!.Code.Should().Be(RefusalCodes.InvalidRoot);
        _keys.Checks.Should().Be(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(29)]
    public void Of_many_small_blocks_those_before_the_first_bad_one_are_right(int at)
    {
        var blocks = Small(30);
        BlockChecks.Verify(blocks, new TransactionVerifier(_keys)).Refusal.Should().BeNull();
        var broken = blocks.ToArray();
        broken[at] = Forged(blocks[at], 1);
        if (at < 29) broken[at + 1] = Forged(blocks[at + 1], 1);

        var (verified, refusal) = BlockChecks.Verify(broken, new TransactionVerifier(_keys));

        verified.Select(block => block.Block).Should().Equal(blocks.Take(at));
        refusal!.Code.Should().Be(RefusalCodes.SignatureInvalid);
        refusal.Detail.Should().Contain(blocks[at].Transactions[1].Id.ToString());
    }

    [Fact]
    public void Of_many_small_blocks_what_comes_with_or_after_a_body_that_is_not_the_headers_costs_no_signature_check()
    {
        var blocks = Small(30);
        blocks[0] = new Block(blocks[0].Header, [.. blocks[0].Transactions.Skip(1)]);
        BlockChecks.Verify(blocks, new TransactionVerifier(_keys)).Refusal!.Code.Should().Be(RefusalCodes.InvalidRoot);
        _keys.Checks.Should().Be(0);
    }

    private Block[] Small(int count) => [.. Enumerable.Range(1, count).Select(amount => _chain.Seal(_chain.TopUp(Alice, amount)).Block)];

    // The same block with some signatures replaced by ones of another digest, and a header that commits to that.
    private Block With(params int[] forged) => Forged(_block.Block, forged);

    private static Block Forged(Block block, params int[] forged)
    {
        var transactions = block.Transactions.Select((transaction, i) => forged.Contains(i) ? new Transaction(transaction.Payload, [Bank.Sign(Hash256.Zero)]) : transaction).ToArray();
        return new Block(block.Header with { TransactionsRoot = MerkleTree.Root([.. transactions.Select(transaction => transaction.Leaf)]) }, [.. transactions]);
    }
}
