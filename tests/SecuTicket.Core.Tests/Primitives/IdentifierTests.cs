using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

// S0.1: two things never share an id by accident of writing.
public class IdentifierTests
{
    [Fact]
    public void Each_has_one_text_in_lower_case_hex()
    {
        OneText(Hash256.Size, static (string text, out Hash256 value) => Hash256.TryParse(text, out value));
        OneText(EventId.Size, static (string text, out EventId value) => EventId.TryParse(text, out value));
        OneText(TicketId.Size, static (string text, out TicketId value) => TicketId.TryParse(text, out value));
    }

    [Fact]
    public void Each_is_equal_sorted_and_hashed_by_all_its_bytes()
    {
        ByBytes(Hash256.Size, static bytes => new Hash256(bytes));
        ByBytes(EventId.Size, static bytes => new EventId(bytes));
        ByBytes(TicketId.Size, static bytes => new TicketId(bytes));
        ByBytes(Address.Size, static bytes => new Address(bytes));
        EqualByBytes(PublicKey.Size, static bytes => new PublicKey(bytes));
        EqualByBytes(Signature.Size, static bytes => new Signature(bytes));
    }

    [Fact]
    public void Operators_say_what_the_methods_say()
    {
        var (less, more) = (new byte[32], new byte[32]);
        more[31] = 1;
        var (hashA, hashB) = (new Hash256(less), new Hash256(more));
        var (addressA, addressB) = (new Address(less.AsSpan(12)), new Address(more.AsSpan(12)));
        var (eventA, eventB) = (new EventId(less.AsSpan(16)), new EventId(more.AsSpan(16)));
        var (ticketA, ticketB) = (new TicketId(less.AsSpan(16)), new TicketId(more.AsSpan(16)));

        new[] { hashA < hashB, hashA <= hashB, hashB > hashA, hashB >= hashA, hashA != hashB, hashA == new Hash256(less) }.Should().AllBeEquivalentTo(true);
        new[] { addressA < addressB, addressA <= addressB, addressB > addressA, addressB >= addressA, addressA != addressB, addressA == new Address(less.AsSpan(12)) }.Should().AllBeEquivalentTo(true);
        new[] { eventA < eventB, eventA <= eventB, eventB > eventA, eventB >= eventA, eventA != eventB, eventA == new EventId(less.AsSpan(16)) }.Should().AllBeEquivalentTo(true);
        new[] { ticketA < ticketB, ticketA <= ticketB, ticketB > ticketA, ticketB >= ticketA, ticketA != ticketB, ticketA == new TicketId(less.AsSpan(16)) }.Should().AllBeEquivalentTo(true);
        new[] { hashB < hashA, hashB <= hashA, hashA > hashB, hashA >= hashB, hashA == hashB }.Should().AllBeEquivalentTo(false);
        var (hashC, addressC, eventC, ticketC) = (new Hash256(less), new Address(less.AsSpan(12)), new EventId(less.AsSpan(16)), new TicketId(less.AsSpan(16)));
        new[] { hashA <= hashC, hashA >= hashC, addressA <= addressC, addressA >= addressC, eventA <= eventC, eventA >= eventC, ticketA <= ticketC, ticketA >= ticketC }.Should().AllBeEquivalentTo(true);
        new[] { hashA < hashC, hashA > hashC, addressA < addressC, addressA > addressC, eventA < eventC, eventA > eventC, ticketA < ticketC, ticketA > ticketC }.Should().AllBeEquivalentTo(false);
    }

    [Fact]
    public void A_wrong_number_of_bytes_is_a_bug_and_throws()
    {
        ((Action)(() => _ = new Hash256(new byte[31]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new EventId(new byte[32]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new TicketId([]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new Address(new byte[21]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new PublicKey(new byte[65]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new Signature(new byte[63]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new EventId(new byte[15]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new Address(new byte[19]))).Should().Throw<ArgumentException>();
        ((Action)(() => _ = new PublicKey(new byte[63]))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void A_value_does_not_change_when_the_bytes_it_was_made_of_do()
    {
        var bytes = new byte[32];
        var hash = new Hash256(bytes);
        bytes[0] = 1;

        hash.Should().Be(Hash256.Zero);
    }

    [Fact]
    public void The_hash_is_SHA_256() =>
        Hash256.Sha256("abc"u8).ToString().Should().Be("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");

    [Fact]
    public void The_order_of_ordinals_is_that_of_their_bytes()
    {
        long[] positions = [0, 1, 255, 256, 65_535, 65_536, int.MaxValue, uint.MaxValue, long.MaxValue - 1, long.MaxValue];
        for (var i = 0; i < positions.Length; i++)
        {
            var ordinal = new Ordinal(positions[i]);
            ordinal.Value.Should().Be(positions[i]);
            ordinal.ToString().Should().Be(positions[i].ToString());
            ordinal.Span.Length.Should().Be(8);
            (ordinal == new Ordinal(positions[i])).Should().BeTrue();
            ordinal.GetHashCode().Should().Be(new Ordinal(positions[i]).GetHashCode());
            if (i == 0) continue;

            var earlier = new Ordinal(positions[i - 1]);
            earlier.Span.SequenceCompareTo(ordinal.Span).Should().BeNegative();
            (earlier != ordinal).Should().BeTrue();
        }

        ((Action)(() => _ = new Ordinal(-1))).Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData("00ff", true, true)]
    [InlineData("00FF", false, true)]
    [InlineData("00fF", false, true)]
    [InlineData("00f", false, false)]
    [InlineData("00ff0", false, false)]
    [InlineData("00ff00", false, false)]
    [InlineData("00fg", false, false)]
    [InlineData("0xff", false, false)]
    [InlineData(" 0ff", false, false)]
    [InlineData("００ff", false, false)]
    [InlineData("", false, false)]
    public void Hex_is_exactly_two_digits_a_byte(string text, bool isLower, bool isHex)
    {
        Span<byte> bytes = stackalloc byte[2];
        Hex.TryDecode(text, bytes).Should().Be(isLower);
        Hex.TryDecodeAnyCase(text, bytes).Should().Be(isHex);
        if (isHex) Convert.ToHexStringLower(bytes).Should().Be("00ff");
    }

    private delegate bool TryParse<T>(string text, out T value);

    private static void OneText<T>(int size, TryParse<T> tryParse)
        where T : struct
    {
        var text = string.Concat(Enumerable.Range(0, size).Select(static i => $"{(i * 37) + 10 & 0xff:x2}"));
        tryParse(text, out var value).Should().BeTrue();
        value.ToString().Should().Be(text);
        foreach (var wrong in new[] { "", text[..^1], text[..^2], text + "0", text + "00", text.ToUpperInvariant(), "0x" + text, "0x" + text[2..], text[..^1] + "g", " " + text[1..] })
        {
            tryParse(wrong, out var none).Should().BeFalse();
            none.Should().Be(default(T));
        }
    }

    private static void ByBytes<T>(int size, Func<byte[], T> make)
        where T : struct, IEquatable<T>, IComparable<T>
    {
        EqualByBytes(size, make);
        for (var i = 0; i < size; i++)
        {
            var (low, high) = (new byte[size], new byte[size]);
            high[i] = 0x80;
            if (i + 1 < size) low[i + 1] = 0xff;
            make(low).CompareTo(make(high)).Should().BeNegative();
            make(high).CompareTo(make(low)).Should().BePositive();
            make(high).CompareTo(make(high)).Should().Be(0);
        }
    }

    private static void EqualByBytes<T>(int size, Func<byte[], T> make)
        where T : struct, IEquatable<T>
    {
        var zero = make(new byte[size]);
        zero.Should().Be(default(T));
        for (var i = 0; i < size; i++)
        {
            var bytes = new byte[size];
            bytes[i] = 1;
            var value = make(bytes);
            value.Equals(zero).Should().BeFalse();
            value.Equals((object)make(bytes)).Should().BeTrue();
            value.Equals("other").Should().BeFalse();
            value.GetHashCode().Should().Be(make(bytes).GetHashCode());
            value.GetHashCode().Should().NotBe(zero.GetHashCode(), "all bytes count");
        }
    }
}
