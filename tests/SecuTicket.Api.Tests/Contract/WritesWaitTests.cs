using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SecuTicket.Api.Transactions;

namespace SecuTicket.Api.Tests.Contract;

/// <summary><c>Prefer: wait=N</c>: the answer comes once the transaction is decided, or after N seconds as it then stands.</summary>
public sealed class WritesWaitTests
{
    [Fact]
    public async Task With_automatic_sealing_the_answer_is_confirmed_once_enough_wait() // S0.5
    {
        using var scenario = await WritesScenario.OpenAsync(node: new NodeFactory(settings: [("Mining:Enabled", "true"), ("Mining:MinPending", "100")]));
        var before = scenario.Snapshot.Tip.Index;
        var waiting = Enumerable.Range(0, 100).Select(i => PostAsync(scenario, new { data = i }, "wait=30")).ToArray();
        await ArriveAsync(scenario, 100);
        waiting.Should().NotContain(one => one.IsCompleted, "a block was made a moment ago, the next keeps its distance");
        await scenario.AdvanceAsync(TimeSpan.FromSeconds(1));

        var answers = await Task.WhenAll(waiting);

        foreach (var (status, json) in answers)
        {
            status.Should().Be(HttpStatusCode.Created);
            json.GetProperty("status").GetString().Should().Be("confirmed");
            json.GetProperty("block_index").GetInt64().Should().Be(before + 1);
            json.GetProperty("message").GetString().Should().Be($"Transaction is in block {before + 1}");
        }
    }

    [Fact]
    public async Task With_automatic_sealing_the_answer_is_confirmed_once_it_waited_long_enough() // S0.5
    {
        using var scenario = await WritesScenario.OpenAsync(node: new NodeFactory(settings: [("Mining:Enabled", "true"), ("Mining:MaxWait", "00:00:10"), ("Mining:MinPending", "100")]));
        var waiting = PostAsync(scenario, new { data = 1 }, "respond-async, wait=20");
        await ArriveAsync(scenario, 1);
        waiting.IsCompleted.Should().BeFalse("nothing was decided yet");

        await scenario.AdvanceAsync(TimeSpan.FromSeconds(10));

        (await waiting).Json.GetProperty("status").GetString().Should().Be("confirmed");
    }

    [Fact]
    public async Task What_is_asked_for_again_with_a_wait_is_waited_for_and_answered_200()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var body = scenario.Sign(scenario.Fan, "record", new { data = 1 });
        await scenario.Node.Api.PostAsync("/transactions", body);
        var again = scenario.Node.Api.SendAsync(HttpMethod.Post, "/transactions", body, ("Prefer", "wait=5"));

        await scenario.Node.SealAsync();

        using var answer = await again;
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString().Should().Be("confirmed");
    }

    [Fact]
    public async Task What_can_not_be_confirmed_any_more_is_answered_rejected_with_its_code()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var waiting = PostAsync(scenario, new { data = 1, valid_until = scenario.Node.Clock.Now.ToUnixTimeSeconds() + 5 }, "wait=20");
        await ArriveAsync(scenario, 1);

        await scenario.AdvanceAsync(TimeSpan.FromSeconds(7));

        var (status, json) = await waiting;
        status.Should().Be(HttpStatusCode.Created, "it had been accepted");
        json.GetProperty("status").GetString().Should().Be("rejected");
        json.GetProperty("code").GetString().Should().Be("expired");
        json.TryGetProperty("block_index", out _).Should().BeFalse("it will be in none");
        json.GetProperty("message").GetString().Should().Contain("valid_until");
    }

    [Theory]
    [InlineData("wait=3", 3)]
    [InlineData("wait=100", 30)]
    public async Task After_the_time_asked_for_or_thirty_seconds_the_answer_is_as_it_stands(string preference, int seconds)
    {
        using var scenario = await WritesScenario.OpenAsync();
        var waiting = PostAsync(scenario, new { data = 1 }, preference);
        await scenario.AdvanceAsync(TimeSpan.FromSeconds(seconds));

        var (status, json) = await waiting;

        status.Should().Be(HttpStatusCode.Created);
        json.GetProperty("status").GetString().Should().Be("pending");
        json.GetProperty("block_index").GetInt64().Should().Be(2);
        scenario.Snapshot.Pending.Count.Should().Be(1);
    }

    [Fact]
    public async Task Who_still_waits_hears_which_block_it_will_be_in_as_it_then_stands()
    {
        using var node = new NodeFactory(spec: SpecFolder.Effortless.Replace("\"reward\":0", "\"reward\":0,\"max_block_transactions\":3", StringComparison.Ordinal));
        using var fan = Wallet.Own("fan");
        for (var i = 0; i < 4; i++) await PostAsync(i, "");
        var waiting = PostAsync(4, "wait=3");
        await WritesScenario.UntilAsync(() => node.Clock.NextDueAt <= node.Clock.Now.AddSeconds(3));
        node.Clock.Advance(TimeSpan.FromSeconds(3));
        (await waiting).GetProperty("block_index").GetInt64().Should().Be(3, "two fit into each");

        await node.SealAsync();

        (await PostAsync(5, "")).GetProperty("block_index").GetInt64().Should().Be(3, "the second of two");

        async Task<JsonElement> PostAsync(int number, string preference)
        {
            using var answer = await node.Api.SendAsync(HttpMethod.Post, "/transactions", fan.Sign("record", new { data = number, chain_id = "effortless" }, node.Clock.Now), ("Prefer", preference));
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        }
    }

    [Fact]
    public async Task A_node_that_stops_answers_those_who_wait_as_it_stands()
    {
        using var scenario = await WritesScenario.OpenAsync();
        var waiting = PostAsync(scenario, new { data = 1 }, "wait=30");
        await WritesScenario.UntilAsync(() => scenario.Node.Clock.NextDueAt <= scenario.Node.Clock.Now.AddSeconds(30));

        scenario.Node.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var (status, json) = await waiting;
        status.Should().Be(HttpStatusCode.Created, "it is durable, and will go on from there");
        json.GetProperty("status").GetString().Should().Be("pending");
    }

    [Fact]
    public async Task A_refusal_does_not_wait()
    {
        using var scenario = await WritesScenario.OpenAsync();

        var (status, json) = await PostAsync(scenario, new { recipient = scenario.Other.Id, amount = 1_000_000 }, "wait=30", "transfer");

        status.Should().Be(HttpStatusCode.UnprocessableEntity);
        json.GetProperty("code").GetString().Should().Be("insufficient_funds");
    }

    [Theory]
    [InlineData("wait=5", 5)]
    [InlineData("WAIT = 5", 5)]
    [InlineData("wait=\"5\"", 5)]
    [InlineData("return=minimal; foo, wait=7", 7)]
    [InlineData("wait=30", 30)]
    [InlineData("wait=31", 30)]
    [InlineData("wait=2147483648", 30)]
    [InlineData("wait=99999999999999999999", 30)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=-1", 0)]
    [InlineData("wait=1.5", 0)]
    [InlineData("wait=", 0)]
    [InlineData("wait", 0)]
    [InlineData("waiting=9", 0)]
    [InlineData("", 0)]
    public void A_preference_is_never_an_error_and_never_more_than_30_seconds(string preference, int seconds) // RFC 7240
    {
        var request = new DefaultHttpContext().Request;
        request.Headers["Prefer"] = preference;

        TransactionIntake.WaitOf(request).Should().Be(TimeSpan.FromSeconds(seconds));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(WritesScenario scenario, object fields, string preference, string type = "record")
    {
        using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, "/transactions", scenario.Sign(scenario.Fan, type, fields), ("Prefer", preference));
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private static Task ArriveAsync(WritesScenario scenario, int count) => WritesScenario.UntilAsync(() => scenario.Snapshot.Pending.Count >= count);
}
