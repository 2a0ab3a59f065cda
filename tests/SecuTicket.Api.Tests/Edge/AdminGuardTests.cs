using System.Net;
using Microsoft.AspNetCore.Http;
using SecuTicket.Api.Administration;

namespace SecuTicket.Api.Tests.Edge;

public sealed class AdminGuardTests
{
    private const string Key = "correct horse battery staple";

    [Theory]
    [InlineData("localhost:5000")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:5000")]
    [InlineData("127.8.9.10:5000")]
    [InlineData("[::1]:5000")]
    public void A_loopback_caller_in_Development_is_let_in_by_any_loopback_name(string host) =>
        Check(true, "127.0.0.1", host).Should().BeTrue();

    [Theory]
    [InlineData("evil.example:5000")]
    [InlineData("localhost.evil.example:5000")]
    [InlineData("127.0.0.1.evil.example:5000")]
    [InlineData("192.0.2.1:5000")]
    [InlineData("0.0.0.0:5000")]
    [InlineData("")]
    public void A_foreign_host_name_is_DNS_rebinding(string host) => Check(true, "127.0.0.1", host).Should().BeFalse();

    [Theory]
    [InlineData("Origin", "http://localhost:5000", true)]
    [InlineData("Origin", "http://127.0.0.1:5000", true)]
    [InlineData("Origin", "http://[::1]:5000", true)]
    [InlineData("Origin", "http://localhost:3000", false)]
    [InlineData("Origin", "http://localhost", false)]
    [InlineData("Origin", "https://localhost:5000", false)]
    [InlineData("Origin", "http://evil.example:5000", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "", false)]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "none", true)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    public void A_page_must_be_this_servers_own(string header, string value, bool accepted) =>
        Check(true, "127.0.0.1", "localhost:5000", (header, value)).Should().Be(accepted);

    [Fact]
    public void A_page_of_this_server_on_the_default_port_names_no_port() =>
        Check(true, "127.0.0.1", "localhost", ("Origin", "http://localhost")).Should().BeTrue();

    [Theory]
    [InlineData(true, "::1", true)]
    [InlineData(true, "::ffff:127.0.0.1", true)]
    [InlineData(true, "203.0.113.9", false)]
    [InlineData(true, null, false)]
    [InlineData(false, "127.0.0.1", false)]
    public void Without_the_key_only_loopback_in_Development_is_let_in(bool isDevelopment, string? remote, bool accepted)
    {
        Check(isDevelopment, remote, "localhost:5000").Should().Be(accepted);
        Check(isDevelopment, remote, "localhost:5000", ("X-Forwarded-For", "127.0.0.1")).Should().Be(accepted);
        Check(isDevelopment, remote, "localhost:5000", ("Forwarded", "for=127.0.0.1")).Should().Be(accepted);
    }

    [Theory]
    [InlineData("Bearer " + Key, true)]
    [InlineData("bearer " + Key, true)]
    [InlineData("Bearer " + Key + "x", false)]
    [InlineData("Bearer correct", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic " + Key, false)]
    [InlineData(Key, false)]
    public void The_key_lets_in_from_anywhere(string authorization, bool accepted)
    {
        Check(false, "203.0.113.9", "tickets.example", ("Authorization", authorization)).Should().Be(accepted);
        Check(true, "203.0.113.9", "tickets.example", ("Authorization", authorization)).Should().Be(accepted);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_node_without_a_key_lets_nobody_in_by_key(string? key)
    {
        var context = Request("203.0.113.9", "tickets.example", ("Authorization", $"Bearer {key}"));

        var verdict = new AdminGuard(key, isDevelopment: false).Check(context);

        verdict.Refusal!.Code.Should().Be("admin_only");
        verdict.Refusal.Detail.Should().Contain("Node:AdminKey");
    }

    [Fact]
    public async Task The_attribute_refuses_before_the_body_is_read()
    {
        await using var host = await EdgeHost.StartAsync(remote: IPAddress.Parse("203.0.113.9"), settings: ("Node:AdminKey", Key));

        await (await host.Client.PostAsync("/mine", new ByteArrayContent(new byte[70_000]))).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "admin_only");
        await (await host.Client.GetAsync("/mine")).ShouldBeProblemAsync(HttpStatusCode.Forbidden, "admin_only");
        host.Client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
        (await host.Client.PostAsync("/mine", null)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static bool Check(bool isDevelopment, string? remote, string host, params (string Name, string Value)[] headers) =>
        new AdminGuard(Key, isDevelopment).Check(Request(remote, host, headers)).IsAccepted;

    private static DefaultHttpContext Request(string? remote, string host, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        foreach (var (name, value) in headers) context.Request.Headers[name] = value;
        return context;
    }
}
