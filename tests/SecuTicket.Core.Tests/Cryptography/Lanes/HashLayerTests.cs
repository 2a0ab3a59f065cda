using System.Security.Cryptography;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Core.Tests.Cryptography.Lanes;

public class HashLayerTests
{
    [Theory]
    [MemberData(nameof(NonceSearchTests.Widths), MemberType = typeof(NonceSearchTests))]
    public void The_layer_above_is_SHA256_of_each_two_and_what_is_left_over_goes_up_as_it_is(int lanes)
    {
        for (var count = 0; count <= 80; count++)
        {
            foreach (var tag in new byte[] { 0, 1, 0xff })
            {
                var digests = Digests(count, tag);
                var layer = new HashLayer(count);
                layer.Load(digests.SelectMany(static digest => digest).ToArray());
                var above = new HashLayer((count + 1) / 2);
                layer.Rise(tag, above, (LaneWidth)lanes);

                Read(above).Should().Equal(Above(tag, digests), "over {0} digests", count);
                Read(layer).Should().Equal(digests.Select(Convert.ToHexStringLower), "the layer itself stays");

                layer.Rise(tag, layer, (LaneWidth)lanes);
                Read(layer).Should().Equal(Read(above), "in place it is the same");
            }
        }
    }

    [Fact]
    public void There_is_no_digest_behind_the_last()
    {
        var layer = new HashLayer(3);
        layer.Load(new byte[96]);
        var read = (int index) => () => layer.CopyTo(index, new byte[32]);

        read(2).Should().NotThrow();
        read(3).Should().Throw<ArgumentOutOfRangeException>();
        read(-1).Should().Throw<ArgumentOutOfRangeException>();
        layer.Load(new byte[32]);
        read(1).Should().Throw<ArgumentOutOfRangeException>("one digest took the place of three");
        new HashLayer(5).Count.Should().Be(0);
    }

    private static byte[][] Digests(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => SHA256.HashData([(byte)i, (byte)seed]))];

    private static IEnumerable<string> Above(byte tag, byte[][] digests) =>
        digests.Chunk(2).Select(pair => Convert.ToHexStringLower(pair.Length == 2 ? SHA256.HashData([tag, .. pair[0], .. pair[1]]) : pair[0]));

    private static string[] Read(HashLayer layer)
    {
        var read = new string[layer.Count];
        var digest = new byte[32];
        for (var i = 0; i < read.Length; i++)
        {
            layer.CopyTo(i, digest);
            read[i] = Convert.ToHexStringLower(digest);
        }

        return read;
    }
}
