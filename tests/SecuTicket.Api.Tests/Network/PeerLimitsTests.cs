using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Peers;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Tests.Network;

public sealed class PeerLimitsTests
{
    [Fact]
    public async Task A_session_is_not_bound_by_the_rate_of_its_address_and_whoever_has_none_is()
    {
        using var node = new PeerNode(environment: "Production", settings: [("Limits:RequestsPerSecond", "1"), ("Limits:Burst", "10")]);
        using var peer = new Stranger(node.Api.Http);
        await peer.EnterAsync();

        for (var i = 0; i < 50; i++) await peer.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip());

        using var stranger = new Stranger(node.Api.Http);
        var refused = 0;
        for (var i = 0; i < 50 && refused == 0; i++)
        {
            using var answer = await stranger.SendAsync(PeerKinds.Hello, PeerCodec.Encode(new PeerRequest.Hello(stranger.Hello())));
            if (answer.StatusCode != HttpStatusCode.TooManyRequests) continue;

            await answer.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
            refused++;
        }

        refused.Should().Be(1, "handshakes stay under the limit of their address");
        await peer.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip());
    }

    [Fact]
    public async Task A_few_requests_are_served_at_a_time_of_one_address_and_of_all()
    {
        using var places = new PeerPlaces(Options.Create(new NetworkOptions { Requests = 2, RequestsPerAddress = 1 }), new HostingEnvironment { EnvironmentName = Environments.Production });

        var first = await places.EnterAsync(From("203.0.113.1"));
        var again = places.EnterAsync(From("203.0.113.1")).AsTask();
        again.IsCompleted.Should().BeFalse("one address has one place");
        var second = await places.EnterAsync(From("203.0.113.2"));
        var third = places.EnterAsync(From("203.0.113.3")).AsTask();
        third.IsCompleted.Should().BeFalse("all have two places");

        second.Dispose();
        (await third).IsAcquired.Should().BeTrue();
        first.Dispose();
        (await again).IsAcquired.Should().BeTrue();
    }

    [Fact]
    public async Task In_Development_this_machine_is_not_bound_by_the_places_of_an_address()
    {
        using var places = new PeerPlaces(Options.Create(new NetworkOptions { Requests = 2, RequestsPerAddress = 1 }), new HostingEnvironment { EnvironmentName = Environments.Development });

        (await places.EnterAsync(From("127.0.0.1"))).IsAcquired.Should().BeTrue();
        (await places.EnterAsync(From("127.0.0.1"))).IsAcquired.Should().BeTrue();
        places.EnterAsync(From("127.0.0.1")).AsTask().IsCompleted.Should().BeFalse();
    }

    [Fact]
    public async Task Whoever_wants_something_while_too_much_waits_is_told_to_come_later_and_nobody_waits_after_the_end()
    {
        using var node = new NodeFactory();
        var host = node.Services.GetRequiredService<NodeHost>();
        using var client = new PeerClient(new AddressGuard(true), Dns.GetHostAddressesAsync, new PeerClientSettings(), TimeProvider.System);
        var network = new PeerNetwork(new PeerNetworkParts(
            node.Node, new PeerNetworkSettings { QueuedInputs = 2 }, new PeerSelf(() => throw new InvalidOperationException(), _ => default, static _ => { }, _ => true), host.Peers, client, host.Seals, TimeProvider.System, _ => { }));

        var (resolving, registering) = (network.ResolveAsync(), network.RegisterAsync(PeerAddress.TryParse("127.0.0.1:1", out var address) ? address : null!));
        (await network.ResolveAsync()).Refusal!.Code.Should().Be("not_ready");
        (resolving.IsCompleted, registering.IsCompleted).Should().Be((false, false), "it was not started");
        await network.DisposeAsync();

        (await resolving).Refusal!.Code.Should().Be("not_ready");
        (await registering).Refusal!.Code.Should().Be("not_ready");
        (await network.ForgetAsync(address!)).Refusal!.Code.Should().Be("not_ready");
    }

    private static DefaultHttpContext From(string remote) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(remote) } };
}
