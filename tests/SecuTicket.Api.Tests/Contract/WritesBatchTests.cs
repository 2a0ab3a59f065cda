using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Tests.Contract;

/// <summary><c>POST /transactions/batch</c>: up to 1,000 transactions, one a line, and one verdict a line, in order.</summary>
public sealed class WritesBatchTests : IAsyncLifetime
{
    private const int MaxBytes = 4 * 1024 * 1024;

    private WritesScenario _scenario = null!;

    public async Task InitializeAsync() => _scenario = await WritesScenario.OpenAsync();

    public Task DisposeAsync()
    {
        _scenario.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_thousand_lines_get_a_thousand_verdicts_in_order()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => _scenario.Sign(_scenario.Fan, "record", new { data = i })).ToArray();

        var verdicts = await PostAsync(string.Join('\n', lines.AsEnumerable()));

        verdicts.Select(verdict => verdict.GetProperty("transaction_id").GetString()).Should().Equal(lines.Select(line => WritesScenario.IdOf(line).ToString()));
        verdicts.Should().OnlyContain(verdict => verdict.GetProperty("status").GetString() == "pending" && verdict.GetProperty("block_index").GetInt64() == 2);
        _scenario.Snapshot.Pending.InOrder.Select(entry => entry.Value.Id.ToString()).Should().Equal(verdicts.Select(verdict => verdict.GetProperty("transaction_id").GetString()!));
    }

    [Fact]
    public async Task Each_line_is_judged_on_its_own_whatever_the_others_are()
    {
        using var kept = _scenario.Node.KeepAccount();
        var first = _scenario.Sign(_scenario.Fan, "record", new { data = 1 });
        var issue = _scenario.Sign(_scenario.Organiser, "issue_tickets", new { event_id = _scenario.EventId, session = 0, seats = new[] { "B-2", "B-1" }, price = 1 });
        var poor = _scenario.Sign(_scenario.Gate, "transfer", new { recipient = _scenario.Fan.Id, amount = 1 });
        var last = _scenario.Sign(kept, "record", new { data = 2 });
        var lines = new[]
        {
            first.ToString(),
            "{\"type\":",
            string.Empty,
            "{\"type\":\"record\",\"type\":\"record\"}",
            first.With("colour", JsonValue.Of("red")).ToString(),
            first.Without("signatures").With("nonce", JsonValue.Of("another-nonce-0000")).ToString(),
            poor.ToString(),
            first + "\r",
            "[]",
            issue.ToString(),
            _scenario.Sign(_scenario.Fan, "record", new { data = new string('x', 65_536) }).ToString(),
            "  " + last + " ",
        };

        var verdicts = await PostAsync(string.Join('\n', lines) + "\n");

        verdicts.Select(Show).Should().Equal(
            "pending", "refused malformed_json", "refused malformed_json", "refused duplicate_key", "refused unknown_field", "refused signature_missing",
            "refused insufficient_funds", "pending", "refused malformed_json", "pending", "refused too_large", "pending");
        verdicts[7].GetProperty("transaction_id").GetString().Should().Be(WritesScenario.IdOf(first).ToString(), "a carriage return is white space");
        verdicts[9].GetProperty("ticket_ids").EnumerateArray().Select(id => id.GetString()).Should()
            .Equal(WritesScenario.TicketOf(_scenario.EventId, 0, "B-2"), WritesScenario.TicketOf(_scenario.EventId, 0, "B-1"));
        verdicts[6].GetProperty("transaction_id").GetString().Should().Be(WritesScenario.IdOf(poor).ToString(), "it could be read");
        verdicts[1].TryGetProperty("transaction_id", out _).Should().BeFalse("it could not be read");
        foreach (var refused in verdicts.Where(verdict => verdict.TryGetProperty("code", out _))) refused.GetProperty("detail").GetString().Should().NotBeNullOrWhiteSpace();
        _scenario.Snapshot.Pending.Count.Should().Be(3);
    }

    [Fact]
    public async Task A_line_may_build_on_those_before_it()
    {
        var (organiser, fan, other, ticket) = (_scenario.Organiser, _scenario.Fan, _scenario.Other, _scenario.Tickets[0]);
        await _scenario.BuyAsync(fan, ticket);
        var create = _scenario.Sign(organiser, "create_event", new { name = "Encore", venue = "Hall", sessions = new[] { new { date = "2028-01-01", time = "20:00" } } });
        var eventId = WritesScenario.IdOf(create).ToString()[..32];
        var seat = WritesScenario.TicketOf(eventId, 0, "A-1");

        var verdicts = await PostAsync(
            create,
            _scenario.Sign(other, "purchase_ticket", new { ticket_id = seat, max_price = 10 }),
            _scenario.Sign(organiser, "issue_tickets", new { event_id = eventId, session = 0, seats = new[] { "A-1" }, price = 10 }),
            _scenario.Sign(other, "purchase_ticket", new { ticket_id = seat, max_price = 10 }),
            _scenario.Sign(fan, "purchase_ticket", new { ticket_id = seat, max_price = 10 }),
            _scenario.Sign(other, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 }),
            _scenario.Sign(fan, "list_ticket", new { ticket_id = ticket, price = 5_000 }),
            _scenario.Sign(other, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 }));

        verdicts.Select(Show).Should().Equal(
            "pending", "refused not_found", "pending", "pending", "refused ticket_not_available", "refused ticket_not_available", "pending", "pending");
        _scenario.TicketOf(ticket).Owner.Should().Be(other.Address);
        _scenario.TicketOf(seat).Status.Should().Be(TicketStatus.Sold);
    }

    [Fact]
    public async Task A_thousand_and_one_lines_are_too_many_and_none_is_taken()
    {
        var line = _scenario.Sign(_scenario.Fan, "record", new { data = 1 }).ToString();

        await RefusedAsync(Content(string.Join('\n', Enumerable.Repeat(line, 1_001))), HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Four_mebibytes_are_taken_and_not_one_byte_more()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => _scenario.Sign(_scenario.Fan, "record", new { data = new string('x', 3_500) }).ToString().PadRight(4_193));
        var body = string.Join('\n', lines).PadRight(MaxBytes);

        await RefusedAsync(Content(body + " "), HttpStatusCode.RequestEntityTooLarge, "too_large");
        await RefusedAsync(Content(body + " ", "text/plain"), HttpStatusCode.RequestEntityTooLarge, "too_large");
        (await PostAsync(body)).Select(Show).Should().HaveCount(1_000).And.OnlyContain(verdict => verdict == "pending");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/x-ndjson; charset=utf-16")]
    public async Task Another_content_type_is_refused(string contentType) =>
        await RefusedAsync(Content(_scenario.Sign(_scenario.Fan, "record", new { data = 1 }).ToString(), contentType), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");

    [Fact]
    public async Task An_empty_batch_is_refused() => await RefusedAsync(Content(string.Empty), HttpStatusCode.BadRequest, "malformed_json");

    private static string Show(JsonElement verdict) =>
        verdict.GetProperty("status").GetString() + (verdict.TryGetProperty("code", out var code) ? $" {code.GetString()}" : string.Empty);

    private static ByteArrayContent Content(string body, string contentType = "application/x-ndjson") =>
        new(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType) } };

    private Task<IReadOnlyList<JsonElement>> PostAsync(params JsonValue[] lines) => PostAsync(string.Join('\n', lines.AsEnumerable()));

    private async Task<IReadOnlyList<JsonElement>> PostAsync(string body)
    {
        using var content = Content(body);
        using var answer = await _scenario.Node.Api.Http.PostAsync("/transactions/batch", content);

        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, text);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/x-ndjson");
        text.Should().EndWith("\n");
        return [.. text[..^1].Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task RefusedAsync(HttpContent content, HttpStatusCode status, string code)
    {
        var before = _scenario.Snapshot;
        using (content)
        using (var answer = await _scenario.Node.Api.Http.PostAsync("/transactions/batch", content)) await answer.ShouldBeProblemAsync(status, code);

        _scenario.Snapshot.Should().Be(before);
    }
}
