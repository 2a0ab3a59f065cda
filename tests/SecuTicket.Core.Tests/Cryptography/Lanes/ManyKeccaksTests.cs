using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Core.Tests.Cryptography.Lanes;

public class ManyKeccaksTests
{
    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void However_many_and_however_long_each_digest_is_what_one_alone_gives(int lanes)
    {
        foreach (var size in new[] { 0, 1, 7, 8, 34, 40, 127, 128, ManyKeccaks.MaxSize })
        {
            for (var count = 0; count <= 20; count++)
            {
                var messages = Enumerable.Range(0, count * size).Select(static i => (byte)(i * 37 >> 2)).ToArray();
                var (digests, one) = (new byte[count * 32], new byte[32]);
                ManyKeccaks.Hash(messages, size, digests, (LaneWidth)lanes);

                for (var i = 0; i < count; i++)
                {
                    Keccak256.Hash(messages.AsSpan(i * size, size), one);
                    Convert.ToHexStringLower(digests.AsSpan(i * 32, 32)).Should().Be(Convert.ToHexStringLower(one), "{0} of {1} with {2} bytes", i, count, size);
                }
            }
        }
    }

    [Fact]
    public void What_does_not_fit_a_block_is_a_bug_of_the_caller()
    {
        var hash = () => ManyKeccaks.Hash(new byte[136], 136, new byte[32]);
        hash.Should().Throw<ArgumentOutOfRangeException>();
    }
}
