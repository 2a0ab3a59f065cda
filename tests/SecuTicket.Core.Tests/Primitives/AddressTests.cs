using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Primitives;

public class AddressTests
{
    public static IEnumerable<object[]> Published => TestVectors.At("eip55").EnumerateArray().Select(static text => new object[] { text.GetString()! });

    public static IEnumerable<object[]> Keys => TestVectors.At("keys").EnumerateArray().Select(
        static key => new object[] { key.GetProperty("public_key").GetString()!, key.GetProperty("compressed").GetString()!, key.GetProperty("address").GetString()! });

    [Theory]
    [MemberData(nameof(Published))]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7")] // EIP-55: all capitals
    [InlineData("0x8617E340B3D01FA5F11F306F4090FD50E238070D")]
    [InlineData("0xde709f2102306220921060314715629080e2fb77")] // EIP-55: all lower
    [InlineData("0x27b1fdb04752bbc536007a920d24acb045561c26")]
    [InlineData("0x0000000000000000000000000000000000000000")]
    public void Reads_and_writes_the_published_checksums(string text)
    {
        Address.TryParse(text, out var address).Should().BeTrue();
        address.ToString().Should().Be(text);
        Address.TryParse(text.ToLowerInvariant(), out var lower).Should().BeTrue();
        lower.Should().Be(address);
    }

    [Theory]
    [MemberData(nameof(Published))]
    public void Refuses_every_wrong_mixed_case(string text)
    {
        for (var i = 2; i < text.Length; i++)
        {
            if (!char.IsLetter(text[i])) continue;
            var other = char.IsUpper(text[i]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
            Address.TryParse(text[..i] + other + text[(i + 1)..], out var address).Should().BeFalse();
            address.Should().Be(default(Address));
        }

        Address.TryParse("0x" + text[2..].ToUpperInvariant(), out _).Should().BeFalse("all capitals are the checksum of few addresses");
    }

    [Theory]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0X5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaedd")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1bea d")]
    [InlineData(" 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    [InlineData("0x５aaeb6053f3e94c9b9a09f33669435e7ef1beaed")]
    public void Refuses_what_is_no_address(string text) => Address.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_key_has_the_address_of_the_independent_implementation(string uncompressed, string compressed, string address)
    {
        PublicKey.TryParse(uncompressed, out var key).Should().BeTrue();
        PublicKey.TryDecompress(Convert.FromHexString(compressed), out var expanded).Should().BeTrue();

        expanded.Should().Be(key);
        Address.Of(key).ToString().Should().Be(address);
    }
}
