using SecuTicket.Core.Encoding;
using SecuTicket.Core.Tests.Vectors;

namespace SecuTicket.Core.Tests.Encoding;

public class Base45Tests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    public static IEnumerable<object[]> Published =>
        TestVectors.At("base45").EnumerateArray().Select(static pair => new object[] { pair[0].GetString()!, pair[1].GetString()! });

    [Theory]
    [MemberData(nameof(Published))]
    [InlineData("ietf!", "QED8WEX0")] // RFC 9285, section 4.4
    [InlineData("", "")]
    public void Writes_and_reads_the_examples_of_RFC_9285(string plain, string encoded)
    {
        Base45.Encode(System.Text.Encoding.ASCII.GetBytes(plain)).Should().Be(encoded);
        System.Text.Encoding.ASCII.GetString(Decode(encoded)!).Should().Be(plain);
    }

    [Theory]
    [InlineData("0", "one character stands for nothing")]
    [InlineData("BB80", "one character left over")]
    [InlineData("bb8", "lower case is another alphabet")]
    [InlineData("BB\n", "a line feed")]
    [InlineData("BBé", "beyond ASCII")]
    [InlineData("BB[", "the first after the letters")]
    [InlineData("BB_", "among the first after the letters")]
    [InlineData("GGW", "65,536 (RFC 9285, section 6)")]
    [InlineData(":::", "91,124")]
    [InlineData("V5", "256 in two characters")]
    [InlineData("::", "2,024 in two characters")]
    public void Refuses_what_it_never_writes(string text, string because) => Decode(text).Should().BeNull(because);

    [Fact]
    public void Reads_the_largest_values()
    {
        Decode("FGW").Should().Equal(0xff, 0xff);
        Decode("U5").Should().Equal(0xff);
    }

    [Fact]
    public void Every_pair_and_every_single_byte_comes_back()
    {
        for (var value = 0; value <= ushort.MaxValue; value++)
        {
            byte[] pair = [(byte)(value >> 8), (byte)value];
            Decode(Base45.Encode(pair)).Should().Equal(pair);
            if (value > 2_000) value += 30; // every remainder, in a quick test
        }

        for (var value = 0; value <= byte.MaxValue; value++) Decode(Base45.Encode([(byte)value])).Should().Equal((byte)value);
    }

    [Fact]
    public void Every_text_that_is_read_is_the_one_text_of_its_bytes()
    {
        foreach (var a in Alphabet)
        {
            foreach (var b in Alphabet)
            {
                OneText($"{a}{b}");
                foreach (var c in "0W:") OneText($"{a}{b}{c}");
            }
        }

        static void OneText(string text)
        {
            if (Decode(text) is { } bytes) Base45.Encode(bytes).Should().Be(text);
        }
    }

    [Fact]
    public void Random_bytes_of_every_length_come_back()
    {
        var random = new Random(45);
        for (var length = 0; length < 300; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var text = Base45.Encode(bytes);

            text.Should().HaveLength(Base45.LengthOf(length));
            Decode(text).Should().Equal(bytes);
        }
    }

    private static byte[]? Decode(string text)
    {
        var read = Base45.TryDecode(text, out var bytes);
        if (!read) bytes.Should().BeEmpty();
        return read ? bytes : null;
    }
}
