using System.Globalization;
using System.Numerics;

namespace SecuTicket.Core.Tests.Cryptography;

/// <summary>What the tests need of P-256 to make bad keys and second signatures.</summary>
internal static class TestCurve
{
    public static readonly BigInteger Order = Number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    public static readonly BigInteger P = Number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger B = Number("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    public static bool IsOnCurve(ReadOnlySpan<byte> xy64)
    {
        var x = new BigInteger(xy64[..32], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(xy64[32..], isUnsigned: true, isBigEndian: true);
        return x < P && y < P && ((y * y) - (x * x * x) + (3 * x) - B) % P == 0;
    }

    /// <summary>The same signature with the other s.</summary>
    public static byte[] Flip(ReadOnlySpan<byte> raw64) =>
        [.. raw64[..32], .. Bytes(Order - new BigInteger(raw64[32..], isUnsigned: true, isBigEndian: true))];

    /// <summary>The x of G + the point, another one than ±G.</summary>
    public static BigInteger SumWithGenerator(ReadOnlySpan<byte> xy64)
    {
        var (gx, gy) = (Number("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"), Number("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"));
        var x = new BigInteger(xy64[..32], isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(xy64[32..], isUnsigned: true, isBigEndian: true);
        var slope = (P + y - gy) * BigInteger.ModPow(P + x - gx, P - 2, P) % P;
        return ((slope * slope) + P + P - x - gx) % P;
    }

    public static byte[] Bytes(BigInteger scalar)
    {
        var minimal = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - minimal.Length], .. minimal];
    }

    public static BigInteger Number(string hex) => BigInteger.Parse("0" + hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
