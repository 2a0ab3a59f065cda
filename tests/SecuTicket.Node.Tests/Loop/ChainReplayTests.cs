using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

/// <summary>A chain built anew from bytes: nothing of them is believed.</summary>
public sealed class ChainReplayTests : IDisposable
{
    private readonly P256Verifier _keys = new(64);
    private readonly TestChain _chain = new(new InMemoryBlockStore());

    public ChainReplayTests()
    {
        // Enough in one block that its signatures are checked by several threads.
        _chain.Seal([.. Enumerable.Range(0, 20).Select(i => _chain.TopUp(Alice, 10 + i))]);
        for (var i = 0; i < 6; i++) _chain.Seal(_chain.Sign(Alice, "transfer", ("recipient", Bob), ("amount", 1 + i)));
    }

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(64)]
    public void Blocks_give_the_chain_that_they_are_of_however_they_come(int together)
    {
        var replay = Replay();
        var places = new List<int>();
        foreach (var batch in Bytes().Chunk(together))
        {
            replay.Add(batch, (place, block) =>
            {
                (block is null).Should().Be(replay.Chain.Tip.Header.Index == 0);
                places.Add(place);
                return null;
            }).Should().BeNull();
        }

        replay.Chain.Tip.Should().Be(_chain.Chain.Tip);
        Storage.StoreContent.Of(replay.Chain.Ledger).Should().Be(Storage.StoreContent.Of(_chain.Chain.Ledger));
        replay.Progress.Should().Be(new ReplayProgress(_chain.Chain.Tip.Header, _chain.Chain.Tip.Weight, 8, 21 + (6 * 2)));
        replay.Next.Should().Be(8);
        places.Should().Equal(Enumerable.Range(0, 8).Select(i => i % together));
    }

    [Fact]
    public void The_first_block_that_is_not_valid_is_named_and_what_is_before_it_stands()
    {
        var bytes = Bytes();
        Fault(4, "invalid_link", [.. bytes[..4], .. bytes[5..]]);
        Fault(0, "invalid_block", bytes[1..]);
        Fault(0, "invalid_block", [Damaged(bytes[0], 150), .. bytes[1..]]);
        Fault(3, "invalid_root", [.. bytes[..3], Damaged(bytes[3], bytes[3].Length - 1), .. bytes[4..]]);
        Fault(3, "invalid_block", [.. bytes[..3], bytes[3][..^1], .. bytes[4..]]);
        Fault(5, "invalid_work", [.. bytes[..5], Lazy(_chain.Blocks[4].Block)]);
        Fault(2, "signature_invalid", [.. bytes[..2], Forged(2, new Transaction(_chain.Blocks[1].Transactions[1].Payload, [_chain.Blocks[2].Transactions[1].Transaction.Signatures[0]]))]);
        Fault(2, "insufficient_funds", [.. bytes[..2], Forged(2, _chain.Sign(Bob, "transfer", ("recipient", Alice), ("amount", 1_000_000)).Transaction)]);

        void Fault(long index, string code, ReadOnlyMemory<byte>[] blocks)
        {
            var replay = Replay();
            var fault = replay.Add(blocks)!;

            (fault.Index, fault.Refusal.Code).Should().Be((index, code), fault.Refusal.Detail);
            replay.Next.Should().Be(index);
            replay.Progress.Blocks.Should().Be(index);
        }
    }

    [Fact]
    public void Whoever_looks_on_may_refuse_and_a_run_may_be_given_up()
    {
        var fault = Replay().Add(Bytes(), (place, _) => place == 3 ? new Refusal("state_mismatch", "so") : null)!;
        fault.Should().BeEquivalentTo(new { Index = 3, Refusal = new { Code = "state_mismatch" } });

        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        ((Action)(() => Replay().Add(Bytes(), cancellation: stopped.Token))).Should().Throw<OperationCanceledException>();
    }

    private ChainReplay Replay() => ChainReplay.FromGenesis(_chain.Spec, new ProofOfWorkVerifier(_chain.Spec, _keys), new TransactionVerifier(_keys), Later);

    private ReadOnlyMemory<byte>[] Bytes() => [.. _chain.Store.ReadChain(0).Select(block => block.Bytes)];

    private static ReadOnlyMemory<byte> Damaged(ReadOnlyMemory<byte> bytes, int at)
    {
        var damaged = bytes.ToArray();
        damaged[at] ^= 1;
        return damaged;
    }

    private static ReadOnlyMemory<byte> Lazy(Block block)
    {
        var header = block.Header;
        while (ProofOfWork.LeadingZeroBits(header.Hash.Span) >= header.Difficulty) header = header with { Nonce = header.Nonce + 1 };
        return new Block(header, block.Transactions).Encode();
    }

    // The block of that index with another transaction, its work done.
    private ReadOnlyMemory<byte> Forged(int index, Transaction transaction)
    {
        var block = new Block(_chain.Blocks[index - 1].Header, [_chain.Blocks[index - 1].Block.Transactions[0], transaction]);
        var header = block.Header with { TransactionsRoot = block.ComputeTransactionsRoot() };
        header = header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };
        return new Block(header, block.Transactions).Encode();
    }

    internal static TimeProvider Later { get; } = new FixedTime(DateTimeOffset.FromUnixTimeMilliseconds(GenesisTime).AddDays(1));

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
