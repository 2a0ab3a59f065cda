using System.Net;
using System.Text.Json;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A commitment on a ticket, shown and opened at the gate, and what the organiser's statistics say of all that: nothing.</summary>
public sealed class HolderIdentityTests
{
    private const string Ada = """{"born":"1815-12-10","height":1.75,"name":"Ada Lovelace"}""";

    [Fact] // S1.2
    public async Task The_gate_is_shown_the_opening_and_told_whether_it_matches()
    {
        using var stage = await Stage.OpenAsync();
        var (commitment, salt) = await CommitAsync(stage, stage.Fan, Ada);
        await stage.SendAsync(stage.Fan, "purchase_ticket", new { ticket_id = stage.Tickets[0], max_price = Stage.Price, identity_commitment = commitment });
        await stage.BuyAsync(stage.Fan, stage.Tickets[1]);
        await stage.Node.SealAsync();
        var otherSalt = new string('0', 64);

        (await ShowAsync(stage, stage.Fan, 0, Ada, salt)).Should().Be("match");
        (await ShowAsync(stage, stage.Fan, 0, """{ "name": "Ada Lovelace", "height": 17.50e-1, "born": "1815-12-10" }""", salt)).Should().Be("match", "order, white space and how a number is written do not matter");
        (await ShowAsync(stage, stage.Fan, 0, """{"born":"1815-12-10","name":"Ada L"}""", salt)).Should().Be("no_match");
        (await ShowAsync(stage, stage.Fan, 0, Ada, otherSalt)).Should().Be("no_match", "the salt counts");
        (await ShowAsync(stage, stage.Other, 0, Ada, salt)).Should().Be("match", "who says that the ticket is theirs is another question");
        (await ShowAsync(stage, stage.Fan, 1, Ada, salt)).Should().Be("none", "this ticket carries no commitment");
        (await VerifyAsync(stage, new { ticket_id = new string('0', 32), owner = stage.Fan.Id, identity = new { name = "Ada" }, salt })).GetProperty("identity").GetString().Should().Be("none");
        (await VerifyAsync(stage, new { ticket_id = stage.Tickets[0], owner = stage.Fan.Id })).EnumerateObject().Select(property => property.Name).Should().Equal("valid", "reason");

        // Whoever gets the ticket shows their own, and the former holder's says nothing any more.
        var (given, givenSalt) = await CommitAsync(stage, stage.Own, """{"name":"Bob"}""");
        await stage.SendAsync(stage.Fan, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = stage.Own.Id, identity_commitment = given });
        await stage.Node.SealAsync();
        (await ShowAsync(stage, stage.Own, 0, Ada, salt)).Should().Be("no_match");
        (await ShowAsync(stage, stage.Own, 0, """{"name":"Bob"}""", givenSalt)).Should().Be("match");
        await stage.SendAsync(stage.Own, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = stage.Fan.Id });
        await stage.Node.SealAsync();
        (await ShowAsync(stage, stage.Fan, 0, """{"name":"Bob"}""", givenSalt)).Should().Be("none");

        await RefusedAsync(stage, """ "identity":{"name":"Ada"} """, HttpStatusCode.BadRequest, "missing_field", "salt");
        await RefusedAsync(stage, $""" "salt":"{salt}" """, HttpStatusCode.BadRequest, "missing_field", "identity");
        await RefusedAsync(stage, """ "identity":{},"salt":"00" """, HttpStatusCode.BadRequest, "invalid_field", "salt");
        await RefusedAsync(stage, $""" "identity":"Ada","salt":"{salt}" """, HttpStatusCode.BadRequest, "invalid_field", "identity");
        await RefusedAsync(stage, $$""" "identity":{"a":"{{new string('x', 16_384)}}"},"salt":"{{salt}}" """, HttpStatusCode.RequestEntityTooLarge, "too_large", "identity");
    }

    [Fact] // S1.8
    public async Task Statistics_say_what_sold_and_when_people_came_and_of_nobody_who()
    {
        using var stage = await Stage.OpenAsync();
        var (commitment, salt) = await CommitAsync(stage, stage.Fan, Ada);
        await stage.SendAsync(stage.Fan, "purchase_ticket", new { ticket_id = stage.Tickets[0], max_price = Stage.Price, identity_commitment = commitment });
        await stage.SendAsync(stage.Fan, "list_ticket", new { ticket_id = stage.Tickets[0], price = Stage.Price - 100 });
        await stage.SendAsync(stage.Own, "purchase_ticket", new { ticket_id = stage.Tickets[0], max_price = Stage.Price, identity_commitment = commitment });
        await stage.BuyAsync(stage.Other, stage.Tickets[1]);
        await stage.SendAsync(stage.Gate, "redeem_ticket", new { ticket_id = stage.Tickets[0] });
        await stage.Node.SealAsync();

        foreach (var query in new[] { "", "?pending=true" })
        {
            var stats = await stage.Node.Api.GetAsync($"/events/{stage.EventId}/stats{query}");

            stats.GetProperty("sold").GetInt32().Should().Be(2);
            stats.GetProperty("revenue").GetInt64().Should().Be(2 * Stage.Price);
            stats.GetProperty("resales").GetInt32().Should().Be(1);
            stats.GetProperty("average_resale_premium").GetInt64().Should().Be(-100);
            var attended = stats.GetProperty("attendance").EnumerateArray().Should().ContainSingle().Subject;
            attended.EnumerateObject().Select(property => property.Name).Should().Equal("minute", "admitted");
            attended.GetProperty("admitted").GetInt32().Should().Be(1);

            // No text but the event's id and minutes: neither addresses, nor seats, nor commitments have a place to stand in.
            Texts(stats).Should().OnlyContain(text => text == stage.EventId || text == attended.GetProperty("minute").GetString());
            stats.GetRawText().Should().NotContainAny("0x", commitment, salt, "Ada", "A-1", stage.Tickets[0]);
        }
    }

    private static async Task<(string Commitment, string Salt)> CommitAsync(Stage stage, Wallet holder, string identity)
    {
        var opening = await stage.Node.AskSignedAsync(holder, HttpMethod.Put, $"/accounts/{holder.Id}/identity", identity);
        return (opening.GetProperty("commitment").GetString()!, opening.GetProperty("salt").GetString()!);
    }

    private static async Task<string?> ShowAsync(Stage stage, Wallet owner, int ticket, string identity, string salt)
    {
        var plain = await VerifyAsync(stage, new { ticket_id = stage.Tickets[ticket], owner = owner.Id });
        var answer = await stage.Node.Api.PostAsync("/tickets/verify", $$"""{"ticket_id":"{{stage.Tickets[ticket]}}","owner":"{{owner.Id}}","identity":{{identity}},"salt":"{{salt}}"}""", HttpStatusCode.OK);
        answer.GetProperty("valid").GetBoolean().Should().Be(plain.GetProperty("valid").GetBoolean());
        answer.GetProperty("reason").GetString().Should().Be(plain.GetProperty("reason").GetString());
        return answer.GetProperty("identity").GetString();
    }

    private static Task<JsonElement> VerifyAsync(Stage stage, object body) => stage.Node.Api.PostAsync("/tickets/verify", body, HttpStatusCode.OK);

    private static async Task RefusedAsync(Stage stage, string fields, HttpStatusCode status, string code, string field)
    {
        var problem = await stage.Node.Api.PostRefusedAsync("/tickets/verify", $$"""{"ticket_id":"{{stage.Tickets[0]}}","owner":"{{stage.Fan.Id}}",{{fields}} }""", status, code);
        problem.GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
    }

    private static IEnumerable<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [json.GetString()!],
        _ => [],
    };
}
