using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Tests.Contract;

public sealed class NodesTests
{
    [Fact] // S2.5, S4.14
    public async Task Info_says_who_the_node_is_and_how_far_it_is()
    {
        using var node = new NodeFactory();
        var block = await node.SealAsync();

        var info = await node.Api.GetAsync("/info");

        info.GetProperty("node").GetString().Should().Be(node.Node.Self.ToString());
        info.GetProperty("chain_id").GetString().Should().Be("secuticket-dev");
        info.GetProperty("engine").GetString().Should().Be("proof-of-work");
        info.GetProperty("height").GetInt64().Should().Be(1);
        info.GetProperty("tip").GetString().Should().Be(block.Hash.ToString());
        info.GetProperty("peers").GetInt32().Should().Be(0);
        info.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+");
    }

    [Fact]
    public async Task No_node_is_known_and_none_can_be_forgotten()
    {
        using var node = new NodeFactory();

        (await node.Api.GetAsync("/nodes")).GetProperty("items").GetArrayLength().Should().Be(0);
        using var unknown = await node.Api.SendAsync(HttpMethod.Delete, "/nodes?node=http://127.0.0.1:5001", null);
        await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        using var malformed = await node.Api.SendAsync(HttpMethod.Delete, "/nodes?node=ftp://x", null);
        await malformed.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field");
        using var missing = await node.Api.SendAsync(HttpMethod.Delete, "/nodes", null);
        await missing.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field");
    }

    [Theory] // S2.8
    [InlineData("/nodes/register")]
    [InlineData("/miner/register")]
    public async Task A_registration_names_each_node_with_the_reason_why_it_was_refused(string path)
    {
        using var node = new NodeFactory(settings: [("Node:PublicUrl", "https://tickets.example")]);
        var closed = $"http://127.0.0.1:{NodeUnderTest.FreePort()}/";

        var problem = await node.Api.PostRefusedAsync(
            path, new { nodes = new[] { closed, "ftp://127.0.0.1", "http://a:b@127.0.0.1", "http://127.0.0.1/#x", "HTTPS://tickets.example:443/" } }, HttpStatusCode.BadRequest, "unreachable");

        problem.GetProperty("total_nodes").GetArrayLength().Should().Be(0);
        problem.GetProperty("rejected").EnumerateArray().Select(one => one.GetProperty("code").GetString())
            .Should().Equal("unreachable", "invalid_address", "invalid_address", "invalid_address", "self");
        var first = problem.GetProperty("rejected")[0];
        first.GetProperty("node").GetString().Should().Be(closed);
        first.GetProperty("detail").GetString().Should().StartWith(closed[..^1]);
    }

    [Fact]
    public async Task A_registration_that_is_malformed_is_refused_as_a_whole()
    {
        using var node = new NodeFactory();

        await node.Api.PostRefusedAsync("/nodes/register", "{}", HttpStatusCode.BadRequest, "missing_field");
        await node.Api.PostRefusedAsync("/nodes/register", """{"nodes":[]}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/nodes/register", """{"nodes":"http://127.0.0.1:5001"}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/nodes/register", """{"nodes":[1]}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/nodes/register", """{"nodes":["a"],"force":true}""", HttpStatusCode.BadRequest, "unknown_field");
        await node.Api.PostRefusedAsync("/nodes/register", new { nodes = Enumerable.Repeat("a", NodesController.MaxNodes + 1) }, HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync("/nodes/register", new { nodes = Enumerable.Repeat("a:0", NodesController.MaxNodes) }, HttpStatusCode.BadRequest, "invalid_address");
    }

    [Theory] // S2.8
    [InlineData("/nodes/resolve")]
    [InlineData("/miner/nodes/resolve")]
    public async Task Without_peers_our_chain_is_authoritative(string path)
    {
        using var node = new NodeFactory();
        await node.SealAsync();

        foreach (var answer in new[] { await node.Api.GetAsync(path), await node.Api.PostAsync(path, "{}", HttpStatusCode.OK) })
        {
            answer.GetProperty("message").GetString().Should().Be("Our chain is authoritative");
            answer.GetProperty("replaced").GetBoolean().Should().BeFalse();
            answer.GetProperty("length").GetInt64().Should().Be(2);
            answer.GetProperty("tip").GetString().Should().Be(node.Node.Snapshot.Tip.Hash.ToString());
            answer.GetProperty("fetched").GetRawText().Should().Be("""{"headers":0,"blocks":0,"bytes":0}""");
        }

        await node.Api.PostRefusedAsync(path, """{"from":1}""", HttpStatusCode.BadRequest, "unknown_field");
    }

    [Fact]
    public async Task Writes_and_resolving_are_administrative_in_every_form()
    {
        using var node = new NodeFactory(environment: "Production");

        foreach (var path in new[] { "/nodes/register", "/miner/register", "/nodes/resolve", "/miner/nodes/resolve", "/shutdown", "/mine", "/blocks" })
            await node.Api.PostRefusedAsync(path, "{}", HttpStatusCode.Forbidden, "admin_only");
        foreach (var path in new[] { "/nodes/resolve", "/miner/nodes/resolve", "/mine" })
            await node.Api.GetRefusedAsync(path, HttpStatusCode.Forbidden, "admin_only");
        using var forget = await node.Api.SendAsync(HttpMethod.Delete, "/nodes?node=a", null);
        await forget.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "admin_only");
        (await node.Api.GetAsync("/nodes")).GetProperty("items").GetArrayLength().Should().Be(0);
        node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested.Should().BeFalse();
    }

    [Fact] // S3.6
    public async Task Shutting_down_answers_and_then_stops()
    {
        using var node = new NodeFactory();
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

        await node.Api.PostRefusedAsync("/shutdown", """{"now":true}""", HttpStatusCode.BadRequest, "unknown_field");
        stopping.Task.IsCompleted.Should().BeFalse();
        var answer = await node.Api.PostAsync("/shutdown", "{}", HttpStatusCode.Accepted);

        answer.GetProperty("message").GetString().Should().NotBeEmpty();
        await stopping.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("http://127.0.0.1:5000", "127.0.0.1:5000", true)]
    [InlineData("http://localhost:5000", "http://127.0.0.1:5000/", true)]
    [InlineData("http://127.0.0.1:5000", "http://[::1]:5000", true)]
    [InlineData("http://0.0.0.0:5000", "localhost:5000", true)]
    [InlineData("http://[::]:5000", "localhost:5000", true)]
    [InlineData("http://*:5000", "127.1.2.3:5000", true)]
    [InlineData("http://192.0.2.7:5000", "http://192.0.2.7:5000", true)]
    [InlineData("http://192.0.2.7:5000", "http://127.0.0.1:5000", false)]
    [InlineData("http://127.0.0.1:5000", "http://127.0.0.1:5001", false)]
    [InlineData("http://127.0.0.1:5000", "http://192.0.2.7:5000", false)]
    public void A_node_knows_its_own_addresses(string listening, string text, bool expected)
    {
        using var server = new TestServer(new ServiceCollection().BuildServiceProvider());
        var features = new ServerAddressesFeature();
        features.Addresses.Add(listening);
        server.Features.Set<IServerAddressesFeature>(features);
        PeerAddress.TryParse(text, out var address).Should().BeTrue();

        new OwnAddresses(server, Options.Create(new NodeOptions())).Contains(address!).Should().Be(expected);
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:5000", "http://127.0.0.1:5000", true)]
    [InlineData(null, "http://127.0.0.1:5000", "http://localhost:5000", true)]
    [InlineData(null, "http://127.0.0.1:5000", "http://127.0.0.1:5001", false)]
    [InlineData(null, "http://127.0.0.1:5000", "http://mallory.example:5000", false)]
    [InlineData(null, "http://localhost:5000", "http://mallory.example:5000", false)]
    [InlineData(null, "http://192.0.2.7:5000", "http://192.0.2.8:5000", false)]
    [InlineData(null, "http://*:5000", "http://mapped.example:8080", true)]
    [InlineData(null, "http://[::]:5000", "http://192.0.2.8:8080", true)]
    [InlineData(null, null, "https://tickets.example", true)]
    [InlineData("https://tickets.example", "http://*:5000", "https://tickets.example", true)]
    [InlineData("https://tickets.example", "http://*:5000", "http://127.0.0.1:5000", true)]
    [InlineData("https://tickets.example", "http://*:5000", "http://mallory.example", false)]
    [InlineData("https://tickets.example", "http://*:5000", "http://192.0.2.8:5000", false)]
    [InlineData("https://tickets.example", "http://*:5000", "this machine", true)]
    public void A_node_is_meant_by_its_own_addresses_and_by_any_where_it_can_not_know_them(string? publicUrl, string? listening, string text, bool expected)
    {
        using var server = new TestServer(new ServiceCollection().BuildServiceProvider());
        var features = new ServerAddressesFeature();
        if (listening is not null) features.Addresses.Add(listening);
        server.Features.Set<IServerAddressesFeature>(features);
        if (text == "this machine")
        {
            var one = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(own => own.Address).Where(own => own.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork).OrderBy(System.Net.IPAddress.IsLoopback).First();
            text = $"http://{one}:5000";
        }

        PeerAddress.TryParse(text, out var address).Should().BeTrue();
        new OwnAddresses(server, Options.Create(new NodeOptions { PublicUrl = publicUrl })).MayBe(address!).Should().Be(expected);
    }

    [Theory]
    [InlineData("https://tickets.example", "http://127.0.0.1:5000", "https://tickets.example", null)]
    [InlineData(null, "http://127.0.0.1:5000", "http://127.0.0.1:5000", null)]
    [InlineData(null, "http://192.0.2.7:5000", "http://192.0.2.7:5000", null)]
    [InlineData(null, "https://tickets.example:5000", "https://tickets.example:5000", null)]
    [InlineData(null, "http://localhost:5000", null, 5000)]
    [InlineData(null, "http://0.0.0.0:5000", null, 5000)]
    [InlineData(null, "http://[::]:5000", null, 5000)]
    [InlineData(null, "http://*:5000", null, 5000)]
    [InlineData(null, "https://*:5000", null, null)]
    [InlineData(null, null, null, null)]
    public void A_node_tells_others_its_address_or_if_it_knows_no_host_its_port(string? publicUrl, string? listening, string? address, int? port)
    {
        using var server = new TestServer(new ServiceCollection().BuildServiceProvider());
        var features = new ServerAddressesFeature();
        if (listening is not null) features.Addresses.Add(listening);
        server.Features.Set<IServerAddressesFeature>(features);

        var announced = new OwnAddresses(server, Options.Create(new NodeOptions { PublicUrl = publicUrl })).Announced;

        (announced.Address?.ToString(), announced.Port).Should().Be((address, port));
    }
}
