using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Cryptography;

public class Keccak256Tests
{
    public static IEnumerable<object[]> Published =>
        TestVectors.At("keccak256").EnumerateArray().Select(static pair => new object[] { pair[0].GetString()!, pair[1].GetString()! });

    [Theory]
    [MemberData(nameof(Published))]
    public void Gives_the_published_digest(string text, string digest) => Hash(System.Text.Encoding.UTF8.GetBytes(text)).Should().Be(digest);

    [Fact]
    public void Pads_inputs_around_a_whole_block_of_136_bytes_each_in_its_own_way()
    {
        var digests = Enumerable.Range(0, 300).Select(static length => Hash(new byte[length])).ToList();

        digests.Should().OnlyHaveUniqueItems();
        // 135 bytes leave one for both padding bits, 136 none: the padding is then a block of its own.
        Hash(System.Text.Encoding.ASCII.GetBytes(new string('a', 135))).Should().Be("34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446");
        Hash(System.Text.Encoding.ASCII.GetBytes(new string('a', 136))).Should().Be("a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e");
    }

    [Fact]
    public void Wants_32_bytes_for_the_digest()
    {
        var hash = () => Keccak256.Hash([], new byte[31]);

        hash.Should().Throw<ArgumentException>();
    }

    private static string Hash(byte[] input)
    {
        Span<byte> digest = stackalloc byte[Keccak256.Size];
        Keccak256.Hash(input, digest);
        return Convert.ToHexStringLower(digest);
    }
}
