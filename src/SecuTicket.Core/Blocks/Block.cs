using System.Buffers.Binary;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A header, its transactions, and the sealer's signature where the chain names its sealers.</summary>
public sealed class Block
{
    // Boxed: threads that share a block may make its root twice, but none sees half of one.
    private object? _root;

    /// <summary>Joins a header and its body, whether they belong together or not.</summary>
    public Block(BlockHeader header, EquatableArray<Transaction> transactions, TransactionSignature? seal = null)
    {
        Header = header;
        Transactions = transactions;
        Seal = seal;
        Size = SealedHeader.Size + sizeof(int);
        foreach (var transaction in transactions.Span) Size += transaction.Size;
    }

    /// <summary>What the block commits to.</summary>
    public BlockHeader Header { get; }

    /// <summary>The transactions in order, the reward first where there is one.</summary>
    public EquatableArray<Transaction> Transactions { get; }

    /// <summary>The sealer's signature of the block's hash; there exactly when the chain's specification names who may seal.</summary>
    public TransactionSignature? Seal { get; }

    /// <summary>The block without its body.</summary>
    public SealedHeader SealedHeader => new(Header, Seal);

    /// <summary>The block's name: its header's hash.</summary>
    public Hash256 Hash => Header.Hash;

    /// <summary>Bytes of the stored and peer form.</summary>
    public int Size { get; }

    /// <summary>The root that the header of this body must name.</summary>
    public Hash256 ComputeTransactionsRoot() => (Hash256)(_root ??= MerkleTree.Root(Leaves()));

    /// <summary>The leaves of its transactions, in order.</summary>
    public Hash256[] Leaves()
    {
        var leaves = new Hash256[Transactions.Count];
        for (var i = 0; i < leaves.Length; i++) leaves[i] = Transactions[i].Leaf;
        return leaves;
    }

    /// <summary>The stored and peer form: header ‖ seal as a signature list of none or one ‖ number of transactions (4 bytes, big-endian) ‖ transactions.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>Writes the stored and peer form.</summary>
    /// <returns>The bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        var at = SealedHeader.Write(destination);
        BinaryPrimitives.WriteInt32BigEndian(destination[at..], Transactions.Count);
        at += sizeof(int);
        foreach (var transaction in Transactions.Span) at += transaction.Write(destination[at..]);
        return Size;
    }

    /// <summary>Reads exactly one block; whether it is valid is not asked here.</summary>
    /// <param name="bytes">The stored and peer form.</param>
    /// <param name="maxTransactions">More are refused before they cost memory.</param>
    public static Verdict<Block> Decode(ReadOnlySpan<byte> bytes, int maxTransactions)
    {
        if (!SealedHeader.Read(bytes, out var read).TryGet(out var sealedHeader, out var refusal)) return refusal;

        bytes = bytes[read..];
        if (bytes.Length < sizeof(int)) return new Refusal(RefusalCodes.InvalidBlock, "The block is cut short.");

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (count < 0 || count > maxTransactions) return new Refusal(RefusalCodes.BlockTooLarge, $"A block holds at most {maxTransactions} transactions, this one says {count}.");

        bytes = bytes[sizeof(int)..];
        var transactions = new List<Transaction>(Math.Min(count, bytes.Length / TransactionSignature.Size));
        Span<ReadAhead> ahead = stackalloc ReadAhead[Math.Min(count, ReadAhead.Batch)];
        for (var i = 0; i < count; i++)
        {
            var place = i % ReadAhead.Batch;
            if (place == 0) ReadAhead.Look(bytes, ahead[..Math.Min(ahead.Length, count - i)]);
            if (!Transaction.Read(bytes, ahead[place], i > 0 ? transactions[i - 1].Payload.ChainId : null, out read).TryGet(out var transaction, out refusal))
                return new Refusal(refusal.Code, $"Transaction {i}: {refusal.Detail}", refusal.Kind, refusal.Field);

            transactions.Add(transaction);
            bytes = bytes[read..];
        }

        return bytes.IsEmpty
            ? new Block(sealedHeader.Header, [.. transactions], sealedHeader.Seal)
            : new Refusal(RefusalCodes.InvalidBlock, $"{bytes.Length} bytes follow the block.");
    }
}
