using System.Security.Cryptography;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Core.Tests.Cryptography.Lanes;

public class ManyHashesTests
{
    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void Every_length_gives_what_SHA256_gives(int lanes)
    {
        // Both sides of each block's end, of where the length still fits, and of what is left to the platform.
        TextPart[] parts = [.. Enumerable.Range(0, 1_101).Append(3_000).Select(static length => new TextPart(length % 7, length))];
        Check(parts, (LaneWidth)lanes);
    }

    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void However_many_there_are_and_in_whatever_order_each_digest_is_at_its_place(int lanes)
    {
        var random = new Random(lanes);
        for (var count = 0; count <= 70; count++)
            Check([.. Enumerable.Range(0, count).Select(_ => new TextPart(random.Next(0, 900), random.Next(random.Next(10) == 0 ? 2_000 : 400)))], (LaneWidth)lanes);
    }

    [Fact]
    public void What_this_machine_has_is_right_too()
    {
        TextPart[] parts = [new(0, 31), new(5, 270), new(9, 130), new(0, 0), new(100, 65)];
        var digests = new byte[parts.Length * 32];
        ManyHashes.Hash(Text, parts, digests);

        digests.Should().Equal(parts.SelectMany(static part => SHA256.HashData(part.Of(Text))));
    }

    private static readonly byte[] Text = [.. Enumerable.Range(0, 4_000).Select(static i => (byte)(i * 31 >> 3))];

    private static void Check(TextPart[] parts, LaneWidth width)
    {
        var digests = new byte[parts.Length * 32];
        ManyHashes.Hash(Text, parts, digests, width);
        for (var i = 0; i < parts.Length; i++) Convert.ToHexStringLower(digests.AsSpan(i * 32, 32)).Should().Be(Convert.ToHexStringLower(SHA256.HashData(parts[i].Of(Text))), "{0} of {1}", parts[i], parts.Length);
    }
}
