using System.Net;
using System.Net.Sockets;
using System.Text;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 4 and 5: what a call sends, and what becomes of every kind of answer.</summary>
public sealed class PeerClientTests
{
    private const string Secret = "root:x:0:0";

    [Fact]
    public async Task A_call_posts_bytes_to_the_kind_and_brings_bytes_back()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("\x01\xff"));
        using var calling = new Calling();
        SessionToken.TryParse("000102030405060708090a0b0c0d0e0f", out var session).Should().BeTrue();

        var verdict = await calling.CallAsync(new PeerCall(peer.Address, "tip", "abc"u8.ToArray()) { Session = session });

        verdict.Value.Body.ToArray().Should().Equal(1, 255);
        peer.Requests.Should().Equal(
            $"POST /peer/v1/tip HTTP/1.1\r\nHost: 127.0.0.1:{peer.Port}\r\nSecuTicket-Session: 000102030405060708090a0b0c0d0e0f\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\nabc");
    }

    [Fact]
    public async Task A_handshake_is_json_in_both_directions_and_has_no_session()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("{}", "application/json; charset=utf-8"));
        using var calling = new Calling();

        var verdict = await calling.CallAsync(new PeerCall(peer.Address, "hello", "{}"u8.ToArray()) { IsJson = true });

        Encoding.UTF8.GetString(verdict.Value.Body.Span).Should().Be("{}");
        peer.Requests.Should().Equal($"POST /peer/v1/hello HTTP/1.1\r\nHost: 127.0.0.1:{peer.Port}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}");
    }

    [Fact]
    public async Task A_reply_says_how_many_bytes_were_moved()
    {
        var answer = RawPeer.Ok("abc").Replace("200 OK\r\n", "200 OK\r\nServer: x\r\nDate: Tue, 15 Jun 2027 18:00:00 GMT\r\n", StringComparison.Ordinal);
        await using var peer = RawPeer.Saying(answer);
        using var calling = new Calling();

        var reply = (await calling.CallAsync(peer.Address)).Value;

        reply.BytesSent.Should().Be(peer.Requests.Single().Length);
        reply.BytesReceived.Should().Be(answer.Length);
    }

    [Fact]
    public async Task A_connection_is_kept_for_the_next_call_and_cookies_are_not()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc").Replace("200 OK\r\n", "200 OK\r\nSet-Cookie: a=b\r\n", StringComparison.Ordinal));
        using var calling = new Calling();

        for (var i = 0; i < 3; i++) (await calling.CallAsync(peer.Address)).IsAccepted.Should().BeTrue();

        peer.Connections.Should().Be(1);
        peer.Requests.Should().HaveCount(3).And.OnlyContain(request => !request.Contains("Cookie"));
    }

    [Fact]
    public async Task A_peer_that_resets_each_connection_at_once_is_not_reached_whenever_that_is_noticed()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var resetting = Task.Run(async () =>
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync();
                socket.LingerState = new LingerOption(true, 0);
            }
        });
        using var calling = new Calling();
        var address = RawPeer.At($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

        for (var i = 0; i < 200; i++) (await calling.RefusedAsync(address)).Code.Should().Be("unreachable");

        listener.Stop();
        await FluentActions.Awaiting(() => resetting).Should().ThrowAsync<Exception>("until then it reset whoever came");
    }

    [Fact]
    public async Task A_peer_has_at_most_so_many_connections()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new RawPeer(async stream =>
        {
            await go.Task;
            await RawPeer.WriteAsync(stream, RawPeer.Ok("abc"));
        });
        using var calling = new Calling(settings: Calling.Patient with { ConnectionsPerPeer = 2 });

        var calls = Enumerable.Range(0, 8).Select(_ => calling.CallAsync(peer.Address)).ToArray();
        await Calling.UntilAsync(() => peer.Requests.Count == 2);
        go.SetResult();

        (await Task.WhenAll(calls)).Should().OnlyContain(verdict => verdict.IsAccepted);
        peer.Connections.Should().Be(2);
    }

    [Theory]
    [InlineData("session_unknown", RefusalKind.Transient)]
    [InlineData("rate_limited", RefusalKind.Transient)]
    [InlineData("banished", RefusalKind.Transient)]
    [InlineData("not_ready", RefusalKind.Transient)]
    [InlineData("not_found", RefusalKind.Transient)]
    [InlineData("malformed_message", RefusalKind.Transient)]
    [InlineData("too_large", RefusalKind.Transient)]
    [InlineData("other_chain", RefusalKind.Invalid)]
    [InlineData("self", RefusalKind.Invalid)]
    public async Task A_peers_own_refusal_is_known_by_its_code_and_said_in_our_words(string code, RefusalKind kind)
    {
        var problem = $$"""{"title":"{{Secret}}","code":"{{code}}","detail":"{{Secret}}"}""";
        await using var peer = RawPeer.Saying($"HTTP/1.1 400 {Secret}\r\nContent-Type: application/problem+json\r\nContent-Length: {problem.Length}\r\n\r\n{problem}");
        using var calling = new Calling();

        var refusal = await calling.RefusedAsync(peer.Address);

        refusal.Code.Should().Be(code);
        refusal.Kind.Should().Be(kind);
        refusal.ToString().Should().NotContain(Secret);
    }

    [Theory]
    [InlineData("200 OK", "text/html", "root:x:0:0")]
    [InlineData("200 OK", "application/json", "{}")]
    [InlineData("200 OK", "root:x:0:0", "abc")]
    [InlineData("200 root:x:0:0", "application/octet-stream, application/octet-stream", "abc")]
    [InlineData("201 Created", "application/octet-stream", "abc")]
    [InlineData("206 Partial Content", "application/octet-stream", "abc")]
    [InlineData("401 root:x:0:0\r\nWWW-Authenticate: Basic", "text/html", "root:x:0:0")]
    [InlineData("404 Not Found", "text/html", "root:x:0:0")]
    [InlineData("400 Bad Request", "application/problem+json", """{"code":"root:x:0:0"}""")]
    [InlineData("400 Bad Request", "application/problem+json", """{"code":7}""")]
    [InlineData("400 Bad Request", "application/problem+json", """{"code":"\ud800"}""")]
    [InlineData("400 Bad Request", "application/problem+json", """["code"]""")]
    [InlineData("400 Bad Request", "application/problem+json", "root:x:0:0")]
    [InlineData("200 OK", "application/problem+json", """{"code":"not_found"}""")]
    [InlineData("400 Bad Request", "application/json", """{"code":"not_found"}""")]
    public async Task What_does_not_answer_as_a_node_is_none_and_nothing_of_it_is_repeated(string status, string type, string body)
    {
        await using var peer = RawPeer.Saying($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(peer.Address), "not_a_node", RefusalKind.Invalid);
    }

    [Theory]
    [InlineData("SSH-2.0-root:x:0:0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nroot:x:0:0\r\n no colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\nroot:x:0:0\r\n")]
    public async Task What_breaks_the_rules_of_http_is_no_node(string answer)
    {
        await using var peer = RawPeer.SayingAndClosing(answer);
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(peer.Address), "not_a_node", RefusalKind.Invalid);
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("503 Service Unavailable")]
    [InlineData("429 Too Many Requests")]
    [InlineData("408 Request Timeout")]
    public async Task What_stands_before_a_node_may_say_that_it_is_not_there_now(string status)
    {
        await using var peer = RawPeer.Saying($"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {Secret.Length}\r\n\r\n{Secret}");
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(peer.Address), "unreachable", RefusalKind.Transient);
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_not_followed(string status)
    {
        await using var other = RawPeer.Saying(RawPeer.Ok(Secret));
        await using var peer = RawPeer.Saying($"HTTP/1.1 {status}\r\nLocation: http://127.0.0.1:{other.Port}/latest/meta-data/\r\nContent-Length: 0\r\n\r\n");
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(peer.Address), "not_a_node", RefusalKind.Invalid);

        other.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/octet-")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 900\r\n\r\nroot:x:0:0")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\na\r\nroot:x:0:0\r\n")]
    public async Task An_answer_that_ends_half_way_is_none(string answer)
    {
        await using var peer = RawPeer.SayingAndClosing(answer);
        using var calling = new Calling();

        ShouldBe(await calling.RefusedAsync(peer.Address), "unreachable", RefusalKind.Transient);
    }

    [Fact]
    public async Task A_call_that_is_not_wanted_any_more_is_cancelled()
    {
        await using var peer = new RawPeer(_ => Task.CompletedTask);
        using var calling = new Calling();
        using var stop = new CancellationTokenSource();

        var call = calling.CallAsync(peer.Address, stop.Token);
        await Calling.UntilAsync(() => peer.Requests.Count == 1);
        await stop.CancelAsync();

        await call.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    private static void ShouldBe(Refusal refusal, string code, RefusalKind kind)
    {
        refusal.Code.Should().Be(code);
        refusal.Kind.Should().Be(kind);
        refusal.ToString().Should().NotContain(Secret);
    }
}
