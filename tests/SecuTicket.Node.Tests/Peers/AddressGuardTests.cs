using System.Net;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 5: loopback and private ranges only when the operator allows them, and never link-local or metadata addresses.</summary>
public sealed class AddressGuardTests
{
    private static readonly AddressGuard Strict = new(allowsPrivate: false);
    private static readonly AddressGuard Open = new(allowsPrivate: true);

    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("169.254.169.254", "169.254.169.254")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "239.255.255.255")]
    [InlineData("240.0.0.0", "255.255.255.254")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("100.100.100.200", "100.100.100.200")]
    [InlineData("168.63.129.16", "168.63.129.16")]
    [InlineData("::", "::")]
    [InlineData("100::", "100::ffff:ffff:ffff:ffff")]
    [InlineData("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:1::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("4000::", "fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("fd00:ec2::254", "fd00:ec2::254")]
    [InlineData("fd20:ce::254", "fd20:ce::254")]
    public void Where_no_node_is_nobody_is_allowed_to(string first, string last)
    {
        foreach (var guard in new[] { Strict, Open })
            foreach (var text in new[] { first, last })
                ShouldRefuse(guard, text);
    }

    [Theory]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("::1", "::1")]
    [InlineData("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void This_machine_and_private_networks_are_the_operators_choice(string first, string last)
    {
        foreach (var text in new[] { first, last })
        {
            ShouldRefuse(Strict, text);
            Open.Judge(IPAddress.Parse(text)).IsAccepted.Should().BeTrue("{0} is allowed by the operator", text);
        }
    }

    [Theory] // The neighbours of every range above.
    [InlineData("1.0.0.0")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("168.63.129.15")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("191.255.255.255")]
    [InlineData("192.0.1.0")]
    [InlineData("192.0.3.0")]
    [InlineData("192.88.98.255")]
    [InlineData("192.88.100.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("198.51.99.255")]
    [InlineData("198.51.101.0")]
    [InlineData("203.0.112.255")]
    [InlineData("203.0.114.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2000::")]
    [InlineData("2001:200::")]
    [InlineData("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db9::")]
    [InlineData("2003::")]
    [InlineData("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("3fff:1000::")]
    public void A_host_of_the_internet_is_allowed(string text) => Strict.Judge(IPAddress.Parse(text)).IsAccepted.Should().BeTrue();

    [Theory]
    [InlineData("::ffff:{0}")]
    [InlineData("::{0}")]
    [InlineData("64:ff9b::{0}")]
    public void An_address_that_wraps_another_is_judged_by_that(string form)
    {
        ShouldRefuse(Open, string.Format(form, "169.254.169.254"));
        ShouldRefuse(Open, string.Format(form, "224.0.0.1"));
        ShouldRefuse(Strict, string.Format(form, "127.0.0.1"));
        ShouldRefuse(Strict, string.Format(form, "10.0.0.1"));
        Open.Judge(IPAddress.Parse(string.Format(form, "10.0.0.1"))).IsAccepted.Should().BeTrue();
        Strict.Judge(IPAddress.Parse(string.Format(form, "8.8.8.8"))).IsAccepted.Should().BeTrue();
    }

    [Theory]
    [InlineData("2002:a9fe:a9fe::1", false, false)] // 6to4 of 169.254.169.254
    [InlineData("2002:7f00:1::", false, true)] // of 127.0.0.1
    [InlineData("2002:808:808::1", true, true)] // of 8.8.8.8
    [InlineData("2001:0:808:808:0:ffff:5601:5601", false, false)] // Teredo: server 8.8.8.8, client 169.254.169.254
    [InlineData("2001:0:a9fe:a9fe:0:ffff:f7f7:f7f7", false, false)] // server 169.254.169.254, client 8.8.8.8
    [InlineData("2001:0:808:808:0:ffff:80ff:fffe", false, true)] // server 8.8.8.8, client 127.0.0.1
    [InlineData("2001:0:808:808:0:ffff:f7f7:f7f7", true, true)] // both 8.8.8.8
    public void A_tunnel_is_judged_by_its_ends(string text, bool isAllowed, bool isAllowedWithPrivate)
    {
        Strict.Judge(IPAddress.Parse(text)).IsAccepted.Should().Be(isAllowed);
        Open.Judge(IPAddress.Parse(text)).IsAccepted.Should().Be(isAllowedWithPrivate);
    }

    [Fact]
    public void A_network_card_in_an_address_changes_nothing()
    {
        ShouldRefuse(Open, "fe80::1%1");
        ShouldRefuse(Strict, "fd00::1%1");
    }

    private static void ShouldRefuse(AddressGuard guard, string text)
    {
        var refusal = guard.Judge(IPAddress.Parse(text)).Refusal;
        refusal.Should().NotBeNull("{0} is forbidden", text);
        refusal!.Code.Should().Be("address_not_allowed");
        refusal.Kind.Should().Be(RefusalKind.Invalid);
        refusal.Detail.Should().NotContain(text.Split('%')[0] + " ");
    }
}
