using System.Net;
using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

public sealed class GatePairingTests
{
    [Fact]
    public async Task A_device_with_the_code_names_its_account_once_and_only_the_organisers_signature_makes_it_a_gate()
    {
        using var stage = await Stage.OpenAsync();
        var device = stage.Node.OwnAccount("device");
        var made = await stage.SignedAsync(stage.Organiser, HttpMethod.Post, Pairings(stage), HttpStatusCode.Created, "{}");
        var code = made.GetProperty("code").GetString()!;

        var paired = await PairAsync(stage, device, code.ToLowerInvariant().Replace("-", " "));

        code.Should().MatchRegex("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$");
        made.GetProperty("expires_at").GetString().Should().Be("2027-06-15T18:10:00.000Z");
        (paired.GetProperty("event_id").GetString(), paired.GetProperty("event_name").GetString(), paired.GetProperty("node").GetString())
            .Should().Be((stage.EventId, "Opening night", stage.Node.Node.Self.ToString()));
        stage.Node.Clock.Advance(TimeSpan.FromSeconds(1));
        (await PairAsync(stage, device, code)).GetRawText().Should().Be(paired.GetRawText(), "the answer may have been lost");
        await RefusedAsync(stage, stage.Node.OwnAccount("another device"), code, HttpStatusCode.Conflict, "pairing_used");
        var claim = (await stage.SignedAsync(stage.Organiser, HttpMethod.Get, Pairings(stage), HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Should().ContainSingle().Subject;
        (claim.GetProperty("gate").GetString(), claim.GetProperty("name").GetString(), claim.GetProperty("claimed_at").GetString()).Should().Be((device.Id, "North", "2027-06-15T18:00:00.000Z"));
        stage.Node.Node.Snapshot.Pending.State.Events.Find(stage.Event())!.Gates.Should().Equal(stage.Gate.Address);
        await stage.SendAsync(stage.Organiser, "update_event", new { event_id = stage.EventId, gates = new[] { stage.Gate.Id, device.Id } });
        stage.Node.Node.Snapshot.Pending.State.Events.Find(stage.Event())!.Gates.Should().Equal(stage.Gate.Address, device.Address);
    }

    [Fact]
    public async Task A_wrong_or_expired_code_is_unknown_and_so_are_other_peoples_requests_refused()
    {
        using var stage = await Stage.OpenAsync();
        var device = stage.Node.OwnAccount("device");
        var code = (await stage.SignedAsync(stage.Organiser, HttpMethod.Post, Pairings(stage), HttpStatusCode.Created)).GetProperty("code").GetString()!;

        await RefusedAsync(stage, device, "0000-0000-0000", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage, device, "x", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage, device, new string('0', 32), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage, device, new string('0', 33), HttpStatusCode.BadRequest, "invalid_field");
        stage.Node.Clock.Advance(TimeSpan.FromMinutes(10));
        await RefusedAsync(stage, device, code, HttpStatusCode.NotFound, "not_found");
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get })
        {
            using var stranger = await stage.Node.SendSignedAsync(stage.Fan, method, Pairings(stage));
            await stranger.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not_organiser");
            using var nowhere = await stage.Node.SendSignedAsync(stage.Organiser, method, $"/events/{new string('0', 32)}/gate-pairings");
            await nowhere.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
            using var unsigned = await stage.Node.Api.SendAsync(method, Pairings(stage), null);
            await unsigned.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
        }

        using var said = await stage.Node.SendSignedAsync(stage.Organiser, HttpMethod.Post, Pairings(stage), """{"a":1}""");
        await said.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "unknown_field");
        foreach (var (body, refusal) in new[] { ("{}", "missing_field"), ("""{"code":"x","name":""}""", "invalid_field"), ("""{"code":"x","name":"a\u0000"}""", "invalid_field"), ("""{"code":1,"name":"a"}""", "invalid_field") })
        {
            using var malformed = await stage.Node.SendSignedAsync(device, HttpMethod.Post, "/gate/pair", body);
            await malformed.ShouldBeProblemAsync(HttpStatusCode.BadRequest, refusal);
        }

        await stage.Node.Api.PostRefusedAsync("/gate/pair", """{"code":"x","name":"a"}""", HttpStatusCode.Unauthorized, "signature_missing");
    }

    [Fact]
    public async Task Whoever_must_wait_is_told_how_long()
    {
        using var stage = await Stage.OpenAsync(("Gates:PairingsPerEvent", "1"));
        await stage.SignedAsync(stage.Organiser, HttpMethod.Post, Pairings(stage), HttpStatusCode.Created, "{}");
        stage.Node.Clock.Advance(TimeSpan.FromSeconds(1));

        using var more = await stage.Node.SendSignedAsync(stage.Organiser, HttpMethod.Post, Pairings(stage), "{}");

        await more.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
        more.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromMinutes(10));
    }

    private static string Pairings(Stage stage) => $"/events/{stage.EventId}/gate-pairings";

    private static Task<System.Text.Json.JsonElement> PairAsync(Stage stage, Wallet device, string code) =>
        stage.SignedAsync(device, HttpMethod.Post, "/gate/pair", HttpStatusCode.OK, $$"""{"code":"{{code}}","name":"North"}""");

    private static async Task RefusedAsync(Stage stage, Wallet device, string code, HttpStatusCode status, string refusal)
    {
        stage.Node.Clock.Advance(TimeSpan.FromSeconds(1));
        using var answer = await stage.Node.SendSignedAsync(device, HttpMethod.Post, "/gate/pair", $$"""{"code":"{{code}}","name":"North"}""");
        await answer.ShouldBeProblemAsync(status, refusal);
    }
}
