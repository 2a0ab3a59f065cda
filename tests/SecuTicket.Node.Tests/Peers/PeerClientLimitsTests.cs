using System.Net;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Issue 4, 4 and 5: every answer is bounded in size, time and slowness.</summary>
public sealed class PeerClientLimitsTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task A_body_may_be_as_large_as_the_call_allows(int length, bool isAllowed)
    {
        var body = new string('a', length);
        await using var announced = RawPeer.Saying(RawPeer.Ok(body));
        await using var unannounced = RawPeer.SayingAndClosing($"{Head}\r\n{body}");
        await using var chunked = RawPeer.Saying($"{Head}Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
        using var calling = new Calling();

        foreach (var peer in new[] { announced, unannounced, chunked })
        {
            var verdict = await calling.CallAsync(peer.Address);
            if (isAllowed) verdict.Value.Body.Length.Should().Be(length);
            else ShouldBe(verdict.Refusal, "not_a_node", RefusalKind.Invalid, "larger");
        }
    }

    [Fact]
    public async Task A_body_larger_than_the_first_buffer_arrives_whole()
    {
        var body = string.Concat(Enumerable.Range(0, 50_000).Select(i => (char)('a' + (i % 23))));
        await using var peer = RawPeer.Saying(RawPeer.Ok(body));
        using var calling = new Calling { Limits = new PeerCallLimits(body.Length) };

        (await calling.CallAsync(peer.Address)).Value.Body.ToArray().Should().Equal(body.Select(letter => (byte)letter));
    }

    [Fact]
    public async Task What_is_announced_too_large_is_not_read()
    {
        await using var peer = RawPeer.Saying($"{Head}Content-Length: {long.MaxValue}\r\n\r\n");
        using var calling = new Calling();

        ShouldBe((await calling.CallAsync(peer.Address)).Refusal, "not_a_node", RefusalKind.Invalid, "larger");
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "40\r\n################################################################\r\n")]
    [InlineData("", "################################################################")]
    public async Task An_endless_stream_is_left(string header, string piece)
    {
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new RawPeer(async stream =>
        {
            await RawPeer.WriteAsync(stream, $"{Head}{header}\r\n");
            try
            {
                while (true) await RawPeer.WriteAsync(stream, piece);
            }
            catch (IOException)
            {
                left.SetResult();
            }
        });
        using var calling = new Calling();

        ShouldBe((await calling.CallAsync(peer.Address)).Refusal, "not_a_node", RefusalKind.Invalid, "larger");
        await left.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task More_than_was_announced_is_not_read_and_is_not_the_next_answer()
    {
        await using var peer = RawPeer.Saying(RawPeer.Ok("abc") + RawPeer.Ok("xyz"));
        using var calling = new Calling();

        (await calling.CallAsync(peer.Address)).Value.Body.ToArray().Should().Equal("abc"u8.ToArray());
        (await calling.CallAsync(peer.Address)).Value.Body.ToArray().Should().Equal("abc"u8.ToArray());
        peer.Connections.Should().Be(2);
    }

    [Fact]
    public async Task Headers_have_a_size()
    {
        await using var one = RawPeer.Saying($"{Head}X: {new string('a', 17 * 1024)}\r\nContent-Length: 0\r\n\r\n");
        await using var many = RawPeer.Saying($"{Head}{string.Concat(Enumerable.Repeat("X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 500))}Content-Length: 0\r\n\r\n");
        using var calling = new Calling();

        ShouldBe((await calling.CallAsync(one.Address)).Refusal, "not_a_node", RefusalKind.Invalid, "HTTP");
        ShouldBe((await calling.CallAsync(many.Address)).Refusal, "not_a_node", RefusalKind.Invalid, "HTTP");
    }

    [Fact]
    public async Task A_refusal_of_a_peer_has_a_size()
    {
        var padding = new string(' ', PeerClient.ProblemBytes);
        await using var peer = RawPeer.SayingAndClosing($$"""HTTP/1.1 400 Bad Request{{"\r\n"}}Content-Type: application/problem+json{{"\r\n\r\n"}}{"code":"not_found"}{{padding}}""");
        using var calling = new Calling();

        ShouldBe((await calling.CallAsync(peer.Address)).Refusal, "not_a_node", RefusalKind.Invalid, "as a node does");
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Headers_that_do_not_come_in_time_are_not_waited_for(string answer)
    {
        await using var peer = RawPeer.Saying(answer);
        using var calling = new Calling { Limits = new PeerCallLimits(1000) { HeadersTime = 10 * Second, CallTime = 60 * Second } };

        var call = calling.CallAsync(peer.Address);
        await Calling.UntilAsync(() => peer.Requests.Count == 1);
        calling.Clock.Advance(9 * Second);
        call.IsCompleted.Should().BeFalse();
        calling.Clock.Advance(Second);

        ShouldBe((await call).Refusal, "unreachable", RefusalKind.Transient, "in time");
    }

    [Fact]
    public async Task A_peer_that_answers_one_byte_a_second_is_left_after_the_grace()
    {
        await using var slow = new SlowPeer();
        using var calling = new Calling { Limits = new PeerCallLimits(1000) { HeadersTime = TimeSpan.FromHours(1), CallTime = TimeSpan.FromHours(1), Grace = 5 * Second, LeastBytesPerSecond = 2 } };

        var call = calling.CallAsync(slow.Address);
        await slow.BeginAsync(calling, 5 * Second);
        for (var i = 0; i < 4; i++)
        {
            calling.Clock.Advance(Second);
            await slow.SendAsync(1);
        }

        call.IsCompleted.Should().BeFalse();
        calling.Clock.Advance(Second);

        ShouldBe((await call).Refusal, "unreachable", RefusalKind.Transient, "slowly");
    }

    [Fact]
    public async Task A_peer_may_pause_as_long_as_what_it_sent_is_worth()
    {
        await using var slow = new SlowPeer();
        using var calling = new Calling { Limits = new PeerCallLimits(1000) { HeadersTime = TimeSpan.FromHours(1), CallTime = TimeSpan.FromHours(1), Grace = 5 * Second, LeastBytesPerSecond = 2 } };

        var call = calling.CallAsync(slow.Address);
        await slow.BeginAsync(calling, 5 * Second);
        await slow.SendAsync(40);
        await Calling.UntilAsync(() => calling.Clock.NextDueAt == calling.Clock.Now + (20 * Second));
        calling.Clock.Advance(19 * Second);
        call.IsCompleted.Should().BeFalse();
        calling.Clock.Advance(Second);

        ShouldBe((await call).Refusal, "unreachable", RefusalKind.Transient, "slowly");
    }

    [Fact]
    public async Task A_call_as_a_whole_has_its_time_however_fast_its_bytes_come()
    {
        await using var slow = new SlowPeer();
        using var calling = new Calling { Limits = new PeerCallLimits(1000) { HeadersTime = 10 * Second, CallTime = 60 * Second, Grace = 5 * Second, LeastBytesPerSecond = 1 } };

        var call = calling.CallAsync(slow.Address);
        await slow.BeginAsync(calling, 5 * Second);
        await slow.SendAsync(500);
        await Calling.UntilAsync(() => calling.Clock.NextDueAt == calling.Clock.Now + (60 * Second));
        calling.Clock.Advance(59 * Second);
        call.IsCompleted.Should().BeFalse();
        calling.Clock.Advance(Second);

        ShouldBe((await call).Refusal, "unreachable", RefusalKind.Transient, "in time");
    }

    [Fact]
    public async Task An_answer_within_all_limits_is_waited_for()
    {
        await using var slow = new SlowPeer();
        using var calling = new Calling { Limits = new PeerCallLimits(1000) { HeadersTime = 10 * Second, CallTime = 60 * Second, Grace = 5 * Second, LeastBytesPerSecond = 2 } };

        var call = calling.CallAsync(slow.Address);
        await slow.BeginAsync(calling, 5 * Second);
        await slow.SendAsync(40);
        await Calling.UntilAsync(() => calling.Clock.NextDueAt == calling.Clock.Now + (20 * Second));
        calling.Clock.Advance(19 * Second);
        slow.End();

        (await call).Value.Body.Length.Should().Be(40);
    }

    [Fact]
    public async Task A_name_that_is_not_resolved_in_time_is_not_waited_for()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        using var calling = new Calling(resolve: (_, _) => never.Task, settings: Calling.Patient with { ConnectTime = 300 * Second }) { Limits = new PeerCallLimits(1000) { HeadersTime = 600 * Second, CallTime = 600 * Second } };

        var call = calling.CallAsync(RawPeer.At("http://peer.example"));
        await Calling.UntilAsync(() => calling.Clock.NextDueAt == calling.Clock.Now + (300 * Second));
        calling.Clock.Advance(300 * Second);

        ShouldBe((await call).Refusal, "unreachable", RefusalKind.Transient, "No connection with the peer in time");
    }

    private static void ShouldBe(Refusal? refusal, string code, RefusalKind kind, string part)
    {
        refusal.Should().NotBeNull();
        refusal!.Code.Should().Be(code);
        refusal.Kind.Should().Be(kind);
        refusal.Detail.Should().Contain(part);
    }

    /// <summary>Sends its headers at once and its body when a test says so.</summary>
    private sealed class SlowPeer : IAsyncDisposable
    {
        private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly RawPeer _peer;

        public SlowPeer() => _peer = new RawPeer(async stream =>
        {
            await RawPeer.WriteAsync(stream, $"{Head}\r\n");
            _stream.SetResult(stream);
            await _end.Task;
            stream.Close();
        });

        public PeerAddress Address => _peer.Address;

        /// <summary>Until the client has seen the headers: its next deadline is then the grace.</summary>
        public async Task BeginAsync(Calling calling, TimeSpan grace)
        {
            await _stream.Task;
            await Calling.UntilAsync(() => calling.Clock.NextDueAt == calling.Clock.Now + grace);
        }

        public async Task SendAsync(int bytes)
        {
            try
            {
                await RawPeer.WriteAsync(await _stream.Task, new string('#', bytes));
            }
            catch (IOException)
            {
                // The client has left.
            }
        }

        public void End() => _end.TrySetResult();

        public ValueTask DisposeAsync()
        {
            End();
            return _peer.DisposeAsync();
        }
    }
}
