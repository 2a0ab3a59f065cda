using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Cryptography;

public class P256PointTests
{
    private const string Prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

    public static IEnumerable<object[]> Keys =>
        TestVectors.At("keys").EnumerateArray().Select(static key => new object[] { key.GetProperty("compressed").GetString()!, key.GetProperty("public_key").GetString()![2..] });

    [Theory]
    [MemberData(nameof(Keys))]
    public void Expands_the_compressed_keys_of_the_independent_implementation(string compressed, string point) => Expand(compressed).Should().Be(point);

    [Theory]
    [MemberData(nameof(Keys))]
    public void The_other_leading_byte_is_the_mirrored_point(string compressed, string point)
    {
        var mirrored = Expand((compressed[1] == '2' ? "03" : "02") + compressed[2..])!;

        mirrored[..64].Should().Be(point[..64]);
        var sum = Convert.FromHexString(mirrored[64..]).Zip(Convert.FromHexString(point[64..])).Reverse().Aggregate(
            (Carry: 0, Digits: string.Empty),
            static (sum, pair) => ((sum.Carry + pair.First + pair.Second) >> 8, ((sum.Carry + pair.First + pair.Second) & 0xff).ToString("x2") + sum.Digits));
        sum.Digits.Should().Be(Prime, "the two y add up to the prime");
    }

    [Fact]
    public void Every_key_of_the_platform_survives_compression()
    {
        for (var i = 0; i < 20; i++)
        {
            using var key = P256PrivateKey.Generate();
            var point = new byte[64];
            key.CopyPublicKey(point);
            var compressed = Convert.ToHexStringLower([(byte)(0x02 | (point[63] & 1)), .. point.AsSpan(0, 32)]);

            Expand(compressed).Should().Be(Convert.ToHexStringLower(point));
        }
    }

    [Fact]
    public void About_half_of_all_x_have_no_point_and_are_refused()
    {
        var refused = 0;
        for (var x = 0; x < 100; x++)
        {
            var point = Expand($"02{x:x64}");
            if (point is null) refused++;
            else TestCurve.IsOnCurve(Convert.FromHexString(point)).Should().BeTrue();
        }

        refused.Should().BeInRange(30, 70);
    }

    [Theory]
    [InlineData(Prime)]
    [InlineData("ffffffff00000001000000000000000000000001000000000000000000000004")] // p + 5: x = 5 has a point, but not under this name
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void An_x_not_below_the_prime_is_refused(string x)
    {
        Expand("02" + x).Should().BeNull();
        Expand("03" + x).Should().BeNull();
    }

    [Fact]
    public void X_of_5_has_a_point_so_that_the_test_above_means_something() => Expand($"02{5:x64}").Should().NotBeNull();

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("006b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")]
    [InlineData("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296")]
    [InlineData("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2")]
    [InlineData("036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c29600")]
    public void Another_length_or_leading_byte_is_refused(string compressed) => Expand(compressed).Should().BeNull();

    [Fact]
    public void A_y_of_fewer_bytes_is_padded_whatever_the_destination_held()
    {
        var padded = 0;
        var point = new byte[64];
        for (var x = 0; x < 1_000 && padded < 2; x++)
        {
            Array.Fill(point, (byte)0xff);
            if (!P256Point.TryDecompress(Convert.FromHexString($"02{x:x64}"), point)) continue;

            TestCurve.IsOnCurve(point).Should().BeTrue();
            if (point[32] == 0) padded++;
        }

        padded.Should().BePositive();
    }

    [Fact]
    public void A_refusal_leaves_the_destination_as_it_was()
    {
        var point = Enumerable.Repeat((byte)7, 64).ToArray();

        P256Point.TryDecompress(Convert.FromHexString("02" + Prime), point).Should().BeFalse();

        point.Should().AllBeEquivalentTo((byte)7);
    }

    private static string? Expand(string compressed)
    {
        Span<byte> point = stackalloc byte[64];
        return P256Point.TryDecompress(Convert.FromHexString(compressed), point) ? Convert.ToHexStringLower(point) : null;
    }
}
