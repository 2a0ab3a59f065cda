using System.Buffers.Binary;
using System.Security.Cryptography;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Core.Tests.Cryptography.Lanes;

// Every width is tested on every machine: where it is missing, the same code runs without vectors.
public class NonceSearchTests
{
    private const uint Upper = 0x00123456;

    public static TheoryData<int> Widths => [.. LaneWidths.All.Select(width => (int)width)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_bit_of_the_first_word_is_that_of_SHA256(int lanes)
    {
        for (var seed = 0; seed < 8; seed++)
        {
            var message = Message(seed);
            var block = new NonceBlock(message, Upper);
            foreach (var nonce in new uint[] { 0, 1, 77, 0x7fffffff, 0x80000000, 0xdeadbeef, uint.MaxValue - 16, uint.MaxValue })
            {
                var expected = FirstWord(message, nonce);
                for (var bit = 0; bit < 32; bit++)
                    NonceSearch.Find(block, nonce, 1, 1u << bit, (LaneWidth)lanes).HasValue.Should().Be((expected & (1u << bit)) == 0, "bit {0} of the hash with nonce {1:x8} of message {2}", bit, nonce, seed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_lane_is_looked_at_and_the_first_one_that_fits_is_found(int lanes)
    {
        var message = Message(1);
        var block = new NonceBlock(message, Upper);
        var words = Enumerable.Range(0, 64).Select(nonce => FirstWord(message, (uint)nonce)).ToArray();

        for (var first = 0; first < 40; first++)
        {
            for (var mask = 1u; mask != 0; mask <<= 3)
            {
                var expected = Array.FindIndex(words, first, word => (word & mask) == 0);
                NonceSearch.Find(block, (uint)first, words.Length - first, mask, (LaneWidth)lanes).Should().Be(expected < 0 ? null : expected - first, "of the nonces from {0}", first);
            }

            // Each of them in turn is the only one asked for: whatever lane it is in, it is found, and not by who stops before it.
            var last = first + 23;
            NonceSearch.Find(block, (uint)first, 24, ~words[last], (LaneWidth)lanes).Should().Be(Array.FindIndex(words, first, word => (word & ~words[last]) == 0) - first);
            NonceSearch.Find(block, (uint)first, 23, ~words[last], (LaneWidth)lanes).Should().BeNull("it lies behind the range");
        }

        NonceSearch.Find(block, 5, 0, 0, (LaneWidth)lanes).Should().BeNull();
        NonceSearch.Find(block, 5, 1, 0, (LaneWidth)lanes).Should().Be(0);
    }

    [Fact]
    public void The_message_may_have_any_number_of_whole_blocks_before_the_last()
    {
        foreach (var length in new[] { 52, 116, 180, 244 })
        {
            var message = Message(3, length);
            NonceSearch.Find(new NonceBlock(message, Upper), 9, 1, ~FirstWord(message, 9), LaneWidth.Scalar).Should().Be(0);
        }

        foreach (var length in new[] { 0, 51, 53, 64, 179, 181 })
        {
            var prepare = () => new NonceBlock(Message(3, length), Upper);
            prepare.Should().Throw<ArgumentException>();
        }
    }

    private static byte[] Message(int seed, int length = 180)
    {
        var message = new byte[length];
        new Random(seed).NextBytes(message);
        return message;
    }

    private static uint FirstWord(byte[] message, uint lower)
    {
        var candidate = message.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(candidate.AsSpan(message.Length - 8), Upper);
        BinaryPrimitives.WriteUInt32BigEndian(candidate.AsSpan(message.Length - 4), lower);
        return BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(candidate));
    }
}
