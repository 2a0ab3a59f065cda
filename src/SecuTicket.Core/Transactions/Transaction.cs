using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>A payload and its signatures, whether they are right or not.</summary>
public sealed class Transaction
{
    internal const byte LeafTag = 0x00;

    private Address[]? _signers;

    /// <summary>Joins a payload and its signatures.</summary>
    public Transaction(Payload payload, EquatableArray<TransactionSignature> signatures)
        : this(payload, signatures, new ReadAhead(payload.Id, LeafOf(payload.Id, signatures.Span)))
    {
    }

    private Transaction(Payload payload, EquatableArray<TransactionSignature> signatures, in ReadAhead ahead)
    {
        Payload = payload;
        Signatures = signatures;
        Leaf = ahead.Leaf;
        if (signatures.Count == 1 && ahead.Signer is { } signer) _signers = [signer];
    }

    /// <summary>What is signed.</summary>
    public Payload Payload { get; }

    /// <summary>The signatures, the sender's first; none for a <see cref="Reward"/>.</summary>
    public EquatableArray<TransactionSignature> Signatures { get; }

    /// <summary>The accounts whose keys are beside it, in order, whether they signed or not; worked out when first asked for.</summary>
    public EquatableArray<Address> Signers => new(_signers ??= [.. Signatures.Select(static signature => Address.Of(signature.Key))]);

    /// <summary>SHA-256 of the canonical payload. Signatures are not part of it, so nobody else can change it.</summary>
    public Hash256 Id => Payload.Id;

    /// <summary>SHA-256(0x00 ‖ id ‖ SHA-256(signature list)): its leaf in a block's Merkle tree, which commits to its signatures too.</summary>
    public Hash256 Leaf { get; }

    /// <summary>SHA-256 of the stored signature list: with <see cref="Id"/> all that <see cref="Leaf"/> commits to, and it names nobody.</summary>
    public Hash256 SignaturesHash => HashOf(Signatures.Span);

    /// <summary>Bytes of the stored and peer form.</summary>
    public int Size => sizeof(int) + Payload.Canonical.Length + TransactionSignature.ListSize(Signatures.Span);

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
        Span<ReadAhead> ahead = stackalloc ReadAhead[1];
        ReadAhead.Look(source, ahead);
        return Read(source, ahead[0], null, out read);
    }

    /// <summary>As <see cref="Read(ReadOnlySpan{byte}, out int)"/>.</summary>
    /// <param name="source">What the transaction starts.</param>
    /// <param name="ahead">What <see cref="ReadAhead.Look"/> found of it. Of one that is cut short it is not looked at.</param>
    /// <param name="chainId">The chain that it is likely for: a text that is the same is not made again.</param>
    /// <param name="read">Bytes that it took.</param>
    internal static Verdict<Transaction> Read(ReadOnlySpan<byte> source, in ReadAhead ahead, string? chainId, out int read)
    {
        read = 0;
        if (source.Length < sizeof(int)) return new Refusal(RefusalCodes.InvalidBlock, "A transaction is cut short.");

        var length = BinaryPrimitives.ReadInt32BigEndian(source);
        if (length is < 0 or > CanonicalJson.MaxSize || source.Length - sizeof(int) < length)
            return new Refusal(RefusalCodes.InvalidBlock, "A transaction's payload is cut short or too long.");
        if (!TransactionSignature.ReadList(source[(sizeof(int) + length)..], out var listSize).TryGet(out var signatures, out var unlisted))
            return Payload.Decode(source.Slice(sizeof(int), length)).Refusal ?? unlisted;
        if (!Payload.Decode(source.Slice(sizeof(int), length), ahead, chainId).TryGet(out var payload, out var refusal)) return refusal;

        read = sizeof(int) + length + listSize;
        return new Transaction(payload, signatures, ahead);
    }

    /// <summary>How long the parts of the transaction are that starts <paramref name="source"/>; false when it is cut short, which <see cref="Read(ReadOnlySpan{byte}, out int)"/> refuses.</summary>
    /// <param name="source">The stored and peer form.</param>
    /// <param name="payload">Bytes of its canonical payload.</param>
    /// <param name="list">Bytes of its signature list.</param>
    public static bool TryMeasure(ReadOnlySpan<byte> source, out int payload, out int list)
    {
        (payload, list) = (0, 0);
        if (source.Length < sizeof(int)) return false;

        payload = BinaryPrimitives.ReadInt32BigEndian(source);
        return payload is >= 0 and <= CanonicalJson.MaxSize && source.Length - sizeof(int) >= payload && TransactionSignature.TryMeasureList(source[(sizeof(int) + payload)..], out list);
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
        leaf[0] = LeafTag;
        id.Span.CopyTo(leaf[1..]);
        HashOf(signatures).Span.CopyTo(leaf[(1 + Hash256.Size)..]);
        return Hash256.Sha256(leaf);
    }

    private static Hash256 HashOf(ReadOnlySpan<TransactionSignature> signatures)
    {
        // A client may send more signatures than any operation takes; the verifier says so.
        var size = TransactionSignature.ListSize(signatures);
        Span<byte> list = size <= TransactionSignature.MaxListSize ? stackalloc byte[size] : new byte[size];
        TransactionSignature.WriteList(signatures, list);
        return Hash256.Sha256(list);
    }
}
