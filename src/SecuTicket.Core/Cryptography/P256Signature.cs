namespace SecuTicket.Core.Cryptography;

/// <summary>The forms of an ECDSA P-256 signature: raw r ‖ s (IEEE P1363), DER (RFC 3279 section 2.2.3), and the one with a low s.</summary>
/// <remarks>
/// (r, s) and (r, n − s) are valid for the same message, so without a rule anybody could make a second signature out of a first.
/// The rule is the usual one: s is at most half the group order n. Everything here is public data; nothing is constant time.
/// </remarks>
public static class P256Signature
{
    /// <summary>Bytes of the raw form: r ‖ s, 32 bytes each, big-endian.</summary>
    public const int Size = 64;

    /// <summary>Bytes of the longest DER form: two integers of 33 bytes and three headers of 2.</summary>
    public const int MaxDerSize = 72;

    private const int ScalarSize = 32;

    /// <summary>n, the order of the group (SP 800-186, 3.2.1.3).</summary>
    internal static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    // (n − 1) / 2: n is odd, so s and n − s are never both at or below it.
    private static ReadOnlySpan<byte> HalfOrder =>
    [
        0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
    ];

    /// <summary>True when the raw signature's s is 1 to (n−1)/2: the canonical one of the two. False for another length than 64 bytes.</summary>
    public static bool IsLowS(ReadOnlySpan<byte> raw64) =>
        raw64.Length == Size && raw64[ScalarSize..].ContainsAnyExcept((byte)0) && raw64[ScalarSize..].SequenceCompareTo(HalfOrder) <= 0;

    /// <summary>True for the raw form of what may be a signature here: 64 bytes, r 1 to n−1, s 1 to (n−1)/2.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> raw64) => IsLowS(raw64) && IsScalar(raw64[..ScalarSize]);

    /// <summary>Writes the canonical raw form, s made low, of a raw or DER signature.</summary>
    /// <remarks>
    /// The length alone decides which form is read: 64 bytes are raw, every other length is DER. A DER signature has 64 bytes only when r
    /// and s together lack six leading bytes or more, about once in 2^47; whoever it happens to signs again. Looking inside instead would
    /// as rarely misread a raw signature that happens to look like DER, and would make the rule depend on the bytes.
    /// </remarks>
    /// <returns>
    /// False when the bytes are neither form, when the DER is not the strict one (minimal lengths, minimal positive integers, nothing after
    /// them), or when r or s is outside 1 to n−1; then <paramref name="raw64"/> holds nothing of use.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="raw64"/> is not 64 bytes long.</exception>
    public static bool TryNormalise(ReadOnlySpan<byte> rawOrDer, Span<byte> raw64)
    {
        if (raw64.Length != Size) throw new ArgumentException($"A raw signature takes {Size} bytes, not {raw64.Length}.", nameof(raw64));

        if (rawOrDer.Length == Size) rawOrDer.CopyTo(raw64);
        else if (!TryReadDer(rawOrDer, raw64)) return false;

        var s = raw64[ScalarSize..];
        if (!IsScalar(raw64[..ScalarSize]) || !IsScalar(s)) return false;

        if (s.SequenceCompareTo(HalfOrder) > 0) SubtractFromOrder(s);
        return true;
    }

    /// <summary>True for 32 big-endian bytes of 1 to n−1.</summary>
    internal static bool IsScalar(ReadOnlySpan<byte> value) =>
        value.Length == ScalarSize && value.ContainsAnyExcept((byte)0) && value.SequenceCompareTo(Order) < 0;

    private static bool TryReadDer(ReadOnlySpan<byte> der, Span<byte> raw64)
    {
        if (der.Length is < 8 or > MaxDerSize || der[0] != 0x30 || der[1] != der.Length - 2) return false;

        var rest = der[2..];
        return TryReadInteger(ref rest, raw64[..ScalarSize]) && TryReadInteger(ref rest, raw64[ScalarSize..]) && rest.IsEmpty;
    }

    private static bool TryReadInteger(ref ReadOnlySpan<byte> rest, Span<byte> scalar)
    {
        if (rest.Length < 3 || rest[0] != 0x02 || rest[1] == 0 || rest[1] > rest.Length - 2) return false;

        var integer = rest.Slice(2, rest[1]);
        rest = rest[(2 + integer.Length)..];
        if (integer[0] >= 0x80) return false;

        if (integer[0] == 0 && integer.Length > 1)
        {
            integer = integer[1..];
            if (integer[0] < 0x80) return false;
        }

        if (integer.Length > ScalarSize) return false;

        scalar.Clear();
        integer.CopyTo(scalar[(ScalarSize - integer.Length)..]);
        return true;
    }

    private static void SubtractFromOrder(Span<byte> scalar)
    {
        var borrow = 0;
        for (var i = ScalarSize - 1; i >= 0; i--)
        {
            var difference = Order[i] - scalar[i] - borrow;
            scalar[i] = (byte)difference;
            borrow = difference < 0 ? 1 : 0;
        }
    }
}
