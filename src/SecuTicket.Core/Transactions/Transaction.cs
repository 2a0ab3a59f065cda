using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>A payload and its signatures, whether they are right or not.</summary>
public sealed class Transaction
{
    /// <summary>Joins a payload and its signatures.</summary>
    public Transaction(Payload payload, EquatableArray<TransactionSignature> signatures)
    {
        Payload = payload;
        Signatures = signatures;
        Leaf = LeafOf(payload.Id, signatures.Span);
    }

    /// <summary>What is signed.</summary>
    public Payload Payload { get; }

    /// <summary>The signatures, the sender's first; none for a <see cref="Reward"/>.</summary>
    public EquatableArray<TransactionSignature> Signatures { get; }

    /// <summary>SHA-256 of the canonical payload. Signatures are not part of it, so nobody else can change it.</summary>
    public Hash256 Id => Payload.Id;

    /// <summary>SHA-256(0x00 ‖ id ‖ SHA-256(signature list)): its leaf in a block's Merkle tree, which commits to its signatures too.</summary>
    public Hash256 Leaf { get; }

    /// <summary>SHA-256 of the stored signature list: with <see cref="Id"/> all that <see cref="Leaf"/> commits to, and it names nobody.</summary>
    public Hash256 SignaturesHash => HashOf(Signatures.Span);

    /// <summary>Bytes of the stored and peer form.</summary>
    public int Size => sizeof(int) + Payload.Canonical.Length + TransactionSignature.ListSize(Signatures.Count);

    /// <summary>Writes the stored and peer form: payload length (4 bytes, big-endian) ‖ canonical payload ‖ signature list.</summary>
    /// <returns>The bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, Payload.Canonical.Length);
        Payload.Canonical.Span.CopyTo(destination[sizeof(int)..]);
        TransactionSignature.WriteList(Signatures.Span, destination[(sizeof(int) + Payload.Canonical.Length)..]);
        return Size;
    }

    /// <summary>The stored and peer form.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>Reads the stored and peer form that starts <paramref name="source"/> and says how many bytes it took.</summary>
    public static Verdict<Transaction> Read(ReadOnlySpan<byte> source, out int read)
    {
        read = 0;
        if (source.Length < sizeof(int)) return new Refusal(RefusalCodes.InvalidBlock, "A transaction is cut short.");

        var length = BinaryPrimitives.ReadInt32BigEndian(source);
        if (length is < 0 or > CanonicalJson.MaxSize || source.Length - sizeof(int) < length)
            return new Refusal(RefusalCodes.InvalidBlock, "A transaction's payload is cut short or too long.");
        if (!Payload.Decode(source.Slice(sizeof(int), length)).TryGet(out var payload, out var refusal)) return refusal;
        if (!TransactionSignature.ReadList(source[(sizeof(int) + length)..], out var listSize).TryGet(out var signatures, out refusal)) return refusal;

        read = sizeof(int) + length + listSize;
        return new Transaction(payload, signatures);
    }

    /// <summary>Reads exactly one transaction.</summary>
    public static Verdict<Transaction> Decode(ReadOnlySpan<byte> bytes)
    {
        var transaction = Read(bytes, out var read);
        return transaction.IsAccepted && read != bytes.Length
            ? new Refusal(RefusalCodes.InvalidBlock, $"{bytes.Length - read} bytes follow the transaction.")
            : transaction;
    }

    private static Hash256 LeafOf(Hash256 id, ReadOnlySpan<TransactionSignature> signatures)
    {
        Span<byte> leaf = stackalloc byte[1 + (2 * Hash256.Size)];
        leaf[0] = 0x00;
        id.Span.CopyTo(leaf[1..]);
        HashOf(signatures).Span.CopyTo(leaf[(1 + Hash256.Size)..]);
        return Hash256.Sha256(leaf);
    }

    private static Hash256 HashOf(ReadOnlySpan<TransactionSignature> signatures)
    {
        // A client may send more signatures than any operation takes; the verifier says so.
        var size = TransactionSignature.ListSize(signatures.Length);
        Span<byte> list = signatures.Length <= TransactionSignature.MaxCount ? stackalloc byte[size] : new byte[size];
        TransactionSignature.WriteList(signatures, list);
        return Hash256.Sha256(list);
    }
}
