using System.Buffers.Binary;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A block for those who have most of its transactions: header, seal, a short id for each transaction, and in full what nobody can have.</summary>
/// <remarks>As in BIP 152. A short id is keyed by the block and made of the leaf, not of the id: one payload can have two valid signatures, and only one of them is in the block.</remarks>
/// <param name="Header">Header and seal.</param>
/// <param name="Count">Transactions of the block.</param>
/// <param name="ShortIds">A short id for each transaction that is not given in full, in order.</param>
/// <param name="Given">Transactions in full, by their place in the block, rising: the reward, which no pending set holds.</param>
public sealed record CompactBlock(SealedHeader Header, int Count, EquatableArray<ShortId> ShortIds, EquatableArray<PlacedTransaction> Given)
{
    /// <summary>The block's hash.</summary>
    public Hash256 Hash => Header.Header.Hash;

    /// <summary>Bytes of the peer form.</summary>
    public int Size => Header.Size + (2 * sizeof(int)) + (ShortIds.Count * ShortId.Size) + Given.Sum(one => sizeof(int) + one.Transaction.Size);

    /// <summary>Most bytes that the peer form of a chain's block takes, whichever of its transactions are given: a transaction in full is no shorter than its short id.</summary>
    /// <param name="maxTransactions">Most transactions of a block.</param>
    /// <param name="maxBlockSize">Most bytes of a block.</param>
    public static int MaxSize(int maxTransactions, int maxBlockSize) => maxBlockSize + sizeof(int) + (maxTransactions * sizeof(int));

    /// <summary>The block in short, its reward in full.</summary>
    public static CompactBlock Of(Block block)
    {
        var transactions = block.Transactions.Span;
        var given = transactions.Length > 0 && transactions[0].Payload.Operation is Reward ? 1 : 0;
        var ids = new ShortId[transactions.Length - given];
        var hash = block.Hash;
        for (var i = 0; i < ids.Length; i++) ids[i] = ShortId.Of(hash, transactions[given + i].Leaf);
        return new CompactBlock(block.SealedHeader, transactions.Length, new EquatableArray<ShortId>(ids), given == 1 ? [new PlacedTransaction(0, transactions[0])] : []);
    }

    /// <summary>
    /// The peer form: header ‖ seal as a signature list of none or one ‖ number of transactions (4 bytes, as all numbers big-endian) ‖ number of those given (4) ‖
    /// of each given its place (4) and the transaction ‖ the short ids (6 each).
    /// </summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        var at = Header.Write(bytes);
        at += WriteNumber(Count, bytes.AsSpan(at));
        at += WriteNumber(Given.Count, bytes.AsSpan(at));
        foreach (var (place, transaction) in Given.Span)
        {
            at += WriteNumber(place, bytes.AsSpan(at));
            at += transaction.Write(bytes.AsSpan(at));
        }

        foreach (var id in ShortIds.Span)
        {
            id.Write(bytes.AsSpan(at));
            at += ShortId.Size;
        }

        return bytes;
    }

    /// <summary>Reads exactly one compact block; whether there is such a block is not asked here.</summary>
    /// <param name="bytes">The peer form.</param>
    /// <param name="maxTransactions">Most transactions of a block: more are refused before they cost memory.</param>
    /// <param name="maxBlockSize">Most bytes of a block.</param>
    public static Verdict<CompactBlock> Decode(ReadOnlySpan<byte> bytes, int maxTransactions, int maxBlockSize)
    {
        if (bytes.Length > MaxSize(maxTransactions, maxBlockSize)) return new Refusal(RefusalCodes.BlockTooLarge, $"A compact block of {bytes.Length} bytes is of no block of at most {maxBlockSize}.");
        if (!SealedHeader.Read(bytes, out var read).TryGet(out var header, out var refusal)) return refusal;

        bytes = bytes[read..];
        if (bytes.Length < 2 * sizeof(int)) return Malformed("is cut short");

        var count = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (count < 0 || count > maxTransactions) return new Refusal(RefusalCodes.BlockTooLarge, $"A block holds at most {maxTransactions} transactions, this one says {count}.");

        var givenCount = BinaryPrimitives.ReadInt32BigEndian(bytes[sizeof(int)..]);
        bytes = bytes[(2 * sizeof(int))..];
        if (givenCount < 0 || givenCount > count) return Malformed($"of {count} transactions gives {givenCount}");

        var idBytes = (count - givenCount) * ShortId.Size;
        if (bytes.Length < idBytes) return Malformed("is cut short");
        if (!ReadGiven(bytes[..^idBytes], count, givenCount).TryGet(out var given, out refusal)) return refusal;

        bytes = bytes[^idBytes..];
        var ids = new ShortId[count - givenCount];
        for (var i = 0; i < ids.Length; i++) ids[i] = ShortId.Read(bytes[(i * ShortId.Size)..]);
        return new CompactBlock(header, count, new EquatableArray<ShortId>(ids), given);
    }

    private static Verdict<EquatableArray<PlacedTransaction>> ReadGiven(ReadOnlySpan<byte> bytes, int count, int givenCount)
    {
        var given = new List<PlacedTransaction>(Math.Min(givenCount, bytes.Length / TransactionSignature.Size));
        for (var least = 0; given.Count < givenCount;)
        {
            if (bytes.Length < sizeof(int)) return Malformed("is cut short");

            var place = BinaryPrimitives.ReadInt32BigEndian(bytes);
            if (place < least || place >= count) return Malformed($"gives a transaction for place {place}, expected {least} to {count - 1}");
            if (!Transaction.Read(bytes[sizeof(int)..], out var read).TryGet(out var transaction, out var refusal))
                return new Refusal(refusal.Code, $"Transaction {place}: {refusal.Detail}", refusal.Kind, refusal.Field);

            given.Add(new PlacedTransaction(place, transaction));
            bytes = bytes[(sizeof(int) + read)..];
            least = place + 1;
        }

        return bytes.IsEmpty ? new EquatableArray<PlacedTransaction>([.. given]) : Malformed($"has {bytes.Length} bytes too many");
    }

    private static int WriteNumber(int value, Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, value);
        return sizeof(int);
    }

    private static Refusal Malformed(string how) => new(RefusalCodes.InvalidBlock, $"The compact block {how}.");
}

/// <summary>A transaction and its place in a block.</summary>
/// <param name="Place">From 0.</param>
/// <param name="Transaction">The transaction.</param>
public sealed record PlacedTransaction(int Place, Transaction Transaction);
