using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Blocks;

// S4.12: blocks are relayed in short.
public class CompactBlockTests
{
    private const int MaxTransactions = 10_000;
    private const int MaxBlockSize = 2 * 1024 * 1024;

    private static readonly CompactBlock Golden = CompactBlock.Of(GoldenBlock.Block);

    [Fact]
    public void The_reward_is_given_in_full_and_the_others_are_named_by_the_block_and_their_leaf()
    {
        var digest = Hash256.Sha256([.. GoldenBlock.Block.Hash.Span, .. GoldenBlock.Purchase.Leaf.Span]);

        (Golden.Hash, Golden.Count, Golden.Header).Should().Be((GoldenBlock.Block.Hash, 2, GoldenBlock.Block.SealedHeader));
        Golden.Given.Should().Equal(new PlacedTransaction(0, GoldenBlock.Reward));
        Golden.ShortIds.Select(id => $"{id.Value:x12}").Should().Equal(digest.ToString()[..12]);
        CompactBlock.Of(new Block(GoldenBlock.Header, [GoldenBlock.Purchase])).Given.Should().BeEmpty("a chain may have no reward");
    }

    [Fact]
    public void The_form_is_header_seal_count_the_given_and_short_ids()
    {
        var id = new byte[ShortId.Size];
        Golden.ShortIds[0].Write(id);

        Golden.Encode().Should().Equal([.. GoldenBlock.Header.Encode(), 0, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, .. GoldenBlock.Reward.Encode(), .. id]);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var random = new Random(12);
        for (var run = 0; run < 100; run++)
        {
            var block = BlockOf(random.Next(20), run % 2 == 0, run % 3 == 0 ? ((Person)"sealer").Scribble() : null);
            var compact = Give(CompactBlock.Of(block), block, random);
            var bytes = compact.Encode();

            bytes.Should().HaveCount(compact.Size);
            bytes.Length.Should().BeLessThanOrEqualTo(CompactBlock.MaxSize(block.Transactions.Count, block.Size));
            var read = CompactBlock.Decode(bytes, block.Transactions.Count, block.Size).Value;
            (read.Header, read.Count, read.ShortIds).Should().Be((compact.Header, compact.Count, compact.ShortIds));
            read.Given.Select(one => (one.Place, one.Transaction.Leaf)).Should().Equal(compact.Given.Select(one => (one.Place, one.Transaction.Leaf)));
            read.Encode().Should().Equal(bytes);
        }
    }

    [Fact]
    public void A_block_of_known_transactions_costs_few_bytes()
    {
        CompactBlock.Of(BlockOf(999, true)).Size.Should().BeLessThan(7 * 1_000);
        CompactBlock.Of(BlockOf(99, true)).Size.Should().BeLessThan(940);
    }

    [Fact]
    public void Cut_off_anywhere_or_followed_by_anything_it_is_refused()
    {
        var bytes = Golden.Encode();

        for (var length = 0; length < bytes.Length; length++) Decode(bytes.AsSpan(0, length)).IsAccepted.Should().BeFalse();
        Decode([.. bytes, 0]).Refusal!.Code.Should().Be("invalid_block");
    }

    [Fact]
    public void No_two_byte_strings_are_one_compact_block()
    {
        var random = new Random(13);
        var bytes = CompactBlock.Of(BlockOf(5, true)).Encode();
        for (var i = 0; i < 3_000; i++)
        {
            var at = random.Next(bytes.Length);
            byte[] changed = random.Next(3) switch
            {
                0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
                1 => [.. bytes[..at], .. bytes[(at + 1)..]],
                _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
            };
            if (Decode(changed).TryGet(out var read, out _)) read.Encode().AsSpan().SequenceEqual(changed).Should().BeTrue();
        }
    }

    [Fact]
    public void Counts_and_bytes_beyond_the_chains_limits_are_refused_before_they_cost_memory()
    {
        var bytes = Golden.Encode();
        CompactBlock.Decode(bytes, 2, MaxBlockSize).IsAccepted.Should().BeTrue();
        CompactBlock.Decode(bytes, 1, MaxBlockSize).Refusal!.Code.Should().Be("block_too_large");
        CompactBlock.Decode(bytes, 2, bytes.Length - CompactBlock.MaxSize(2, 0)).IsAccepted.Should().BeTrue();
        CompactBlock.Decode(bytes, 2, bytes.Length - CompactBlock.MaxSize(2, 0) - 1).Refusal!.Code.Should().Be("block_too_large");

        foreach (var (first, last) in ((byte, byte)[])[(0x7f, 2), (0xff, 2), (0, 3)])
        {
            foreach (var at in (int[])[BlockHeader.Size + 1, BlockHeader.Size + 5])
            {
                var changed = bytes.ToArray();
                (changed[at], changed[at + 3]) = (first, last);
                var before = GC.GetAllocatedBytesForCurrentThread();
                CompactBlock.Decode(changed, int.MaxValue / ShortId.Size, MaxBlockSize).IsAccepted.Should().BeFalse();
                (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000);
            }
        }

        var allGiven = bytes.ToArray();
        (allGiven[BlockHeader.Size + 1], allGiven[BlockHeader.Size + 5]) = (0x10, 0x10);
        (allGiven[BlockHeader.Size + 4], allGiven[BlockHeader.Size + 8]) = (0, 0);
        var start = GC.GetAllocatedBytesForCurrentThread();
        CompactBlock.Decode(allGiven, int.MaxValue / ShortId.Size, MaxBlockSize).Refusal!.Code.Should().Be("invalid_block", "as many given as there are, and hardly a byte of them");
        (GC.GetAllocatedBytesForCurrentThread() - start).Should().BeLessThan(100_000);
    }

    [Fact]
    public void Those_given_stand_in_the_order_of_their_places_each_once()
    {
        var block = BlockOf(3, true);
        CompactBlock Given(params int[] places) =>
            CompactBlock.Of(block) with { ShortIds = [new ShortId(1), new ShortId(2)], Given = [.. places.Select(place => new PlacedTransaction(place, block.Transactions[place % 4]))] };

        Decode(Given(0, 3).Encode()).IsAccepted.Should().BeTrue();
        foreach (var places in (int[][])[[3, 0], [1, 1], [0, 4], [-4, 0]]) Decode(Given(places).Encode()).Refusal!.Code.Should().Be("invalid_block");
    }

    [Fact]
    public void A_given_transaction_at_fault_is_named_by_its_place()
    {
        var bytes = Golden.Encode();
        bytes[BlockHeader.Size + 1 + 12 + 4] ^= 1;

        Decode(bytes).Refusal!.Detail.Should().StartWith("Transaction 0:");
    }

    /// <summary>A block, whose transactions nobody would accept, of a reward and records of one person.</summary>
    internal static Block BlockOf(int records, bool rewarded, TransactionSignature? seal = null)
    {
        Transaction[] body = [.. rewarded ? (Transaction[])[GoldenBlock.Reward] : [], .. Enumerable.Range(0, records).Select(i => Record(i))];
        return new Block(GoldenBlock.Header with { TransactionsRoot = MerkleTree.Root([.. body.Select(one => one.Leaf)]) }, new EquatableArray<Transaction>(body), seal);
    }

    /// <summary>A transaction, the same for a number in every run.</summary>
    internal static Transaction Record(int number, Person? signer = null)
    {
        Person sender = "recorder";
        var payload = Payload.From(JsonValue.Object(
        [
            new("chain_id", JsonValue.Of("test-chain")),
            new("data", JsonValue.Object([])),
            new("nonce", JsonValue.Of($"nonce-{number:D10}")),
            new("sender", JsonValue.Of(sender.ToString())),
            new("type", JsonValue.Of("record")),
            new("valid_until", JsonValue.Of(1_900_000_000)),
        ])).Value;
        return new Transaction(payload, [(signer ?? sender).Scribble()]);
    }

    // The same block with some more of it given.
    private static CompactBlock Give(CompactBlock compact, Block block, Random random)
    {
        var given = Enumerable.Range(0, block.Transactions.Count).Where(place => compact.Given.Any(one => one.Place == place) || random.Next(4) == 0).ToArray();
        var first = block.Transactions.Count - compact.ShortIds.Count;
        return compact with
        {
            ShortIds = [.. Enumerable.Range(0, block.Transactions.Count).Except(given).Select(place => compact.ShortIds[place - first])],
            Given = [.. given.Select(place => new PlacedTransaction(place, block.Transactions[place]))],
        };
    }

    private static Verdict<CompactBlock> Decode(ReadOnlySpan<byte> bytes) => CompactBlock.Decode(bytes, MaxTransactions, MaxBlockSize);
}
