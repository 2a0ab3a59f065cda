using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
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
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Network;

public sealed class PeerLimitsTests
{
    // Whoever asks again and again is refused before this, but where each answer takes a second.
    private const int Many = 1_000;

    [Fact]
    public async Task A_session_is_not_bound_by_the_rate_of_its_address_and_whoever_has_none_is()
    {
        using var node = new PeerNode(environment: "Production", settings: [("Limits:RequestsPerSecond", "1"), ("Limits:Burst", "10")]);
        using var peer = new Stranger(node.Api.Http);
        await peer.EnterAsync();

        for (var i = 0; i < 50; i++) await peer.AskAsync<PeerAnswer.Tip>(new PeerRequest.GetTip());

        using var stranger = new Stranger(node.Api.Http);
        var refused = 0;
        for (var i = 0; i < Many && refused == 0; i++)
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

        var first = await places.EnterAsync(From("203.0.113.1"), isHandshake: false, default);
        var again = places.EnterAsync(From("203.0.113.1"), isHandshake: false, default).AsTask();
        again.IsCompleted.Should().BeFalse("one address has one place");
        var second = await places.EnterAsync(From("203.0.113.2"), isHandshake: false, default);
        var third = places.EnterAsync(From("203.0.113.3"), isHandshake: false, default).AsTask();
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

        (await places.EnterAsync(From("127.0.0.1"), isHandshake: false, default)).IsAcquired.Should().BeTrue();
        (await places.EnterAsync(From("127.0.0.1"), isHandshake: false, default)).IsAcquired.Should().BeTrue();
        places.EnterAsync(From("127.0.0.1"), isHandshake: false, default).AsTask().IsCompleted.Should().BeFalse();
    }

    [Theory]
    [InlineData(PeerKinds.Hello)]
    [InlineData("gossip2")]
    public async Task A_session_lifts_the_rate_of_an_address_for_nothing_but_what_is_asked_in_it(string kind)
    {
        using var node = new PeerNode(environment: "Production", settings: [("Limits:RequestsPerSecond", "1"), ("Limits:Burst", "10")]);
        using var peer = new Stranger(node.Api.Http);
        await peer.EnterAsync();

        var codes = new HashSet<HttpStatusCode>();
        for (var i = 0; i < Many && !codes.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            using var answer = await peer.SendAsync(kind, []);
            codes.Add(answer.StatusCode);
        }

        codes.Should().Contain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Few_bodies_of_one_session_and_few_handshakes_of_one_address_are_read_at_a_time()
    {
        using var node = new NodeFactory();
        using var places = new PeerPlaces(Options.Create(new NetworkOptions()), new HostingEnvironment { EnvironmentName = Environments.Production });
        using var peer = new Stranger(node.Api.Http);
        using var other = new Stranger(node.Api.Http);
        await peer.EnterAsync();
        await other.EnterAsync();

        for (var i = 0; i < PeerPlaces.PerCaller; i++)
        {
            (await places.BeginAsync(In(peer), default)).IsAcquired.Should().BeTrue();
            (await places.BeginAsync(From("203.0.113.1"), default)).IsAcquired.Should().BeTrue();
        }

        places.BeginAsync(In(peer), default).AsTask().IsCompleted.Should().BeFalse();
        places.BeginAsync(From("203.0.113.1"), default).AsTask().IsCompleted.Should().BeFalse();
        (await places.BeginAsync(In(other), default)).IsAcquired.Should().BeTrue();
        (await places.BeginAsync(From("203.0.113.2"), default)).IsAcquired.Should().BeTrue();

        DefaultHttpContext In(Stranger stranger)
        {
            var context = From("203.0.113.1");
            context.RequestServices = node.Services;
            (context.Request.Method, context.Request.Path) = ("POST", "/peer/v1/tip");
            context.Request.Headers[SessionToken.HeaderName] = stranger.Session;
            return context;
        }
    }

    [Fact]
    public async Task Handshakes_take_no_places_from_those_who_have_sessions()
    {
        using var places = new PeerPlaces(Options.Create(new NetworkOptions { Requests = 1, RequestsPerAddress = 1 }), new HostingEnvironment { EnvironmentName = Environments.Production });

        for (var i = 0; i < PeerPlaces.Handshakes; i++) (await places.EnterAsync(From($"203.0.113.{i}"), isHandshake: true, default)).IsAcquired.Should().BeTrue();

        places.EnterAsync(From("203.0.113.99"), isHandshake: true, default).AsTask().IsCompleted.Should().BeFalse();
        (await places.EnterAsync(From("203.0.113.1"), isHandshake: false, default)).IsAcquired.Should().BeTrue();
    }

    [Fact]
    public async Task Who_sends_a_message_too_slowly_is_cut_off()
    {
        using var node = new NodeFactory();
        using var places = new PeerPlaces(Options.Create(new NetworkOptions()), new HostingEnvironment { EnvironmentName = Environments.Production });
        var (clock, lifetime, body) = (new TestClock(), new Lifetime(), new System.IO.Pipelines.Pipe());
        var context = From("203.0.113.1");
        (context.Request.Method, context.Request.ContentType, context.Request.Body) = ("POST", "application/json", body.Reader.AsStream());
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);
        var controller = new PeerController(node.Node, node.Services.GetRequiredService<PeerNetwork>(), places, clock) { ControllerContext = new ControllerContext { HttpContext = context } };

        var answering = controller.Receive(PeerKinds.Hello);
        clock.Advance(PeerController.HandshakeTime);

        (await answering.WaitAsync(PeerNode.Patience)).Should().BeOfType<EmptyResult>();
        lifetime.IsAborted.Should().BeTrue();
    }

    [Fact]
    public async Task An_error_of_its_own_is_reported_and_the_loop_goes_on_and_ends_once()
    {
        using var node = new NodeFactory();
        var (clock, reports) = (new MoodyClock(), new ConcurrentQueue<NetworkReport>());
        using var client = new PeerClient(new AddressGuard(true), Dns.GetHostAddressesAsync, new PeerClientSettings(), TimeProvider.System);
        var host = node.Services.GetRequiredService<NodeHost>();
        var network = new PeerNetwork(new PeerNetworkParts(
            node.Node, new PeerNetworkSettings(), new PeerSelf(() => throw new InvalidOperationException(), _ => default, static _ => { }, _ => true), host.Peers, client, host.Seals, clock, reports.Enqueue));
        network.Start([]);
        (await network.ResolveAsync().WaitAsync(PeerNode.Patience)).IsAccepted.Should().BeTrue();

        clock.IsBroken = true;
        (await network.ResolveAsync().WaitAsync(PeerNode.Patience)).Refusal!.Code.Should().Be("internal_error");
        clock.IsBroken = false;

        (await network.ResolveAsync().WaitAsync(PeerNode.Patience)).IsAccepted.Should().BeTrue();
        reports.Should().Contain(report => report.Failure is TimeoutException);
        var ending = network.DisposeAsync().AsTask();
        network.DisposeAsync().AsTask().Should().BeSameAs(ending, "whoever stops it again waits for the same end");
        await ending;
    }

    [Fact]
    public async Task A_peer_book_that_can_not_be_read_keeps_no_node_from_starting()
    {
        using var node = new NodeFactory();
        var host = node.Services.GetRequiredService<NodeHost>();
        using var database = SqliteDatabase.Open(Path.Combine(node.Folder, "other.db"));
        var store = new PeerStore(database);
        database.Write(static (connection, transaction) =>
        {
            using var command = connection.CreateCommand();
            (command.Transaction, command.CommandText) = (transaction, "DROP TABLE peer");
            command.ExecuteNonQuery();
        });
        var reports = new ConcurrentQueue<NetworkReport>();
        using var client = new PeerClient(new AddressGuard(true), Dns.GetHostAddressesAsync, new PeerClientSettings(), TimeProvider.System);

        await using var network = new PeerNetwork(new PeerNetworkParts(
            node.Node, new PeerNetworkSettings(), new PeerSelf(() => throw new InvalidOperationException(), _ => default, static _ => { }, _ => true), store, client, host.Seals, TimeProvider.System, reports.Enqueue));

        reports.Should().ContainSingle().Which.Failure.Should().BeOfType<StorageException>();
        network.View.Peers.Should().BeEmpty();
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

    private sealed class MoodyClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new TimeoutException("no time") : base.GetUtcNow();
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsAborted = true;
    }
}
