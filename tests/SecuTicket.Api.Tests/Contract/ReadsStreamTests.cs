using System.Net;
using System.Text.Json;
using SecuTicket.Api.Streaming;
using SecuTicket.Node;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Listeners_hear_of_admissions_blocks_and_confirmations_as_they_happen()
    {
        using var node = new NodeFactory();
        using var listener = await ListenAsync(node);
        using var authority = Wallet.ExchangeAuthority();

        var posted = await node.Api.PostAsync("/transactions", authority, "top_up", new { recipient = authority.Id, amount = 1, reference = "r" });
        var id = posted.GetProperty("transaction_id").GetString();
        (await listener.NextAsync("transaction")).GetRawText().Should().Be($$"""{"transaction_id":"{{id}}","type":"top_up","status":"pending"}""");

        var block = await node.SealAsync();
        (await listener.NextAsync("block")).GetRawText().Should().Be(JsonSerializer.Serialize(new
        {
            index = 1,
            hash = block.Hash.ToString(),
            previous_hash = block.Header.Previous.ToString(),
            timestamp = "2027-06-15T18:00:00.000Z",
            sealer = node.Node.Self.ToString(),
            transactions = 2,
            weight = "65536",
        }));
        (await listener.NextAsync("transaction")).GetProperty("type").GetString().Should().Be("reward");
        (await listener.NextAsync("transaction")).GetRawText().Should().Be($$"""{"transaction_id":"{{id}}","type":"top_up","status":"confirmed","block_index":1}""");
    }

    [Fact]
    public async Task A_rejection_is_announced_with_its_reason()
    {
        using var node = new NodeFactory();
        using var listener = await ListenAsync(node);
        using var authority = Wallet.ExchangeAuthority();
        await node.Api.PostAsync("/transactions", authority, "top_up", new { recipient = authority.Id, amount = 1, reference = "r", valid_until = node.Clock.Now.AddSeconds(5).ToUnixTimeSeconds() });
        await listener.NextAsync("transaction");

        node.Clock.Advance(TimeSpan.FromSeconds(10));

        var rejected = await listener.NextAsync("transaction");
        rejected.GetProperty("status").GetString().Should().Be("rejected");
        rejected.GetProperty("code").GetString().Should().Be("expired");
        rejected.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace();
        rejected.TryGetProperty("block_index", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_reorganisation_is_announced_before_the_blocks_that_joined()
    {
        using var node = new NodeFactory();
        using var other = new NodeFactory();
        other.Clock.Advance(TimeSpan.FromSeconds(1));
        var theirs = new[] { await other.SealAsync(), await other.SealAsync() };
        var ours = await node.SealAsync();
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        using var listener = await ListenAsync(node);

        foreach (var block in theirs) (await node.Node.OfferAsync([block.Block])).Value.Refusal.Should().BeNull();

        (await listener.NextAsync("reorganisation")).GetRawText().Should().Be($$"""{"depth":1,"former_tip":"{{ours.Hash}}","tip":"{{theirs[1].Hash}}"}""");
        (await listener.NextAsync("block")).GetProperty("hash").GetString().Should().Be(theirs[0].Hash.ToString());
        await listener.NextAsync("transaction");
        (await listener.NextAsync("block")).GetProperty("hash").GetString().Should().Be(theirs[1].Hash.ToString());
        (await node.Api.GetAsync($"/chain/blocks/{ours.Hash}")).GetProperty("hash").GetString().Should().Be(ours.Hash.ToString(), "by hash it is still found");
        (await node.Api.GetAsync("/chain/blocks/1")).GetProperty("hash").GetString().Should().Be(theirs[0].Hash.ToString());
        (await node.Api.GetAsync("/chain")).GetProperty("chain").EnumerateArray().Select(block => block.GetProperty("hash").GetString()).Skip(1).Should().Equal(theirs.Select(block => block.Hash.ToString()));
    }

    [Fact]
    public async Task A_sign_of_life_comes_every_fifteen_seconds()
    {
        using var node = new NodeFactory();
        using var listener = await ListenAsync(node);

        node.Clock.Advance(EventStream.Heartbeat);
        (await listener.LineAsync()).Should().Be(": alive");
        (await listener.LineAsync()).Should().BeEmpty();
        node.Clock.Advance(EventStream.Heartbeat);
        (await listener.LineAsync()).Should().Be(": alive");
    }

    [Fact]
    public async Task The_stream_is_server_sent_events_and_not_to_be_stored()
    {
        using var node = new NodeFactory();
        using var answer = await node.Api.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task A_listener_that_goes_away_is_forgotten()
    {
        using var node = new NodeFactory();
        var listener = await ListenAsync(node);
        node.Node.Events.Count.Should().Be(1);

        listener.Dispose();

        await UntilAsync(() => node.Node.Events.Count == 0);
    }

    [Fact]
    public async Task The_stream_ends_when_the_node_stops()
    {
        var node = new NodeFactory();
        using var listener = await ListenAsync(node);

        var stopping = Task.Run(node.Dispose);

        (await listener.LineAsync()).Should().BeNull("the answer is complete");
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task One_listener_too_many_is_asked_to_come_later()
    {
        using var node = new NodeFactory();
        while (node.Node.Events.Subscribe(IPAddress.Loopback) is not null)
        {
        }

        await node.Api.GetRefusedAsync("/stream", HttpStatusCode.ServiceUnavailable, "not_ready");
    }

    [Fact]
    public async Task One_that_comes_from_elsewhere_takes_the_place_of_an_address_that_has_them_all()
    {
        using var node = new NodeFactory(remote: IPAddress.Parse("198.51.100.7"));
        while (node.Node.Events.Subscribe(IPAddress.Loopback) is not null)
        {
        }

        var most = node.Node.Events.Count;
        using var listener = await ListenAsync(node);

        node.Node.Events.Count.Should().Be(most);
    }

    [Fact]
    public async Task A_listener_that_falls_behind_is_sent_away_after_what_waited_for_it()
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<NodeEvent>();
        var pipe = new System.IO.Pipelines.Pipe();
        channel.Writer.TryWrite(new NodeEvent.ForkTooDeep(default, "why\nin two lines"));
        channel.Writer.Complete();

        await new EventStream(pipe.Writer, channel.Reader, TimeProvider.System).RunAsync(CancellationToken.None).WaitAsync(Patience);
        await pipe.Writer.CompleteAsync();

        using var reader = new StreamReader(pipe.Reader.AsStream());
        (await reader.ReadToEndAsync()).Should().Be(
            $": listening\nretry: 2000\n\nevent: fork_too_deep\ndata: {{\"block\":\"{new string('0', 64)}\",\"detail\":\"why\\nin two lines\"}}\n\n: too slow, or all places were taken and this address had the most: connect again\n\n");
    }

    private static async Task<Listener> ListenAsync(NodeFactory node)
    {
        var listener = new Listener(await node.Api.Http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead));
        (await listener.LineAsync()).Should().Be(": listening");
        (await listener.LineAsync()).Should().Be("retry: 2000");
        (await listener.LineAsync()).Should().BeEmpty();
        return listener;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(Patience);
            await Task.Yield();
        }
    }

    private sealed class Listener(HttpResponseMessage answer) : IDisposable
    {
        private readonly StreamReader _reader = new(answer.Content.ReadAsStream());

        public async Task<string?> LineAsync() => await _reader.ReadLineAsync().WaitAsync(Patience);

        public async Task<JsonElement> NextAsync(string name)
        {
            (await LineAsync()).Should().Be($"event: {name}");
            var data = await LineAsync();
            data.Should().StartWith("data: ");
            (await LineAsync()).Should().BeEmpty();
            return JsonDocument.Parse(data!["data: ".Length..]).RootElement;
        }

        public void Dispose()
        {
            _reader.Dispose();
            answer.Dispose();
        }
    }
}
