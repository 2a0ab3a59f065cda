using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Tests.Edge;

public sealed class LimitTests
{
    // Whoever asks again and again is refused before this, but where each answer takes a second.
    private const int Many = 1_000;

    private static readonly (string, string)[] TwoAtOnce = [("Limits:Burst", "2"), ("Limits:RequestsPerSecond", "1")];

    [Fact]
    public async Task More_than_the_burst_is_refused_with_when_to_try_again()
    {
        await using var host = await EdgeHost.StartAsync(remote: IPAddress.Parse("203.0.113.9"), settings: TwoAtOnce);

        var answers = new List<HttpResponseMessage>();
        do answers.Add(await host.Client.GetAsync("/events"));
        while (answers[^1].StatusCode == HttpStatusCode.OK && answers.Count < Many);

        answers.Should().HaveCountGreaterThan(2, "that many may come at once");
        var refused = answers[^1];
        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        refused.Headers.RetryAfter!.Delta.Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("Development", "127.0.0.1", true)]
    [InlineData("Development", "::1", true)]
    [InlineData("Development", "203.0.113.9", false)]
    [InlineData("Production", "127.0.0.1", false)]
    public async Task Only_loopback_in_Development_is_exempt(string environment, string remote, bool exempt)
    {
        await using var host = await EdgeHost.StartAsync(environment, IPAddress.Parse(remote), settings: TwoAtOnce);
        host.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");

        var statuses = new HashSet<HttpStatusCode>();
        for (var i = 0; i < (exempt ? 20 : Many) && !statuses.Contains(HttpStatusCode.TooManyRequests); i++) statuses.Add((await host.Client.GetAsync("/events")).StatusCode);

        statuses.Contains(HttpStatusCode.TooManyRequests).Should().Be(!exempt);
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void An_IPv6_network_counts_as_one_address(string remote, string counted) =>
        EdgeLimits.Counted(IPAddress.Parse(remote)).Should().Be(IPAddress.Parse(counted));

    [Fact]
    public async Task Kestrel_gets_the_limits_of_the_settings()
    {
        await using var host = await EdgeHost.StartAsync(onKestrel: true, settings: [("Limits:HeaderSeconds", "3"), ("Limits:MinBodyBytesPerSecond", "99"), ("Limits:MinAnswerBytesPerSecond", "98")]);

        var kestrel = host.Service<IOptions<KestrelServerOptions>>().Value;

        kestrel.Limits.RequestHeadersTimeout.Should().Be(TimeSpan.FromSeconds(3));
        kestrel.Limits.MinRequestBodyDataRate!.BytesPerSecond.Should().Be(99);
        kestrel.Limits.MinResponseDataRate!.BytesPerSecond.Should().Be(98);
        kestrel.Limits.MaxRequestBodySize.Should().Be(8 * 1024 * 1024);
        kestrel.AddServerHeader.Should().BeFalse();
    }

    [Theory]
    [InlineData("Limits:Burst", "0")]
    [InlineData("Limits:BodyBytes", "1")]
    [InlineData("Limits:Connections", "-1")]
    public async Task A_limit_out_of_range_stops_the_start(string setting, string value)
    {
        var start = () => EdgeHost.StartAsync(settings: [(setting, value)]);

        await start.Should().ThrowAsync<OptionsValidationException>();
    }

    [Fact]
    public void The_limits_of_the_contract_are_the_defaults()
    {
        var limits = new LimitOptions();

        limits.Json.LimitBytes.Should().Be(65_536);
        limits.Batch.LimitBytes.Should().Be(4 * 1024 * 1024);
    }
}
