using System.Net;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

public sealed class MessagesTests(MessagesTests.Audience audience) : IClassFixture<MessagesTests.Audience>
{
    private const string Hello = """{"subject":"Doors","text":"Open at 18:30.\nBags are looked into."}""";

    private Stage Stage => audience.Stage;

    private NodeFactory Node => Stage.Node;

    [Fact] // S1.8
    public async Task A_message_reaches_the_holder_who_opted_in_and_neither_other_holders_nor_others_who_opted_in()
    {
        foreach (var account in new[] { Stage.Fan, Stage.Gate, Stage.Organiser }) (await ChooseAsync(account, true)).GetProperty("opt_in").GetBoolean().Should().BeTrue();

        var sent = await SendAsync(Stage.EventId, Hello);

        sent.EnumerateObject().Select(property => property.Name).Should().Equal("message_id", "event_id", "at");
        var received = (await InboxAsync(Stage.Fan)).Single(message => message.GetProperty("message_id").GetString() == sent.GetProperty("message_id").GetString());
        received.EnumerateObject().Select(property => property.Name).Should().Equal("message_id", "event_id", "event_name", "organiser", "subject", "text", "at");
        received.GetProperty("event_id").GetString().Should().Be(Stage.EventId);
        received.GetProperty("event_name").GetString().Should().Be("Opening night");
        received.GetProperty("organiser").GetString().Should().Be(Stage.Organiser.Id);
        received.GetProperty("text").GetString().Should().Be("Open at 18:30.\nBags are looked into.");
        received.GetProperty("at").GetString().Should().Be(sent.GetProperty("at").GetString());
        (await InboxAsync(Stage.Gate)).Should().BeEmpty("the gate holds no ticket");
        (await InboxAsync(Stage.Other)).Should().BeEmpty("this holder did not opt in");
        (await InboxAsync(Stage.Organiser)).Should().BeEmpty("an unsold ticket has no holder");
    }

    [Fact] // S1.8
    public async Task Opting_out_stops_messages_and_erases_those_received()
    {
        await ChooseAsync(Stage.Own, true);
        await SendAsync(Stage.EventId, Hello);
        (await InboxAsync(Stage.Own)).Should().NotBeEmpty("they hold a ticket that was redeemed");

        (await ChooseAsync(Stage.Own, false)).GetRawText().Should().Be($$"""{"address":"{{Stage.Own.Id}}","opt_in":false}""");
        await SendAsync(Stage.EventId, Hello);

        (await InboxAsync(Stage.Own)).Should().BeEmpty();
    }

    [Fact] // S1.8
    public async Task What_the_organiser_is_answered_does_not_depend_on_who_opted_in()
    {
        // Two events alike, ten holders each: nine of the organiser's own, who opted in, and the one whom it asks about.
        var answers = new List<string[]>();
        foreach (var optIn in new[] { false, true })
        {
            var (eventId, holders) = await CrowdAsync(10);
            foreach (var holder in holders) await ChooseAsync(holder, optIn || holder != holders[^1]);
            var said = new List<string>();
            for (var i = 0; i < 11; i++)
            {
                using var answer = await Node.SendSignedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{eventId}/messages", $$"""{"subject":"{{i}}","text":"x"}""");
                var text = (await answer.Content.ReadAsStringAsync()).Replace(eventId, "EVENT");
                if (answer.StatusCode == HttpStatusCode.Created) text = text.Replace(JsonDocument.Parse(text).RootElement.GetProperty("message_id").GetString()!, "MESSAGE").Replace(JsonDocument.Parse(text).RootElement.GetProperty("at").GetString()!, "AT");
                said.Add($"{answer.StatusCode} {string.Join(' ', answer.Headers.Concat(answer.Content.Headers).Select(header => $"{header.Key}={string.Join(',', header.Value)}"))} {text}");
            }

            (await InboxAsync(holders[0])).Should().HaveCount(10);
            (await InboxAsync(holders[^1])).Should().HaveCount(optIn ? 10 : 0);
            answers.Add([.. said]);
        }

        answers[0].Should().Equal(answers[1]);
        answers[0][^1].Should().StartWith("TooManyRequests").And.Contain("rate_limited");
    }

    [Fact]
    public async Task A_cancelled_event_has_something_to_say()
    {
        var (eventId, holders) = await CrowdAsync(1);
        await ChooseAsync(holders[0], true);
        await Stage.SendAsync(Stage.Organiser, "cancel_event", new { event_id = eventId });
        await Node.SealAsync();

        await SendAsync(eventId, """{"subject":"Cancelled","text":"Claim your money back."}""");

        (await InboxAsync(holders[0])).Should().ContainSingle().Which.GetProperty("subject").GetString().Should().Be("Cancelled");
    }

    [Fact]
    public async Task Messages_come_in_pages_newest_first()
    {
        var (eventId, holders) = await CrowdAsync(1);
        await ChooseAsync(holders[0], true);
        foreach (var subject in new[] { "1", "2", "3" }) await SendAsync(eventId, $$"""{"subject":"{{subject}}","text":"x"}""");
        var path = $"/accounts/{holders[0].Id}/messages?limit=2";

        var first = await Node.AskSignedAsync(holders[0], HttpMethod.Get, path);
        var second = await Node.AskSignedAsync(holders[0], HttpMethod.Get, $"{path}&after={first.GetProperty("next").GetString()}");

        Subjects(first).Should().Equal("3", "2");
        Subjects(second).Should().Equal("1");
        second.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        await Node.AskRefusedAsync(holders[0], HttpMethod.Get, $"/accounts/{holders[0].Id}/messages?limit=0", "", HttpStatusCode.BadRequest, "invalid_field");
        await Node.AskRefusedAsync(holders[0], HttpMethod.Get, $"/accounts/{holders[0].Id}/messages?after=x", "", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public async Task Only_the_organiser_writes_and_only_the_account_itself_chooses_and_reads()
    {
        var path = $"/events/{Stage.EventId}/messages";

        await Node.AskRefusedAsync(Stage.Fan, HttpMethod.Post, path, Hello, HttpStatusCode.Forbidden, "not_organiser");
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{new string('0', 32)}/messages", Hello, HttpStatusCode.NotFound, "not_found");
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Post, "/events/1/messages", Hello, HttpStatusCode.BadRequest, "invalid_field");
        using var unsigned = await Node.Api.SendAsync(HttpMethod.Post, path, Hello);
        await unsigned.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Get, $"/accounts/{Stage.Fan.Id}/messages", "", HttpStatusCode.Forbidden, "not_account_owner");
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Put, $"/accounts/{Stage.Fan.Id}/contact", """{"opt_in":true}""", HttpStatusCode.Forbidden, "not_account_owner");
        using var anonymous = await Node.Api.SendAsync(HttpMethod.Get, $"/accounts/{Stage.Fan.Id}/messages", null);
        await anonymous.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
    }

    [Theory]
    [InlineData("{}", "missing_field")]
    [InlineData("""{"subject":"","text":"x"}""", "invalid_field")]
    [InlineData("""{"subject":"x","text":""}""", "invalid_field")]
    [InlineData("""{"subject":"a\nb","text":"x"}""", "invalid_field")]
    [InlineData("""{"subject":"x","text":"a\u0000b"}""", "invalid_field")]
    [InlineData("""{"subject":"x","text":"a\tb"}""", "invalid_field")]
    [InlineData("""{"subject":1,"text":"x"}""", "invalid_field")]
    [InlineData("""{"subject":"x","text":"x","to":"0x"}""", "unknown_field")]
    [InlineData("""{"subject":"x","text":"x","subject":"y"}""", "duplicate_key")]
    public async Task A_wrong_message_is_refused(string body, string code) =>
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{Stage.EventId}/messages", body, HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Subjects_have_200_characters_texts_4000_and_choices_are_true_or_false()
    {
        var (eventId, _) = await CrowdAsync(0);
        static string Body(int subject, int text) => $$"""{"subject":"{{string.Concat(Enumerable.Repeat("\U0001F3AB", subject))}}","text":"{{new string('é', text)}}"}""";

        await SendAsync(eventId, Body(200, 4_000));
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{eventId}/messages", Body(201, 1), HttpStatusCode.BadRequest, "invalid_field");
        await Node.AskRefusedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{eventId}/messages", Body(1, 4_001), HttpStatusCode.BadRequest, "invalid_field");
        foreach (var (body, code) in new[] { ("{}", "missing_field"), ("""{"opt_in":1}""", "invalid_field"), ("""{"opt_in":true,"until":1}""", "unknown_field") })
            await Node.AskRefusedAsync(Stage.Fan, HttpMethod.Put, $"/accounts/{Stage.Fan.Id}/contact", body, HttpStatusCode.BadRequest, code);
    }

    private static IEnumerable<string?> Subjects(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(message => message.GetProperty("subject").GetString());

    private Task<JsonElement> SendAsync(string eventId, string body)
    {
        Node.Clock.Advance(TimeSpan.FromSeconds(1));
        return Node.AskSignedAsync(Stage.Organiser, HttpMethod.Post, $"/events/{eventId}/messages", body, HttpStatusCode.Created);
    }

    private Task<JsonElement> ChooseAsync(Wallet account, bool optIn) =>
        Node.AskSignedAsync(account, HttpMethod.Put, $"/accounts/{account.Id}/contact", $$"""{"opt_in":{{(optIn ? "true" : "false")}}}""");

    private async Task<IReadOnlyList<JsonElement>> InboxAsync(Wallet account) =>
        [.. (await Node.AskSignedAsync(account, HttpMethod.Get, $"/accounts/{account.Id}/messages")).GetProperty("items").EnumerateArray()];

    // An event of its own and so many holders of its own, who were sold a ticket each.
    private async Task<(string EventId, IReadOnlyList<Wallet> Holders)> CrowdAsync(int count)
    {
        Node.Clock.Advance(TimeSpan.FromSeconds(1));
        var eventId = await Stage.CreateEventAsync(Stage.Gate);
        Wallet[] holders = [.. Enumerable.Range(0, count).Select(i => Node.OwnAccount($"{eventId} {i}"))];
        if (count > 0)
        {
            var issued = await Stage.SendAsync(Stage.Organiser, "issue_tickets", new { event_id = eventId, session = 0, seats = holders.Select((_, i) => $"B-{i}").ToArray(), price = 0 });
            foreach (var (holder, ticket) in holders.Zip(issued.GetProperty("ticket_ids").EnumerateArray()))
                await Stage.SendAsync(Stage.Organiser, "sell_ticket", new { ticket_id = ticket.GetString(), recipient = holder.Id });
        }

        await Node.SealAsync();
        return (eventId, holders);
    }

    /// <summary>A stage on which the fan, the other fan and the fan with a key of their own hold a ticket each, the last one's redeemed, and one ticket is unsold.</summary>
    public sealed class Audience : IAsyncLifetime
    {
        internal Stage Stage { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Stage = await Stage.OpenAsync(("Node:MessagesPerEventPerDay", "10"));
            foreach (var (buyer, ticket) in new[] { Stage.Fan, Stage.Other, Stage.Own }.Zip(Stage.Tickets)) await Stage.BuyAsync(buyer, ticket);
            await Stage.SendAsync(Stage.Organiser, "issue_tickets", new { event_id = Stage.EventId, session = 0, seats = new[] { "A-4" }, price = Stage.Price });
            await Stage.SendAsync(Stage.Gate, "redeem_ticket", new { ticket_id = Stage.Tickets[2] });
            await Stage.Node.SealAsync();
        }

        public Task DisposeAsync()
        {
            Stage.Dispose();
            return Task.CompletedTask;
        }
    }
}
