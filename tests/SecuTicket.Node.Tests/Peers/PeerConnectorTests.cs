using System.Net;
using System.Net.Sockets;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 5: resolve once and connect to that address.</summary>
public sealed class PeerConnectorTests
{
    private static readonly IPAddress Metadata = IPAddress.Parse("169.254.169.254");

    [Fact]
    public async Task A_name_is_resolved_once_for_a_connection_and_that_is_connected_to()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        var answers = new Queue<IPAddress>([IPAddress.Loopback, Metadata]);
        using var calling = new Calling(resolve: (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]));

        for (var i = 0; i < 3; i++) (await calling.CallAsync(RawPeer.At($"http://peer.example:{peer.Port}"))).IsAccepted.Should().BeTrue();

        calling.Resolved.Should().Equal("peer.example");
        peer.Connections.Should().Be(1);
        peer.Requests.First().Should().Contain($"Host: peer.example:{peer.Port}\r\n");
    }

    [Fact]
    public async Task A_reply_says_in_which_block_the_peer_was_reached()
    {
        await using var kept = RawPeer.Saying(RawPeer.Ok("abc"));
        await using var closing = RawPeer.SayingAndClosing(RawPeer.Ok("abc").Replace("200 OK\r\n", "200 OK\r\nConnection: close\r\n", StringComparison.Ordinal));
        using var calling = new Calling();

        foreach (var address in new[] { $"http://peer.example:{kept.Port}", $"http://127.0.0.1:{kept.Port}", $"http://peer.example:{closing.Port}" })
            for (var i = 0; i < 2; i++) (await calling.CallAsync(RawPeer.At(address))).Value.Block.Should().Be(AddressBlock.Loopback);
    }

    [Fact]
    public async Task Few_names_are_looked_up_at_a_time_and_one_that_nobody_waits_for_any_more_still_counts()
    {
        var (answers, begun) = (new Queue<TaskCompletionSource<IPAddress[]>>(Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource<IPAddress[]>())), 0);
        var asked = answers.ToArray();
        using var calling = new Calling(
            resolve: (_, _) =>
            {
                Interlocked.Increment(ref begun);
                lock (answers) return answers.Dequeue().Task;
            },
            settings: Calling.Patient with { Lookups = 2 });
        using var stop = new CancellationTokenSource();
        Task[] calls = [.. Enumerable.Range(0, 3).Select(i => calling.CallAsync(RawPeer.At($"http://slow{i}.example:80"), i < 2 ? stop.Token : default))];

        await Calling.UntilAsync(() => Volatile.Read(ref begun) == 2);
        await stop.CancelAsync();
        await Calling.UntilAsync(() => calls.Count(call => call.IsCompleted) >= 2);
        Volatile.Read(ref begun).Should().Be(2, "the resolver is still busy");
        asked[0].SetResult([]);
        await Calling.UntilAsync(() => Volatile.Read(ref begun) == 3);
        foreach (var one in asked.Skip(1)) one.SetResult([]);
    }

    [Fact]
    public void A_host_is_remembered_as_long_as_somebody_holds_it()
    {
        var reached = new ReachedBlocks();
        var (call, connection, other) = (reached.Take("peer.example", 80), reached.Take("peer.example", 80), reached.Take("peer.example", 81));
        connection.Block = new AddressBlock("198.51.0.0/16");

        connection.Dispose();
        connection.Dispose();
        call.Block.Text.Should().Be("198.51.0.0/16");
        other.Block.Text.Should().BeNull();
        reached.Count.Should().Be(2);
        call.Dispose();
        other.Dispose();
        reached.Count.Should().Be(0);
    }

    [Fact]
    public async Task For_a_new_connection_a_name_is_resolved_and_judged_again()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        var answers = new Queue<IPAddress>([IPAddress.Loopback, Metadata]);
        using var calling = new Calling(resolve: (_, _) => Task.FromResult<IPAddress[]>([answers.Dequeue()]), settings: Calling.Patient with { ConnectionLifetime = TimeSpan.Zero });
        var address = RawPeer.At($"http://peer.example:{peer.Port}");

        (await calling.CallAsync(address)).IsAccepted.Should().BeTrue();

        ShouldBe(await calling.RefusedAsync(address), "address_not_allowed", RefusalKind.Invalid);
        calling.Resolved.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_after_one_look()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        using var calling = new Calling(allowsPrivate: false);

        ShouldBe(await calling.RefusedAsync(RawPeer.At($"http://peer.example:{peer.Port}")), "address_not_allowed", RefusalKind.Invalid);

        calling.Resolved.Should().HaveCount(1);
        peer.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[64:ff9b::127.0.0.1]")]
    [InlineData("[::1]")]
    public async Task An_ip_address_is_judged_as_it_stands(string host)
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        using var calling = new Calling(allowsPrivate: false);

        ShouldBe(await calling.RefusedAsync(RawPeer.At($"http://{host}:{peer.Port}")), "address_not_allowed", RefusalKind.Invalid);

        calling.Resolved.Should().BeEmpty();
        peer.Connections.Should().Be(0);
    }

    [Fact]
    public async Task Of_several_addresses_only_those_allowed_are_tried_in_their_order()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        using var calling = new Calling(resolve: (_, _) => Task.FromResult<IPAddress[]>([Metadata, IPAddress.Parse("127.0.0.9"), IPAddress.Loopback]));

        (await calling.CallAsync(RawPeer.At($"http://peer.example:{peer.Port}"))).IsAccepted.Should().BeTrue("nothing listens at 127.0.0.9");
    }

    [Fact]
    public async Task Only_so_many_addresses_of_a_name_are_tried()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc"));
        IPAddress[] found = [.. Enumerable.Repeat(IPAddress.Parse("127.0.0.9"), 4), IPAddress.Loopback];
        using var calling = new Calling(resolve: (_, _) => Task.FromResult(found));

        ShouldBe(await calling.RefusedAsync(RawPeer.At($"http://peer.example:{peer.Port}")), "unreachable", RefusalKind.Transient);

        peer.Connections.Should().Be(0);
    }

    [Fact]
    public async Task A_name_without_addresses_is_unreachable()
    {
        using var none = new Calling(resolve: (_, _) => Task.FromResult<IPAddress[]>([]));
        using var unknown = new Calling(resolve: (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)));

        ShouldBe(await none.RefusedAsync(RawPeer.At("http://peer.example")), "unreachable", RefusalKind.Transient);
        ShouldBe(await unknown.RefusedAsync(RawPeer.At("http://peer.example")), "unreachable", RefusalKind.Transient);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_unreachable()
    {
        PeerAddress address;
        await using (var peer = RawPeer.Saying("")) address = peer.Address;
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(address), "unreachable", RefusalKind.Transient);
    }

    private static void ShouldBe(Refusal refusal, string code, RefusalKind kind)
    {
        refusal.Code.Should().Be(code);
        refusal.Kind.Should().Be(kind);
        refusal.Detail.Should().NotContain("169.254").And.NotContain("127.0");
    }
}
