using System.Globalization;
using System.Numerics;

namespace SecuTicket.Core.Cryptography;

/// <summary>Expands compressed points of the curve P-256 (SEC 1, version 2.0, section 2.3.4; curve: FIPS 186-5 / SP 800-186).</summary>
/// <remarks>
/// Public data only, so it need not be constant time: one modular exponentiation, because p ≡ 3 (mod 4) makes the square root of a
/// residue its (p+1)/4-th power. Nothing else of the curve is ours; signing and verifying are the platform's.
/// </remarks>
public static class P256Point
{
    private const int CoordinateSize = 32;

    private static readonly BigInteger P = Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Number("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static readonly BigInteger RootExponent = (P + BigInteger.One) / 4;

    /// <summary>Writes X ‖ Y (64 bytes, big-endian) of the point whose 33-byte compressed form is given.</summary>
    /// <returns>
    /// False for another length or leading byte than 02 and 03, for an X not below the field's prime, and for an X that no point of the
    /// curve has; then <paramref name="xy64"/> is left as it was.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="xy64"/> is not 64 bytes long.</exception>
    public static bool TryDecompress(ReadOnlySpan<byte> compressed33, Span<byte> xy64)
    {
        if (xy64.Length != 2 * CoordinateSize) throw new ArgumentException($"A point takes 64 bytes, not {xy64.Length}.", nameof(xy64));
        if (compressed33.Length != 1 + CoordinateSize || compressed33[0] is not (0x02 or 0x03)) return false;

        var x = new BigInteger(compressed33[1..], isUnsigned: true, isBigEndian: true);
        if (x >= P) return false;

        // y² = x³ − 3x + b; the added 3p keeps the sum positive.
        var square = ((((x * x) + (P - 3)) * x) + B) % P;
        var y = BigInteger.ModPow(square, RootExponent, P);
        if (y * y % P != square) return false;

        if (y.IsEven != (compressed33[0] == 0x02)) y = P - y;
        compressed33[1..].CopyTo(xy64);
        Span<byte> minimal = stackalloc byte[CoordinateSize];
        y.TryWriteBytes(minimal, out var written, isUnsigned: true, isBigEndian: true);
        xy64[CoordinateSize..].Clear();
        minimal[..written].CopyTo(xy64[(2 * CoordinateSize - written)..]);
        return true;
    }

    private static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
