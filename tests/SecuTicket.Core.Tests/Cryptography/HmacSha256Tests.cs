using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Cryptography;

// S0.7
public class HmacSha256Tests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Accepts_the_tags_of_the_independent_implementation(int transaction)
    {
        var (key, message, tag) = Vector(transaction);

        HmacSha256.Verify(key, message, tag).Should().BeTrue();
    }

    [Fact]
    public void Accepts_the_published_tag_of_RFC_4231_test_case_2() =>
        HmacSha256.Verify("Jefe"u8, "what do ya want for nothing?"u8, Convert.FromHexString("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
            .Should().BeTrue();

    [Fact]
    public void Refuses_a_tag_with_any_bit_changed()
    {
        var (key, message, tag) = Vector(0);
        for (var bit = 0; bit < 8 * tag.Length; bit++)
        {
            var changed = (byte[])tag.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            HmacSha256.Verify(key, message, changed).Should().BeFalse();
        }
    }

    [Fact]
    public void Refuses_a_tag_of_another_length_and_the_tag_of_another_key_or_message()
    {
        var (key, message, tag) = Vector(0);

        HmacSha256.Verify(key, message, []).Should().BeFalse();
        HmacSha256.Verify(key, message, tag.AsSpan(0, 31)).Should().BeFalse();
        HmacSha256.Verify(key, message, [.. tag, 0]).Should().BeFalse();
        HmacSha256.Verify(new byte[32], message, tag).Should().BeFalse();
        HmacSha256.Verify(key, message.AsSpan(1), tag).Should().BeFalse();
    }

    private static (byte[] Key, byte[] Message, byte[] Tag) Vector(int transaction) => (
        Convert.FromHexString(TestVectors.Text("transactions", transaction, "hmac_secret")),
        System.Text.Encoding.UTF8.GetBytes(TestVectors.Text("transactions", transaction, "canonical")),
        Convert.FromHexString(TestVectors.Text("transactions", transaction, "hmac")));
}
