using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Primitives;

public class KeyAndSignatureTests
{
    private static readonly string KeyText = TestVectors.Text("keys", 0, "public_key");
    private static readonly string SignatureText = TestVectors.Text("transactions", 0, "signature_sample", "signature");

    [Fact]
    public void A_public_key_is_130_hex_digits_that_start_with_04()
    {
        PublicKey.TryParse(KeyText, out var key).Should().BeTrue();
        key.ToString().Should().Be(KeyText);
        PublicKey.TryParse(KeyText.ToUpperInvariant(), out var upper).Should().BeTrue();
        upper.Should().Be(key);
        foreach (var text in new[] { "", KeyText[2..], "03" + KeyText[2..], "06" + KeyText[2..], KeyText[..^2], KeyText + "00", KeyText[..^1] + "g", TestVectors.Text("keys", 0, "compressed") })
        {
            PublicKey.TryParse(text, out var none).Should().BeFalse();
            none.Should().Be(default(PublicKey));
        }
    }

    [Fact]
    public void A_public_key_is_compressed_to_the_33_bytes_of_the_independent_implementation()
    {
        foreach (var vector in TestVectors.At("keys").EnumerateArray())
        {
            PublicKey.TryParse(vector.GetProperty("public_key").GetString(), out var key).Should().BeTrue();
            var compressed = new byte[PublicKey.CompressedSize];
            key.WriteCompressed(compressed);

            Convert.ToHexStringLower(compressed).Should().Be(vector.GetProperty("compressed").GetString());
        }

        PublicKey.TryDecompress(new byte[33], out _).Should().BeFalse();
        PublicKey.TryDecompress(new byte[32], out _).Should().BeFalse();
    }

    [Fact]
    public void A_signature_is_128_lower_case_hex_digits()
    {
        Signature.TryParse(SignatureText, out var signature).Should().BeTrue();
        signature.ToString().Should().Be(SignatureText);
        signature.IsLowS.Should().BeTrue();
        foreach (var text in new[] { "", SignatureText[..^2], SignatureText + "00", SignatureText.ToUpperInvariant(), SignatureText[..^1] + "g" })
        {
            Signature.TryParse(text, out var none).Should().BeFalse();
            none.Should().Be(default(Signature));
        }
    }

    [Fact]
    public void At_the_edge_upper_case_high_s_and_DER_become_the_one_canonical_signature()
    {
        Signature.TryParse(SignatureText, out var signature).Should().BeTrue();
        var high = new Signature(TestCurve.Flip(signature.Span));
        var raw = signature.Span.ToArray();
        byte[] r = raw[0] < 0x80 ? [.. raw[..32]] : [0, .. raw[..32]];
        byte[] der = [0x30, (byte)(r.Length + 36), 0x02, (byte)r.Length, .. r, 0x02, 32, .. raw[32..]];

        high.IsLowS.Should().BeFalse();
        foreach (var text in new[] { SignatureText, SignatureText.ToUpperInvariant(), high.ToString(), Convert.ToHexStringLower(der), Convert.ToHexString(der) })
        {
            Signature.TryParseLenient(text, out var read).Should().BeTrue();
            read.Should().Be(signature);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00")]
    [InlineData("zz")]
    [InlineData("3006020101020101ff")]
    public void At_the_edge_too_what_is_no_signature_is_refused(string text)
    {
        Signature.TryParseLenient(text, out _).Should().BeFalse();
        Signature.TryParseLenient(new string('0', 128), out _).Should().BeFalse("r and s are zero");
        Signature.TryParseLenient(new string('1', (2 * P256Signature.MaxDerSize) + 2), out _).Should().BeFalse();
        Signature.TryParseLenient(new string('1', 20_000_000), out _).Should().BeFalse("a long text must not cost the stack");
    }
}
