using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Encoding;

/// <summary>Origins as browsers write them, and whose passkeys their pages may use.</summary>
public class WebOriginTests
{
    private static readonly string Long = string.Join('.', Enumerable.Repeat(new string('a', 63), 3));

    [Theory]
    [InlineData("https://tickets.example", "tickets.example")]
    [InlineData("https://tickets.example:8443", "tickets.example")]
    [InlineData("https://tickets.example:80", "tickets.example")]
    [InlineData("https://xn--caf-dma.example", "xn--caf-dma.example")]
    [InlineData("https://1.tickets.example", "1.tickets.example")]
    [InlineData("https://intranet", "intranet")]
    [InlineData("https://localhost:5001", "localhost")]
    [InlineData("http://localhost", "localhost")]
    [InlineData("http://localhost:65535", "localhost")]
    public void An_origin_is_a_scheme_a_domain_and_maybe_a_port(string text, string host)
    {
        WebOrigin.TryParse(text, out var origin).Should().BeTrue();

        (origin.Text, origin.Host, origin.ToString()).Should().Be((text, host, text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("tickets.example")]
    [InlineData("https://")]
    [InlineData("https://:443")]
    [InlineData("https://Tickets.example")]
    [InlineData("HTTPS://tickets.example")]
    [InlineData("https://tickets.example/")]
    [InlineData("https://tickets.example.")]
    [InlineData("https://.tickets.example")]
    [InlineData("https://tickets..example")]
    [InlineData("https://-tickets.example")]
    [InlineData("https://tickets-.example")]
    [InlineData("https://tick_ets.example")]
    [InlineData("https://tickéts.example")]
    [InlineData("https://user@tickets.example")]
    [InlineData("https://tickets.example:443")]
    [InlineData("https://tickets.example:")]
    [InlineData("https://tickets.example:0")]
    [InlineData("https://tickets.example:08443")]
    [InlineData("https://tickets.example:65536")]
    [InlineData("https://tickets.example:+8443")]
    [InlineData("https://tickets.example:8443\0")]
    [InlineData("https://tickets.example:844\0")]
    [InlineData("https://tickets.example: 844")]
    [InlineData("https://tickets.example:844 ")]
    [InlineData("https://tickets.example:99999999999999999999")]
    [InlineData("https://tickets.example:1:2")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://[::1]")]
    [InlineData("http://tickets.example")]
    [InlineData("http://localhost:80")]
    [InlineData("http://localhost.example")]
    [InlineData("http://localhosts")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("wss://tickets.example")]
    [InlineData("ios:bundle-id:example")]
    public void Anything_else_is_none(string text) => WebOrigin.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void Lengths_are_bounded()
    {
        WebOrigin.TryParse($"https://{Long}.{new string('b', 55)}", out var most).Should().BeTrue();
        most.Text.Should().HaveLength(WebOrigin.MaxLength);
        WebOrigin.TryParse($"https://{Long}.{new string('b', 56)}", out _).Should().BeFalse();
        WebOrigin.TryParse($"https://{new string('a', 64)}.example", out _).Should().BeFalse();
        WebOrigin.TryParse($"https://{string.Join('.', Enumerable.Repeat("a", WebOrigin.MaxLabels))}", out _).Should().BeTrue();
        WebOrigin.TryParse($"https://{string.Join('.', Enumerable.Repeat("a", WebOrigin.MaxLabels + 1))}", out _).Should().BeFalse();
    }

    [Theory]
    [InlineData("https://tickets.example", "tickets.example", true)]
    [InlineData("https://a.b.tickets.example:8443", "tickets.example", true)]
    [InlineData("https://a.b.tickets.example", "b.tickets.example", true)]
    [InlineData("https://a.b.tickets.example", "a.b.tickets.example", true)]
    [InlineData("https://a.b.tickets.example", "example", false)]
    [InlineData("https://tickets.example", "example", false)]
    [InlineData("https://tickets.example", "www.tickets.example", false)]
    [InlineData("https://tickets.example", "ickets.example", false)]
    [InlineData("https://tickets.example", "", false)]
    [InlineData("https://tickets.example", "https://tickets.example", false)]
    [InlineData("https://localhost:5001", "localhost", true)]
    [InlineData("https://a.localhost", "localhost", false)]
    public void A_page_uses_passkeys_of_its_host_and_of_domains_above_it_that_have_two_labels(string page, string relyingParty, bool belongs)
    {
        WebOrigin.TryParse(page, out var origin).Should().BeTrue();

        origin.BelongsTo(Hash256.Sha256(System.Text.Encoding.ASCII.GetBytes(relyingParty))).Should().Be(belongs);
    }
}
