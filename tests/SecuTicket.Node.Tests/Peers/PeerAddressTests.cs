using System.Net;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>S2.8: addresses with and without scheme, IPv6, host names; each is written in one way.</summary>
public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:5001", "http://127.0.0.1:5001")]
    [InlineData("localhost:5001", "http://localhost:5001")]
    [InlineData("localhost.:5001", "http://localhost:5001")]
    [InlineData("http://127.0.0.1:5001/", "http://127.0.0.1:5001")]
    [InlineData("127.0.0.1:5001/", "http://127.0.0.1:5001")]
    [InlineData("HTTP://Tickets.Example", "http://tickets.example")]
    [InlineData("tickets.example.", "http://tickets.example")]
    [InlineData("http://tickets.example:80", "http://tickets.example")]
    [InlineData("http://tickets.example:443", "http://tickets.example:443")]
    [InlineData("https://tickets.example:443", "https://tickets.example")]
    [InlineData("https://tickets.example:8443", "https://tickets.example:8443")]
    [InlineData("https://node-1.tickets2.example", "https://node-1.tickets2.example")]
    [InlineData("http://[::1]:5001", "http://[::1]:5001")]
    [InlineData("[::1]:5001", "http://[::1]:5001")]
    [InlineData("[2001:DB8:0:0::1]", "http://[2001:db8::1]")]
    [InlineData("https://[2001:db8::1]:443/", "https://[2001:db8::1]")]
    [InlineData("[::ffff:192.0.2.7]:5001", "http://192.0.2.7:5001")]
    [InlineData("[::FFFF:C000:207]", "http://192.0.2.7")]
    [InlineData("127.1", "http://127.0.0.1")]
    [InlineData("0x7f000001", "http://127.0.0.1")]
    [InlineData("0X7F.1", "http://127.0.0.1")]
    [InlineData("2130706433:5001", "http://127.0.0.1:5001")]
    [InlineData("0177.0.0.1", "http://127.0.0.1")]
    [InlineData("0", "http://0.0.0.0")]
    public void An_address_is_written_in_one_way(string text, string expected)
    {
        PeerAddress.TryParse(text, out var address).Should().BeTrue();

        address!.ToString().Should().Be(expected);
        PeerAddress.TryParse(expected, out var again).Should().BeTrue();
        again.Should().Be(address);
        again!.GetHashCode().Should().Be(address.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("/")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("javascript://127.0.0.1")]
    [InlineData("http://user@127.0.0.1")]
    [InlineData("http://user:password@127.0.0.1")]
    [InlineData("http://@127.0.0.1")]
    [InlineData("http://127.0.0.1/#")]
    [InlineData("http://127.0.0.1/?")]
    [InlineData("http://127.0.0.1/path")]
    [InlineData("http://127.0.0.1//")]
    [InlineData("http://127.0.0.1/.")]
    [InlineData("http://127.0.0.1/a/..")]
    [InlineData("http://127.0.0.1\\path")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:65536")]
    [InlineData("http://127.0.0.1:x")]
    [InlineData("http://127.0.0.1 http://127.0.0.2")]
    [InlineData("http://a..b")]
    [InlineData("http://a.b..")]
    [InlineData("http://.")]
    [InlineData("http://::1")]
    [InlineData("http://[fe80::1%25eth0]")]
    [InlineData("http://%6cocalhost")]
    [InlineData("http://tickets.example\n")]
    [InlineData("http://tickéts.example")]
    public void What_is_no_address_of_a_node_is_refused(string text) => PeerAddress.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("127.0.0.1.")]
    [InlineData("0x7f.1.")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.08")]
    [InlineData("4294967296")]
    [InlineData("tickets.0x7f000001")]
    [InlineData("0x")]
    public void A_name_that_a_resolver_could_take_for_a_number_is_refused(string text) => PeerAddress.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData("http://[::1]:5001", "http", "::1", 5001, "::1")]
    [InlineData("https://tickets.example", "https", "tickets.example", 443, null)]
    [InlineData("127.1:5001", "http", "127.0.0.1", 5001, "127.0.0.1")]
    public void An_address_has_its_parts(string text, string scheme, string host, int port, string? literal)
    {
        PeerAddress.TryParse(text, out var address).Should().BeTrue();

        address!.Scheme.Should().Be(scheme);
        address.Host.Should().Be(host);
        address.Port.Should().Be(port);
        address.Literal.Should().Be(literal is null ? null : IPAddress.Parse(literal));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("[::1]", true)]
    [InlineData("[::ffff:127.0.0.1]", true)]
    [InlineData("192.0.2.7", false)]
    [InlineData("localhost.example", false)]
    public void An_address_may_name_this_machine(string text, bool expected)
    {
        PeerAddress.TryParse(text, out var address).Should().BeTrue();

        address!.IsLoopback.Should().Be(expected);
    }

    [Fact]
    public void Addresses_are_ordered_by_their_text()
    {
        string[] texts = ["http://10.0.0.10", "http://10.0.0.9", "http://b.example", "http://[2001:db8::1]", "https://a.example"];

        var addresses = texts.Reverse().Select(text => PeerAddress.TryParse(text, out var address) ? address : throw new FormatException(text));

        addresses.Order().Select(address => address.ToString()).Should().Equal(texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_address_has_a_length()
    {
        PeerAddress.TryParse($"http://{new string('a', 60)}.{string.Join('.', Enumerable.Repeat(new string('b', 60), 4))}", out _).Should().BeFalse();
        var host = $"{string.Join('.', Enumerable.Repeat(new string('b', 61), 4))}";
        PeerAddress.TryParse($"{host}.c", out var longest).Should().BeFalse("it is written with its scheme");
        PeerAddress.TryParse(host, out longest).Should().BeTrue();
        PeerAddress.TryParse(longest!.ToString(), out _).Should().BeTrue();
    }
}
