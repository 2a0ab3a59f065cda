using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What was worked out of a transaction's stored form before it is read: for many of them at once, which costs a fraction of doing it one by one.</summary>
/// <param name="Id">SHA-256 of the canonical payload.</param>
/// <param name="Leaf">SHA-256(0x00 ‖ id ‖ SHA-256(signature list)).</param>
/// <param name="Sender">The sender's address, where its text was found and is right.</param>
/// <param name="Signer">The address of the first key; null when there is none, or it was not worked out.</param>
internal readonly record struct ReadAhead(Hash256 Id, Hash256 Leaf, FoundAddress Sender = default, Address? Signer = null)
{
    /// <summary>How many transactions are looked at together.</summary>
    public const int Batch = 64;

    private const int LeafSize = 1 + (2 * Hash256.Size);

    /// <summary>Looks at transactions that follow one another in their stored form, up to the first that is cut short.</summary>
    /// <param name="source">Begins with the first of them.</param>
    /// <param name="ahead">Where it is put what was found; as many as there is room for, at most <see cref="Batch"/>.</param>
    public static void Look(ReadOnlySpan<byte> source, Span<ReadAhead> ahead)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ahead.Length, Batch, nameof(ahead));
        Span<TextPart> parts = stackalloc TextPart[2 * ahead.Length];
        var (count, at) = (0, 0);
        while (count < ahead.Length && Transaction.TryMeasure(source[at..], out var payload, out var list))
        {
            parts[2 * count] = new TextPart(at + sizeof(int), payload);
            parts[(2 * count) + 1] = new TextPart(at + sizeof(int) + payload, list);
            at += sizeof(int) + payload + list;
            count++;
        }

        ahead = ahead[..count];
        Hash(source, parts[..(2 * count)], ahead);
        if (count == 1) return;

        FindSenders(source, parts, ahead);
        FindSigners(source, parts, ahead);
    }

    private static void Hash(ReadOnlySpan<byte> source, scoped ReadOnlySpan<TextPart> parts, scoped Span<ReadAhead> ahead)
    {
        Span<byte> digests = stackalloc byte[2 * ahead.Length * Hash256.Size], texts = stackalloc byte[ahead.Length * LeafSize], leaves = stackalloc byte[ahead.Length * Hash256.Size];
        Span<TextPart> places = stackalloc TextPart[ahead.Length];
        ManyHashes.Hash(source, parts, digests);
        for (var i = 0; i < ahead.Length; i++)
        {
            places[i] = new TextPart(i * LeafSize, LeafSize);
            var text = places[i].Of(texts);
            text[0] = Transaction.LeafTag;
            digests.Slice(2 * i * Hash256.Size, 2 * Hash256.Size).CopyTo(text[1..]);
        }

        ManyHashes.Hash(texts, places, leaves);
        for (var i = 0; i < ahead.Length; i++) ahead[i] = new ReadAhead(new Hash256(digests.Slice(2 * i * Hash256.Size, Hash256.Size)), new Hash256(leaves.Slice(i * Hash256.Size, Hash256.Size)));
    }

    // Where a payload seems to name its sender; whoever reads it knows whether that is a field of it.
    private static void FindSenders(ReadOnlySpan<byte> source, scoped ReadOnlySpan<TextPart> parts, scoped Span<ReadAhead> ahead)
    {
        Span<byte> digits = stackalloc byte[ahead.Length * Address.Digits], digests = stackalloc byte[ahead.Length * ManyKeccaks.DigestSize];
        Span<int> places = stackalloc int[ahead.Length];
        for (var i = 0; i < ahead.Length; i++)
        {
            var payload = parts[2 * i].Of(source);
            var at = payload.IndexOf("\"sender\":\"0x"u8) + "\"sender\":\"".Length;
            if (at < "\"sender\":\"".Length || payload.Length - at < Address.TextSize) continue;

            places[i] = at;
            Address.ToLower(payload.Slice(at + 2, Address.Digits), digits.Slice(i * Address.Digits, Address.Digits));
        }

        ManyKeccaks.Hash(digits, Address.Digits, digests);
        for (var i = 0; i < ahead.Length; i++)
        {
            if (places[i] > 0 && Address.TryParse(parts[2 * i].Of(source).Slice(places[i], Address.TextSize), digests.Slice(i * ManyKeccaks.DigestSize, ManyKeccaks.DigestSize), out var sender))
                ahead[i] = ahead[i] with { Sender = new FoundAddress(places[i], sender) };
        }
    }

    private static void FindSigners(ReadOnlySpan<byte> source, scoped ReadOnlySpan<TextPart> parts, scoped Span<ReadAhead> ahead)
    {
        Span<byte> keys = stackalloc byte[ahead.Length * Address.TaggedKeySize], digests = stackalloc byte[ahead.Length * ManyKeccaks.DigestSize];
        for (var i = 0; i < ahead.Length; i++)
            if (TransactionSignature.TryFindKey(parts[(2 * i) + 1].Of(source), out var key)) Address.WriteTagged(new PublicKey(key), keys.Slice(i * Address.TaggedKeySize, Address.TaggedKeySize));

        ManyKeccaks.Hash(keys, Address.TaggedKeySize, digests);
        for (var i = 0; i < ahead.Length; i++)
            if (parts[(2 * i) + 1].Length > TransactionSignature.ListSize(0)) ahead[i] = ahead[i] with { Signer = Address.OfDigest(digests.Slice(i * ManyKeccaks.DigestSize, ManyKeccaks.DigestSize)) };
    }
}

/// <summary>An address whose text stands somewhere in a payload.</summary>
/// <param name="At">Where its 42 characters begin; 0 for nowhere.</param>
/// <param name="Value">The address.</param>
internal readonly record struct FoundAddress(int At, Address Value);
