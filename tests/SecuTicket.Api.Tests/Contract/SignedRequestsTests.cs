using System.Globalization;
using System.Net;
using System.Numerics;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

public sealed class SignedRequestsTests
{
    private const string Body = """{"enabled": true}""";

    [Fact]
    public async Task A_kept_account_proves_itself_by_hmac_and_any_other_by_its_key()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        await stage.BuyAsync(stage.Own, stage.Tickets[1]);

        using var kept = await stage.Node.SendSignedAsync(stage.Fan, HttpMethod.Get, $"/tickets/{stage.Tickets[0]}/code?shown=1%2F2&a=b+c");
        using var own = await stage.Node.SendSignedAsync(stage.Own, HttpMethod.Get, $"/tickets/{stage.Tickets[0]}/code");

        kept.StatusCode.Should().Be(HttpStatusCode.OK, "the path is compared as it was sent");
        await own.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "not_holder");
    }

    [Fact]
    public async Task What_is_signed_is_what_counts_not_how_its_JSON_is_written()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";
        var proven = stage.Organiser.Prove(stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body));
        var reversed = "{ " + string.Join(" , ", proven.Members.Reverse().Select(member => $"\"{member.Name}\" : {Written(member)}")) + " }";

        using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(reversed));

        answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}", await answer.Content.ReadAsStringAsync());

        static string Written(JsonMember member) => member.Name is "hmac" ? member.Value.ToString().ToUpperInvariant() : member.Value.ToString();
    }

    [Fact]
    public async Task A_token_is_for_one_request_only()
    {
        using var stage = await Stage.OpenAsync();
        var now = stage.Node.Clock.Now.ToUnixTimeSeconds();

        await ChangedAsync(stage, "type", JsonValue.Of("transfer"));
        await ChangedAsync(stage, "method", JsonValue.Of("GET"));
        await ChangedAsync(stage, "method", JsonValue.Of("put"));
        await ChangedAsync(stage, "path", JsonValue.Of($"/events/{new string('0', 32)}/delegation"));
        await ChangedAsync(stage, "path", JsonValue.Of($"/events/{stage.EventId}/delegation?a=1"));
        await ChangedAsync(stage, "path", JsonValue.Of($"/events/{stage.EventId}/delegation/"));
        await ChangedAsync(stage, "body_sha256", JsonValue.Of(Core.Primitives.Hash256.Sha256("{}"u8).ToString()));
        await ChangedAsync(stage, "chain_id", JsonValue.Of("another-chain"));
        await ChangedAsync(stage, "node", JsonValue.Of(stage.Fan.Id));
        await ChangedAsync(stage, "at", JsonValue.Of(now - 61));
        await ChangedAsync(stage, "at", JsonValue.Of(now + 61));
        await ChangedAsync(stage, "at", JsonValue.Of(now - 86_400));
        await ChangedAsync(stage, "at", JsonValue.Of(CanonicalJson.MaxInteger));
        await ChangedAsync(stage, "at", JsonValue.Of(-1));
        await ChangedAsync(stage, "at", JsonValue.Of("now"));
        await ChangedAsync(stage, "sender", JsonValue.Of("me"));
        await ChangedAsync(stage, "body_sha256", JsonValue.Of("00"));
        await ChangedAsync(stage, "extra", JsonValue.True);
        foreach (var field in new[] { "type", "method", "path", "at", "body_sha256", "chain_id", "node", "sender" }) await ChangedAsync(stage, field, null);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task A_token_is_good_for_a_minute_either_way(int seconds)
    {
        using var stage = await Stage.OpenAsync();

        using var answer = await SendChangedAsync(stage, "at", JsonValue.Of(stage.Node.Clock.Now.ToUnixTimeSeconds() + seconds));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_request_without_a_token_says_which_scheme_it_needs()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";
        var claims = stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body);

        foreach (var header in new[] { "", "SecuTicket", "Bearer abc", "Basic abc", "Token " + SignedRequestClient.Header(claims).Value })
        {
            using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, ("Authorization", header));
            await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
            answer.Headers.WwwAuthenticate.Single().Scheme.Should().Be("SecuTicket");
        }

        using var unproven = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(claims));
        await unproven.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
    }

    [Fact]
    public async Task What_is_no_token_or_not_proven_by_the_sender_is_refused()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";
        var claims = stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body);
        var proven = stage.Organiser.Prove(claims);
        var text = proven.ToString();
        (string, string)[] headers =
        [
            ("Authorization", "SecuTicket !!!!"),
            SignedRequestClient.Header("hello"),
            SignedRequestClient.Header("[]"),
            SignedRequestClient.Header(text[..^1]),
            SignedRequestClient.Header(text[..^1] + ""","type":"request"}"""),
            SignedRequestClient.Header(text[..^1] + $",\"pad\":\"{new string('x', 9_000)}\"}}"),
            SignedRequestClient.Header(proven.With("hmac", JsonValue.Of(new string('0', 64)))),
            SignedRequestClient.Header(proven.With("hmac", JsonValue.Of("00"))),
            SignedRequestClient.Header(stage.Fan.Prove(claims)),
            SignedRequestClient.Header(stage.Own.Prove(claims)),
            SignedRequestClient.Header(stage.Organiser.Prove(claims, stage.Own)),
            SignedRequestClient.Header(stage.Own.Prove(stage.Node.Claims(stage.Own, HttpMethod.Put, path, Body)).With("sender", JsonValue.Of(stage.Organiser.Id))),
        ];

        foreach (var header in headers)
        {
            using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, header);
            await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
        }

        var unknown = claims.With("sender", JsonValue.Of(stage.Own.Id));
        using var notKept = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(stage.Organiser.Prove(unknown)));
        await notKept.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "unknown_account");
    }

    [Fact]
    public async Task A_token_serves_one_write_and_any_number_of_reads()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        var (write, read) = ($"/events/{stage.EventId}/delegation", $"/tickets/{stage.Tickets[0]}/code");
        var writing = SignedRequestClient.Header(stage.Organiser.Prove(stage.Node.Claims(stage.Organiser, HttpMethod.Put, write, Body)));
        var reading = SignedRequestClient.Header(stage.Fan.Prove(stage.Node.Claims(stage.Fan, HttpMethod.Get, read)));

        (await stage.Node.Api.SendAsync(HttpMethod.Put, write, Body, writing)).StatusCode.Should().Be(HttpStatusCode.OK);
        using var again = await stage.Node.Api.SendAsync(HttpMethod.Put, write, Body, writing);
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");
        for (var i = 0; i < 3; i++) (await stage.Node.Api.SendAsync(HttpMethod.Get, read, null, reading)).StatusCode.Should().Be(HttpStatusCode.OK);

        stage.Node.Clock.Advance(TimeSpan.FromSeconds(121));
        using var late = await stage.Node.Api.SendAsync(HttpMethod.Put, write, Body, writing);
        await late.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
    }

    // Anybody can send requests that are refused: were their tokens remembered, they would leave no room for those of others.
    [Fact]
    public async Task A_token_whose_sender_may_not_ask_is_not_used_up()
    {
        using var stage = await Stage.OpenAsync();
        foreach (var (path, code) in new[] { ($"/events/{stage.EventId}/delegation", "not_organiser"), ($"/accounts/{stage.Organiser.Id}/identity", "not_account_owner"), ($"/events/{new string('0', 32)}/delegation", "not_found") })
        {
            var token = SignedRequestClient.Header(stage.Fan.Prove(stage.Node.Claims(stage.Fan, HttpMethod.Put, path, Body)));
            for (var i = 0; i < 2; i++)
            {
                using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, token);
                (await answer.Content.ReadAsStringAsync()).Should().Contain(code);
            }
        }
    }

    // Else whoever saw the token on its way could bring an erased identity back.
    [Fact]
    public async Task A_used_token_stays_used_over_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-").FullName;
        using var owner = Wallet.Own("owner");
        var path = $"/accounts/{owner.Id}/identity";
        const string Identity = """{"name":"Somebody"}""";
        try
        {
            (string Name, string Value) token;
            using (var before = new NodeFactory(folder: folder))
            {
                token = SignedRequestClient.Header(owner.Prove(before.Claims(owner, HttpMethod.Put, path, Identity)));
                (await before.Api.SendAsync(HttpMethod.Put, path, Identity, token)).StatusCode.Should().Be(HttpStatusCode.OK);
                (await before.SendSignedAsync(owner, HttpMethod.Delete, path)).StatusCode.Should().Be(HttpStatusCode.OK);
            }

            using var after = new NodeFactory(folder: folder);
            using var again = await after.Api.SendAsync(HttpMethod.Put, path, Identity, token);
            await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_signed_twice_is_two_tokens_however_one_signature_is_written()
    {
        using var node = new NodeFactory();
        using var owner = Wallet.Own("owner");
        var path = $"/accounts/{owner.Id}/identity";
        (await node.SendSignedAsync(owner, HttpMethod.Put, path, """{"name":"Somebody"}""")).StatusCode.Should().Be(HttpStatusCode.OK);
        var claims = node.Claims(owner, HttpMethod.Delete, path);
        var (first, second) = (owner.Prove(claims), owner.Prove(claims));

        (await node.Api.SendAsync(HttpMethod.Delete, path, null, SignedRequestClient.Header(first))).StatusCode.Should().Be(HttpStatusCode.OK);
        using var gone = await node.Api.SendAsync(HttpMethod.Delete, path, null, SignedRequestClient.Header(second));
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        using var again = await node.Api.SendAsync(HttpMethod.Delete, path, null, SignedRequestClient.Header(Rewritten(first)));
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");
    }

    [Fact]
    public async Task A_nonce_makes_two_equal_requests_of_one_second_two()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";
        foreach (var nonce in (string[])["first-of-a-second", "other-of-a-second"])
        {
            var claims = stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body).With("nonce", JsonValue.Of(nonce));
            (await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(stage.Organiser.Prove(claims)))).StatusCode.Should().Be(HttpStatusCode.OK);
        }

        var wrong = stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body).With("nonce", JsonValue.Of("too short"));
        using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(stage.Organiser.Prove(wrong)));
        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
    }

    [Fact]
    public async Task A_transactions_signature_is_no_token()
    {
        using var stage = await Stage.OpenAsync();
        var path = $"/events/{stage.EventId}/delegation";
        var transaction = stage.Organiser.Sign("transfer", new { recipient = stage.Fan.Id, amount = 1 }, stage.Node.Clock.Now);

        using var answer = await stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(transaction));

        await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
    }

    private static async Task ChangedAsync(Stage stage, string field, JsonValue? value)
    {
        using var answer = await SendChangedAsync(stage, field, value);
        var problem = await answer.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
        problem.GetProperty("detail").GetString().Should().Contain(field);
    }

    // Signed with what it says: only what it says is wrong.
    private static Task<HttpResponseMessage> SendChangedAsync(Stage stage, string field, JsonValue? value)
    {
        var path = $"/events/{stage.EventId}/delegation";
        var claims = stage.Node.Claims(stage.Organiser, HttpMethod.Put, path, Body);
        var changed = value is null ? claims.Without(field) : claims.With(field, value);
        return stage.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(stage.Organiser.Prove(changed)));
    }

    // The same signature in capital letters, with the other s that is as right.
    private static JsonValue Rewritten(JsonValue proven)
    {
        var signature = proven.Find("signatures")!.Items[0];
        var text = signature.Find("signature")!.Text;
        var order = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var other = order - BigInteger.Parse($"0{text[64..]}", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var digits = other.ToString("X65", CultureInfo.InvariantCulture);
        return proven.With("signatures", JsonValue.Array([signature.With("signature", JsonValue.Of(text[..64].ToUpperInvariant() + digits[^64..]))]));
    }
}
