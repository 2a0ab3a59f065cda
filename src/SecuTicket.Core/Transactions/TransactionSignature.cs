using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>How a signature beside a payload is checked; the number is its first stored byte.</summary>
public enum SignatureScheme : byte
{
    /// <summary>ECDSA over P-256 (FIPS 186-5), the transaction id as digest.</summary>
    P256 = 1,

    /// <summary>An assertion of a passkey (W3C WebAuthn) on P-256, the transaction id as challenge.</summary>
    Webauthn = 2,
}

/// <summary>One signature beside a payload, as stored: scheme ‖ X ‖ Y ‖ r ‖ s, 129 bytes; of a passkey then length (1) ‖ authenticator data ‖ length (2) ‖ client data.</summary>
/// <param name="Scheme">How it is checked.</param>
/// <param name="Key">The key it is checked with.</param>
/// <param name="Value">The signature.</param>
/// <param name="Assertion">What a passkey signed in place of the id; there exactly with <see cref="SignatureScheme.Webauthn"/>.</param>
public readonly record struct TransactionSignature(SignatureScheme Scheme, PublicKey Key, Signature Value, PasskeyAssertion? Assertion = null)
{
    /// <summary>Bytes of a stored signature of a plain key; of a passkey more.</summary>
    public const int Size = 1 + PublicKey.Size + Signature.Size;

    /// <summary>Most bytes of a stored signature: 1,411.</summary>
    public const int MaxSize = Size + 1 + PasskeyAssertion.MaxAuthenticatorDataSize + sizeof(ushort) + PasskeyAssertion.MaxClientDataSize;

    /// <summary>Most signatures beside one payload: an official sale has two.</summary>
    public const int MaxCount = 2;

    /// <summary>Most bytes of the stored list: 2,823.</summary>
    public const int MaxListSize = 1 + (MaxCount * MaxSize);

    private int StoredSize => Assertion is { } assertion ? Size + 1 + assertion.AuthenticatorData.Count + sizeof(ushort) + assertion.ClientData.Count : Size;

    /// <summary>Bytes of the stored list of plain keys' signatures: a count, then the signatures.</summary>
    public static int ListSize(int count) => 1 + (count * Size);

    /// <summary>Bytes of the stored list: a count, then the signatures.</summary>
    public static int ListSize(ReadOnlySpan<TransactionSignature> signatures)
    {
        var size = ListSize(0);
        foreach (ref readonly var signature in signatures) size += signature.StoredSize;
        return size;
    }

    /// <summary>Writes the stored form of a list.</summary>
    public static void WriteList(ReadOnlySpan<TransactionSignature> signatures, Span<byte> destination)
    {
        destination[0] = (byte)signatures.Length;
        destination = destination[1..];
        foreach (ref readonly var signature in signatures)
        {
            destination[0] = (byte)signature.Scheme;
            signature.Key.Span.CopyTo(destination[1..]);
            signature.Value.Span.CopyTo(destination[(1 + PublicKey.Size)..]);
            if (signature.Assertion is { } assertion) WriteAssertion(assertion, destination[Size..]);
            destination = destination[signature.StoredSize..];
        }
    }

    /// <summary>Reads the stored form of a list that starts <paramref name="source"/> and says how many bytes it took.</summary>
    public static Verdict<EquatableArray<TransactionSignature>> ReadList(ReadOnlySpan<byte> source, out int read)
    {
        read = 0;
        if (!TryMeasureList(source, out var size))
            return new Refusal(RefusalCodes.InvalidBlock, $"A signature list is cut short, longer than {MaxCount}, or has a passkey's part of a size that it can not have.");

        var signatures = new TransactionSignature[source[0]];
        var rest = source[1..size];
        for (var i = 0; i < signatures.Length; i++)
        {
            var scheme = (SignatureScheme)rest[0];
            if (scheme is not (SignatureScheme.P256 or SignatureScheme.Webauthn)) return new Refusal(RefusalCodes.InvalidBlock, $"Signature scheme {rest[0]} is not known here.");

            var assertion = scheme == SignatureScheme.Webauthn ? ReadAssertion(rest[Size..]) : null;
            signatures[i] = new TransactionSignature(scheme, new PublicKey(rest.Slice(1, PublicKey.Size)), new Signature(rest.Slice(1 + PublicKey.Size, Signature.Size)), assertion);
            rest = rest[signatures[i].StoredSize..];
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
        size = 0;
        if (source.IsEmpty || source[0] > MaxCount) return false;

        var at = ListSize(0);
        for (var i = 0; i < source[0]; i++)
        {
            if (!TryMeasure(source[at..], out var one)) return false;

            at += one;
        }

        size = at;
        return true;
    }

    // One of an unknown scheme is as long as a plain key's; who reads it refuses it.
    private static bool TryMeasure(ReadOnlySpan<byte> source, out int size)
    {
        size = Size;
        if (source.Length < size || source[0] != (byte)SignatureScheme.Webauthn) return source.Length >= size;
        if (source.Length == size || source[size] < PasskeyAssertion.MinAuthenticatorDataSize) return false;

        size += 1 + source[size];
        if (source.Length < size + sizeof(ushort) || BinaryPrimitives.ReadUInt16BigEndian(source[size..]) is not (> 0 and <= PasskeyAssertion.MaxClientDataSize and var client)) return false;

        size += sizeof(ushort) + client;
        return source.Length >= size;
    }

    private static void WriteAssertion(PasskeyAssertion assertion, Span<byte> destination)
    {
        destination[0] = (byte)assertion.AuthenticatorData.Count;
        assertion.AuthenticatorData.Span.CopyTo(destination[1..]);
        destination = destination[(1 + assertion.AuthenticatorData.Count)..];
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)assertion.ClientData.Count);
        assertion.ClientData.Span.CopyTo(destination[sizeof(ushort)..]);
    }

    private static PasskeyAssertion ReadAssertion(ReadOnlySpan<byte> source)
    {
        var authenticator = source.Slice(1, source[0]);
        source = source[(1 + authenticator.Length)..];
        return new PasskeyAssertion([.. authenticator], [.. source.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16BigEndian(source))]);
    }
}
