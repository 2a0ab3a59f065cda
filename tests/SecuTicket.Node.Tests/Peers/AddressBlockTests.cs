using System.Net;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 1: the peer book caps peers per address block.</summary>
public sealed class AddressBlockTests
{
    [Theory]
    [InlineData("198.51.100.7", "198.51.0.0/16")]
    [InlineData("198.51.0.0", "198.51.0.0/16")]
    [InlineData("198.52.0.0", "198.52.0.0/16")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8::/32")]
    [InlineData("2001:db9::1", "2001:db9::/32")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.9.9.9", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:198.51.100.7", "198.51.0.0/16")]
    [InlineData("64:ff9b::198.51.100.7", "198.51.0.0/16")]
    [InlineData("2002:c633:6407::1", "198.51.0.0/16")]
    [InlineData("2001:0:808:808:0:ffff:39cc:9bf8", "198.51.0.0/16")]
    public void An_address_is_in_one_block(string text, string expected)
    {
        var block = AddressBlock.Of(IPAddress.Parse(text));

        block.ToString().Should().Be(expected);
        block.IsLoopback.Should().Be(expected == "loopback");
    }

    [Fact]
    public void Blocks_are_ordered_by_their_text()
    {
        AddressBlock[] blocks = [new("b"), new("a"), AddressBlock.Loopback];

        blocks.Order().Should().Equal(new("a"), new("b"), AddressBlock.Loopback);
    }
}
