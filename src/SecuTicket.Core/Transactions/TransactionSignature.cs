using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>How a signature beside a payload is checked; the number is its first stored byte.</summary>
public enum SignatureScheme : byte
{
    /// <summary>ECDSA over P-256 (FIPS 186-5), the transaction id as digest.</summary>
    P256 = 1,
}

/// <summary>One signature beside a payload: 129 bytes as stored, scheme ‖ X ‖ Y ‖ r ‖ s.</summary>
/// <param name="Scheme">How it is checked.</param>
/// <param name="Key">The key it is checked with.</param>
/// <param name="Value">The signature.</param>
public readonly record struct TransactionSignature(SignatureScheme Scheme, PublicKey Key, Signature Value)
{
    /// <summary>Bytes of a stored signature.</summary>
    public const int Size = 1 + PublicKey.Size + Signature.Size;

    /// <summary>Most signatures beside one payload: an official sale has two.</summary>
    public const int MaxCount = 2;

    /// <summary>Bytes of the stored list: a count, then the signatures.</summary>
    public static int ListSize(int count) => 1 + (count * Size);

    /// <summary>Writes the stored form of a list.</summary>
    public static void WriteList(ReadOnlySpan<TransactionSignature> signatures, Span<byte> destination)
    {
        destination[0] = (byte)signatures.Length;
        var at = 1;
        foreach (ref readonly var signature in signatures)
        {
            destination[at] = (byte)signature.Scheme;
            signature.Key.Span.CopyTo(destination[(at + 1)..]);
            signature.Value.Span.CopyTo(destination[(at + 1 + PublicKey.Size)..]);
            at += Size;
        }
    }

    /// <summary>Reads the stored form of a list that starts <paramref name="source"/> and says how many bytes it took.</summary>
    public static Verdict<EquatableArray<TransactionSignature>> ReadList(ReadOnlySpan<byte> source, out int read)
    {
        read = 0;
        if (!TryMeasureList(source, out var size))
            return new Refusal(RefusalCodes.InvalidBlock, $"A signature list is cut short or longer than {MaxCount}.");

        var signatures = new TransactionSignature[source[0]];
        for (var i = 0; i < signatures.Length; i++)
        {
            var one = source.Slice(ListSize(i), Size);
            if (one[0] != (byte)SignatureScheme.P256) return new Refusal(RefusalCodes.InvalidBlock, $"Signature scheme {one[0]} is not known here.");

            signatures[i] = new TransactionSignature(SignatureScheme.P256, new PublicKey(one.Slice(1, PublicKey.Size)), new Signature(one[(1 + PublicKey.Size)..]));
        }

        read = size;
        return new EquatableArray<TransactionSignature>(signatures);
    }

    /// <summary>The 64 bytes of the first key of a stored list; false when the list is empty.</summary>
    internal static bool TryFindKey(ReadOnlySpan<byte> list, out ReadOnlySpan<byte> key)
    {
        key = list.Length > ListSize(0) ? list.Slice(ListSize(0) + 1, PublicKey.Size) : [];
        return !key.IsEmpty;
    }

    /// <summary>Bytes of the list that starts <paramref name="source"/>; false when it is cut short or too long.</summary>
    internal static bool TryMeasureList(ReadOnlySpan<byte> source, out int size)
    {
        size = source.IsEmpty || source[0] > MaxCount ? 0 : ListSize(source[0]);
        return size > 0 && source.Length >= size;
    }
}
