using System.Net;
using System.Net.Sockets;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Api.Tests.Network;

public sealed class RegistrationTests
{
    [Fact] // S2.8, S4.11
    public async Task One_registration_in_any_spelling_makes_two_nodes_know_each_other()
    {
        using var one = new PeerNode();
        using var other = new PeerNode();

        var answer = await one.RegisterAsync($"127.0.0.1:{other.Port}/");

        answer.GetProperty("message").GetString().Should().Be("New nodes have been added");
        answer.GetProperty("total_nodes").EnumerateArray().Select(node => node.GetString()).Should().Equal(other.Url);
        answer.GetProperty("rejected").GetArrayLength().Should().Be(0);
        foreach (var spelling in new[] { other.Url, $"{other.Url}/", $"HTTP://127.0.0.1:{other.Port}", $"localhost:{other.Port}", $"http://[::ffff:127.0.0.1]:{other.Port}", $"http://127.1:{other.Port}" })
        {
            var again = await one.RegisterAsync(spelling);
            again.GetProperty("total_nodes").EnumerateArray().Select(node => node.GetString()).Should().Equal([other.Url], spelling);
            again.GetProperty("rejected").GetArrayLength().Should().Be(0, "a node already known is no error");
        }

        await other.UntilConnectedAsync(one);
        var peer = (await other.NodesAsync()).Should().ContainSingle().Subject;
        peer.GetProperty("node").GetString().Should().Be(one.Url);
        peer.GetProperty("id").GetString().Should().Be(one.Node.Self.ToString());
        peer.GetProperty("connected").GetBoolean().Should().BeTrue();
        peer.GetProperty("height").GetInt64().Should().Be(0);
        peer.GetProperty("weight").GetString().Should().Be("0");
        peer.GetProperty("tip").GetString().Should().Be(one.Tip.ToString());
        peer.GetProperty("last_seen").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        (await one.Api.GetAsync("/info")).GetProperty("peers").GetInt32().Should().Be(1);
        (await other.Api.GetAsync("/info")).GetProperty("peers").GetInt32().Should().Be(1);
        (await other.Api.Http.GetStringAsync("/metrics")).Should().Contain("secuticket_peers_connected 1").And.MatchRegex(@"secuticket_peers_calling [12]\n");
    }

    [Fact] // S2.8
    public async Task A_registration_says_of_each_node_why_it_was_refused()
    {
        using var node = new PeerNode();
        using var spec = new SpecFolder(SpecFolder.Effortless);
        using var foreign = new PeerNode(settings: [("Node:ChainSpec", spec.File)]);
        await using var web = await EdgeHost.StartAsync(onKestrel: true);
        using var relay = new Relay(node.Port);
        var closed = NodeUnderTest.FreePort();

        var (nodes, codes) = (
            new[]
            {
                "ftp://127.0.0.1", "http://a:b@127.0.0.1", "http://127.0.0.1/x", node.Url, $"localhost:{node.Port}", $"127.0.0.1:{relay.Port}", $"127.0.0.1:{closed}", foreign.Url,
                web.Client.BaseAddress!.GetLeftPart(UriPartial.Authority), "http://169.254.169.254", "http://[fe80::1]:5000", "http://0.0.0.0:5000",
            },
            new[]
            {
                "invalid_address", "invalid_address", "invalid_address", "self", "self", "self", "unreachable", "other_chain",
                "not_a_node", "address_not_allowed", "address_not_allowed", "address_not_allowed",
            });
        var problem = await node.Api.PostRefusedAsync("/nodes/register", new { nodes }, HttpStatusCode.BadRequest, "invalid_address");

        problem.GetProperty("total_nodes").GetArrayLength().Should().Be(0);
        problem.GetProperty("rejected").EnumerateArray().Select(one => (one.GetProperty("node").GetString()!, one.GetProperty("code").GetString()!)).Should().Equal(nodes.Zip(codes));
        problem.GetProperty("rejected").EnumerateArray().Should().AllSatisfy(one => one.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace());
        (await node.NodesAsync()).Should().BeEmpty();
        (await foreign.NodesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task A_node_that_another_one_passes_us_on_to_is_not_met()
    {
        using var one = new PeerNode();
        using var other = new PeerNode();
        using var relay = new Relay(other.Port);

        var problem = await one.Api.PostRefusedAsync("/nodes/register", new { nodes = new[] { $"127.0.0.1:{relay.Port}" } }, HttpStatusCode.BadRequest, "not_a_node");

        problem.GetProperty("rejected")[0].GetProperty("detail").GetString().Should().Contain("Node:PublicUrl");
        other.Network.Callers.Should().Be(0);
    }

    [Fact]
    public async Task Some_may_be_added_while_others_are_refused()
    {
        using var one = new PeerNode();
        using var other = new PeerNode();

        var answer = await one.RegisterAsync("ftp://x", string.Empty, other.Url);

        answer.GetProperty("total_nodes").EnumerateArray().Select(node => node.GetString()).Should().Equal(other.Url);
        answer.GetProperty("rejected").EnumerateArray().Select(node => node.GetProperty("code").GetString()).Should().Equal("invalid_address", "invalid_address");
    }

    [Fact]
    public async Task Addresses_of_private_networks_are_not_called_where_the_operator_does_not_allow_it()
    {
        using var node = new NodeFactory(settings: [("Node:AllowPrivatePeers", "false")]);

        var problem = await node.Api.PostRefusedAsync("/nodes/register", new { nodes = new[] { "http://127.0.0.1:1", "http://[::1]:1", "http://10.0.0.1", "http://192.168.1.1" } }, HttpStatusCode.BadRequest, "address_not_allowed");

        problem.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("code").GetString()).Should().AllBe("address_not_allowed").And.HaveCount(4);
    }

    [Fact]
    public async Task A_node_that_is_deleted_is_forgotten_until_it_is_registered_again()
    {
        using var one = new PeerNode();
        using var other = new PeerNode();
        await one.RegisterAsync(other.Url);
        await other.UntilConnectedAsync(one);

        using (var deleted = await one.Api.SendAsync(HttpMethod.Delete, $"/nodes?node=127.0.0.1:{other.Port}", null)) (await deleted.Content.ReadAsStringAsync()).Should().Be("""{"items":[]}""", "it tells which are left");
        using (var unknown = await one.Api.SendAsync(HttpMethod.Delete, $"/nodes?node={other.Url}", null)) await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");

        (await one.NodesAsync()).Should().BeEmpty();
        (await one.Api.GetAsync("/info")).GetProperty("peers").GetInt32().Should().Be(0);
        (await one.RegisterAsync(other.Url)).GetProperty("total_nodes").GetArrayLength().Should().Be(1);
    }

    [Fact] // S4.12
    public async Task Peers_survive_a_restart_and_are_called_again()
    {
        using var other = new PeerNode();
        var folder = Directory.CreateTempSubdirectory("secuticket-");
        try
        {
            using (var first = new PeerNode(folder: folder.FullName)) await first.RegisterAsync(other.Url);

            using var again = new PeerNode(folder: folder.FullName);

            (await again.NodesAsync()).Select(node => node.GetProperty("node").GetString()).Should().Equal(other.Url);
            await again.UntilConnectedAsync(other);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Peers_of_the_settings_are_called_even_when_they_start_later_and_oneself_is_left_out()
    {
        var (first, second) = (NodeUnderTest.FreePort(), NodeUnderTest.FreePort());
        using var early = new PeerNode(first, settings: [("Node:Peers:0", $"http://127.0.0.1:{second}"), ("Node:Peers:1", $"http://localhost:{first}")]);
        var listed = (await early.NodesAsync()).Should().ContainSingle().Subject;
        listed.GetProperty("connected").GetBoolean().Should().BeFalse();
        listed.TryGetProperty("height", out _).Should().BeFalse("nothing is known of it");

        using var late = new PeerNode(second);

        await early.UntilConnectedAsync(late);
        await late.UntilConnectedAsync(early);
    }

    [Fact]
    public async Task A_node_that_stops_keeps_nobody_waiting_for_a_registration()
    {
        var node = new PeerNode();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var waiting = node.Network.RegisterAsync(AddressOf(((IPEndPoint)silent.LocalEndpoint).Port));
        using var connected = await silent.AcceptSocketAsync();

        var stopping = Task.Run(node.Dispose);

        (await waiting.WaitAsync(PeerNode.Patience)).Refusal!.Code.Should().Be("not_ready");
        await stopping.WaitAsync(PeerNode.Patience);
    }

    private static Node.Peers.PeerAddress AddressOf(int port) => Node.Peers.PeerAddress.TryParse($"127.0.0.1:{port}", out var address) ? address : throw new ArgumentOutOfRangeException(nameof(port));

    /// <summary>Another door to the same node, as a reverse proxy is.</summary>
    private sealed class Relay : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly int _to;

        public Relay(int to)
        {
            _to = to;
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true) _ = PassAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                // Closed.
            }
        }

        private async Task PassAsync(TcpClient near)
        {
            using var far = new TcpClient();
            using (near)
            {
                await far.ConnectAsync(IPAddress.Loopback, _to);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
        }
    }
}
