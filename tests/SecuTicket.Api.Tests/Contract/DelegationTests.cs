using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Contract;

public sealed class DelegationTests
{
    [Fact] // S1.7
    public async Task With_the_organisers_consent_the_node_adds_the_events_signature_to_a_kept_sellers_sale_and_without_it_does_not()
    {
        using var stage = await Stage.OpenAsync();
        var seller = stage.Other;
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, sellers = new[] { seller.Id } });
        var (first, second, third) = (Sale(stage, 0), Sale(stage, 1), Sale(stage, 2));

        await stage.Node.Api.PostRefusedAsync("/tickets/sell", seller, "sell_ticket", first, HttpStatusCode.Forbidden, "event_signature_missing");
        (await PutAsync(stage, true)).GetProperty("enabled").GetBoolean().Should().BeTrue();
        await stage.Node.Api.PostAsync("/tickets/sell", seller, "sell_ticket", second);
        (await PutAsync(stage, false)).GetProperty("enabled").GetBoolean().Should().BeFalse();
        await stage.Node.Api.PostRefusedAsync("/tickets/sell", seller, "sell_ticket", third, HttpStatusCode.Forbidden, "event_signature_missing");
    }

    [Fact] // S1.7
    public async Task A_sale_in_one_batch_with_the_issue_of_its_ticket_gets_the_events_signature_too()
    {
        using var stage = await Stage.OpenAsync();
        var seller = stage.Other;
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, sellers = new[] { seller.Id } });
        await PutAsync(stage, true);
        EventId.TryParse(stage.EventId, out var id).Should().BeTrue();
        var now = stage.Node.Clock.Now;
        var issue = stage.Organiser.Sign("issue_tickets", new { event_id = stage.EventId, session = 0, seats = new[] { "B-1", "B-2" }, price = Stage.Price }, now);
        var sale = seller.Sign("sell_ticket", To("B-2"), now);
        var unissued = seller.Sign("sell_ticket", To("B-3"), now);
        var stranger = stage.Fan.Sign("sell_ticket", To("B-1"), now);

        using var content = new StringContent(string.Join('\n', new[] { issue, sale, unissued, stranger }.Select(line => Encoding.UTF8.GetString(CanonicalJson.Write(line)))), Encoding.UTF8, "application/x-ndjson");
        using var answer = await stage.Node.Api.Http.PostAsync("/transactions/batch", content);

        var verdicts = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        verdicts.Select(verdict => verdict.TryGetProperty("code", out var code) ? code.GetString() : verdict.GetProperty("status").GetString())
            .Should().Equal("pending", "pending", "not_found", "not_seller");
        await stage.Node.SealAsync();
        (await stage.Node.Api.GetAsync($"/tickets/{IssueTickets.TicketOf(id, 0, "B-2")}")).GetProperty("owner").GetString().Should().Be(stage.Fan.Id);

        object To(string seat) => new { ticket_id = $"{IssueTickets.TicketOf(id, 0, seat)}", recipient = stage.Fan.Id };
    }

    [Fact]
    public async Task Only_the_organiser_decides()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";

        await RefusedAsync(stage, stage.Fan, path, """{"enabled":true}""", HttpStatusCode.Forbidden, "not_organiser");
        await RefusedAsync(stage, stage.Organiser, $"/events/{new string('0', 32)}/delegation", """{"enabled":true}""", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage, stage.Organiser, "/events/1/delegation", """{"enabled":true}""", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(stage, stage.Organiser, path, "{}", HttpStatusCode.BadRequest, "missing_field");
        await RefusedAsync(stage, stage.Organiser, path, """{"enabled":1}""", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(stage, stage.Organiser, path, """{"enabled":null}""", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(stage, stage.Organiser, path, """{"enabled":true,"until":1}""", HttpStatusCode.BadRequest, "unknown_field");
        using var unsigned = await stage.Node.Api.SendAsync(HttpMethod.Put, path, """{"enabled":true}""");
        await unsigned.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
    }

    private static object Sale(Stage stage, int ticket) => new { ticket_id = stage.Tickets[ticket], recipient = stage.Fan.Id, reference = $"till-{ticket}" };

    private static async Task<JsonElement> PutAsync(Stage stage, bool enabled)
    {
        using var answer = await stage.Node.SendSignedAsync(stage.Organiser, HttpMethod.Put, $"/events/{stage.EventId}/delegation", $$"""{"enabled":{{(enabled ? "true" : "false")}}}""");
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}", text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task RefusedAsync(Stage stage, Wallet sender, string path, string body, HttpStatusCode status, string code)
    {
        using var answer = await stage.Node.SendSignedAsync(sender, HttpMethod.Put, path, body);
        await answer.ShouldBeProblemAsync(status, code);
    }
}
