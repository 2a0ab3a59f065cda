using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

public class LibcryptoSha256Tests
{
    [Fact]
    public void A_digest_is_the_platforms_whatever_the_length()
    {
        if (!LibcryptoSha256.IsAvailable) return;

        var text = Bytes(70_000);
        var digest = new byte[32];
        foreach (var length in Enumerable.Range(0, 1_101).Concat([65_535, 65_536, 70_000]))
        {
            LibcryptoSha256.Hash(text.AsSpan(0, length), digest);
            digest.Should().Equal(SHA256.HashData(text.AsSpan(0, length)), $"of {length} bytes");
        }
    }

    [Fact]
    public void A_tag_is_the_platforms_whatever_the_lengths_of_key_and_text()
    {
        if (!LibcryptoSha256.IsAvailable) return;

        var text = Bytes(1_000);
        var tag = new byte[32];
        foreach (var key in new[] { 0, 1, 31, 32, 63, 64, 65, 200 })
        {
            foreach (var length in new[] { 0, 1, 55, 56, 63, 64, 65, 260, 1_000 })
            {
                LibcryptoSha256.Tag(text.AsSpan(0, key), text.AsSpan(0, length), tag);
                tag.Should().Equal(HMACSHA256.HashData(text.AsSpan(0, key), text.AsSpan(0, length)), $"of {length} bytes under a key of {key}");
            }
        }
    }

    [Fact]
    public void No_digest_is_written_beyond_its_room()
    {
        if (!LibcryptoSha256.IsAvailable) return;

        FluentActions.Invoking(() => LibcryptoSha256.Hash("abc"u8, new byte[31])).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void It_is_there_where_the_curve_is() => LibcryptoSha256.IsAvailable.Should().Be(LibcryptoP256.IsAvailable);

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++) bytes[i] = (byte)((i * 131) + (i >> 8));
        return bytes;
    }
}
