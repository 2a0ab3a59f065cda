using System.Numerics;
using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

// S1.7: one signature has one form, so nobody can make a second one out of it.
public class P256SignatureTests
{
    private static readonly BigInteger N = TestCurve.Order;
    private static readonly BigInteger Half = (TestCurve.Order - 1) / 2;

    [Fact]
    public void S_is_low_from_1_to_half_the_order_and_high_above()
    {
        P256Signature.IsLowS(Raw(1, 1)).Should().BeTrue();
        P256Signature.IsLowS(Raw(1, Half)).Should().BeTrue();
        P256Signature.IsLowS(Raw(1, Half + 1)).Should().BeFalse();
        P256Signature.IsLowS(Raw(1, N - 1)).Should().BeFalse();
        P256Signature.IsLowS(Raw(1, 0)).Should().BeFalse();
        P256Signature.IsLowS(Raw(1, 1).AsSpan(0, 63)).Should().BeFalse();
        P256Signature.IsLowS([.. Raw(1, 1), 0]).Should().BeFalse();
    }

    [Fact]
    public void A_raw_signature_with_a_low_s_stays_as_it_is_and_a_high_s_becomes_n_minus_s()
    {
        Normalise(Raw(5, Half)).Should().Equal(Raw(5, Half));
        Normalise(Raw(5, Half + 1)).Should().Equal(Raw(5, Half));
        Normalise(Raw(5, N - 1)).Should().Equal(Raw(5, 1));
        var s = TestCurve.Number("ff00000000ffffffff000000000000000000000000ffffffff00000000000100");
        Normalise(Raw(5, s)).Should().Equal(Raw(5, N - s), "borrows run through zero bytes");
    }

    [Fact]
    public void R_and_s_outside_1_to_n_minus_1_are_refused_in_either_form()
    {
        foreach (var (r, s) in new (BigInteger R, BigInteger S)[] { (0, 1), (1, 0), (N, 1), (1, N), (N + 1, 1), (1, N + 1), (0, 0) })
        {
            Normalise(Raw(r, s)).Should().BeNull();
            Normalise(Der(Integer(r), Integer(s))).Should().BeNull();
        }

        Normalise(Raw(N - 1, 1)).Should().NotBeNull();
        Normalise(Der(Integer(N - 1), Integer(1))).Should().NotBeNull();
    }

    [Fact]
    public void What_the_platform_signs_in_DER_and_raw_normalises_to_the_same_kind_of_low_s_signature_that_verifies()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var digest = SHA256.HashData("message"u8);
        for (var i = 0; i < 64; i++)
        {
            var der = Normalise(key.SignHash(digest, DSASignatureFormat.Rfc3279DerSequence))!;
            var raw = Normalise(key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))!;

            P256Signature.IsLowS(der).Should().BeTrue();
            P256Signature.IsLowS(raw).Should().BeTrue();
            key.VerifyHash(digest, der).Should().BeTrue();
            key.VerifyHash(digest, raw).Should().BeTrue();
        }
    }

    [Fact]
    public void The_four_ways_to_write_one_signature_become_one()
    {
        var s = TestCurve.Number("1234");
        var expected = Raw(0x80, s);

        Normalise(Raw(0x80, s)).Should().Equal(expected);
        Normalise(Raw(0x80, N - s)).Should().Equal(expected);
        Normalise(Der(Integer(0x80), Integer(s))).Should().Equal(expected);
        Normalise(Der(Integer(0x80), Integer(N - s))).Should().Equal(expected);
    }

    [Fact]
    public void The_shortest_and_the_longest_DER_are_read()
    {
        var shortest = Der(Integer(1), Integer(1));
        var longest = Der(Integer(N - 1), Integer(N - 2));

        shortest.Should().HaveCount(8);
        longest.Should().HaveCount(P256Signature.MaxDerSize);
        Normalise(shortest).Should().Equal(Raw(1, 1));
        Normalise(longest).Should().Equal(Raw(N - 1, 2));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("30", "cut off")]
    [InlineData("3006020101020101ff", "a byte after it")]
    [InlineData("30060201010201", "a byte missing")]
    [InlineData("3007020101020101", "a length that is too long")]
    [InlineData("3005020101020101", "a length that is too short")]
    [InlineData("308106020101020101", "a length that is not minimal")]
    [InlineData("3080020101020101", "an indefinite length")]
    [InlineData("300702020001020101", "a leading zero that is not needed")]
    [InlineData("300702010102020001", "a leading zero that is not needed, in s")]
    [InlineData("3006020181020101", "a negative r")]
    [InlineData("3006020101020181", "a negative s")]
    [InlineData("30050200020101", "an integer of no bytes")]
    [InlineData("3006030101020101", "not an integer")]
    [InlineData("3106020101020101", "not a sequence")]
    [InlineData("3003020101", "one integer")]
    [InlineData("3009020101020101020101", "three integers")]
    [InlineData("3006020501020101", "an integer longer than what follows")]
    public void DER_that_is_not_strict_is_refused(string hex, string because) => Normalise(Convert.FromHexString(hex)).Should().BeNull(because);

    [Fact]
    public void An_integer_of_more_than_32_bytes_is_refused()
    {
        byte[] tooLong = [0x02, 33, 0x01, .. Enumerable.Repeat((byte)1, 32)];

        Normalise(Der(tooLong, Integer(1))).Should().BeNull();
        Normalise(Der(Integer(1), tooLong)).Should().BeNull();
    }

    [Fact]
    public void Every_length_that_is_neither_is_refused()
    {
        for (var length = 0; length < 200; length++)
        {
            if (length == P256Signature.Size) continue;
            Normalise(new byte[length]).Should().BeNull();
            Normalise(Enumerable.Repeat((byte)0x30, length).ToArray()).Should().BeNull();
        }
    }

    [Fact]
    public void Sixty_four_bytes_are_always_raw_even_when_they_are_a_whole_DER_signature()
    {
        var scalar = (BigInteger.One << (29 * 8)) - BigInteger.Pow(2, 231) - 1;
        var der = Der(Integer(scalar), Integer(scalar));

        der.Should().HaveCount(64);
        Normalise(der).Should().Equal(Normalise(Raw(Scalar(der.AsSpan(0, 32)), Scalar(der.AsSpan(32)))), "the length alone decides, so that no raw signature is ever misread");
        Normalise(der)![..2].Should().Equal(0x30, 0x3e);
    }

    [Fact]
    public void A_destination_of_another_size_is_a_bug_and_throws()
    {
        var normalise = () => P256Signature.TryNormalise(Raw(1, 1), new byte[63]);

        normalise.Should().Throw<ArgumentException>();
    }

    private static byte[]? Normalise(ReadOnlySpan<byte> signature)
    {
        var raw = new byte[P256Signature.Size];
        return P256Signature.TryNormalise(signature, raw) ? raw : null;
    }

    private static BigInteger Scalar(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Raw(BigInteger r, BigInteger s) => [.. TestCurve.Bytes(r), .. TestCurve.Bytes(s)];

    private static byte[] Integer(BigInteger value)
    {
        var bytes = value.ToByteArray(isBigEndian: true);
        return [0x02, (byte)bytes.Length, .. bytes];
    }

    private static byte[] Der(byte[] r, byte[] s) => [0x30, (byte)(r.Length + s.Length), .. r, .. s];
}
