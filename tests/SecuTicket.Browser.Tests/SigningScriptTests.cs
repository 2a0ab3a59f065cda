using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace SecuTicket.Browser.Tests;

/// <summary>sign.js in the browser it runs in, against vectors of an independent implementation. No server: the script is all there is.</summary>
[Collection(SwaggerChromium.Name)]
public sealed class SigningScriptTests(ChromiumFixture chromium)
{
    /// <summary>A secure page's origin, as far as browsers are concerned; requests to it are answered by the test.</summary>
    private const string Origin = "http://localhost:5999";

    private const string Account = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    private const string Secret = "f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0";
    private const string TicketExample = "00000000000000000000000000007171";
    private const string AccountExample = "0x00000000000000000000000000000000000acc00";

    private const string OpenApi =
        """
        {
          "x-examples": {
            "ticket_id": "00000000000000000000000000007171", "account": "0x00000000000000000000000000000000000acc00",
            "other_account": "0x00000000000000000000000000000000000acc01", "gate": "0x00000000000000000000000000000000000acc02",
            "nonce": "example-nonce-00001", "valid_until": 1893456000
          },
          "paths": {
            "/tickets/{id}": { "get": {} },
            "/tickets/purchase": { "post": { "x-transaction-type": "purchase_ticket" } },
            "/transactions": { "post": { "x-transaction-type": "any" } },
            "/transactions/batch": { "post": { "x-transaction-type": "any" } },
            "/tickets/{id}/code": { "get": { "x-signed-request": true } },
            "/events/{id}/delegation": { "put": { "x-signed-request": true } }
          }
        }
        """;

    // Seconds.
    private const long Day = 24 * 60 * 60;

    private readonly long _began = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public static TheoryData<int> Transactions
    {
        get
        {
            var data = new TheoryData<int>();
            for (var i = 0; i < Vectors.GetProperty("transactions").GetArrayLength(); i++) data.Add(i);
            return data;
        }
    }

    private static JsonElement Vectors { get; } = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json"))).RootElement;

    [SkippableTheory, MemberData(nameof(Transactions))]
    public async Task Canonical_form_and_hmac_agree_with_the_vectors(int index)
    {
        var vector = Vectors.GetProperty("transactions")[index];
        var page = await OpenAsync();

        var canonical = await page.EvaluateAsync<string>("text => script.canonicalise(JSON.parse(text))", vector.GetProperty("payload").GetRawText());

        canonical.Should().Be(vector.GetProperty("canonical").GetString());
        Convert.ToHexStringLower(Encoding.UTF8.GetBytes(canonical)).Should().Be(vector.GetProperty("canonical_utf8_hex").GetString());
        if (!vector.TryGetProperty("hmac", out var hmac)) return;
        var computed = await page.EvaluateAsync<string>("([secret, text]) => script.hmacSha256(secret, text)", new[] { vector.GetProperty("hmac_secret").GetString()!, canonical });
        computed.Should().Be(hmac.GetString());
    }

    [SkippableTheory]
    [InlineData("1.5")]
    [InlineData("-0")]
    [InlineData("9007199254740992")]
    [InlineData("{\"a\":[\"\\ud800\"]}")]
    [InlineData("{\"\\udc00\":1}")]
    public async Task What_has_no_canonical_form_is_not_signed(string json)
    {
        var page = await OpenAsync();

        var signing = () => page.EvaluateAsync<string>("text => script.canonicalise(JSON.parse(text))", json);

        await signing.Should().ThrowAsync<PlaywrightException>().WithMessage("*TypeError*");
    }

    [SkippableFact]
    public async Task Missing_fields_are_filled_in_and_the_hmac_covers_exactly_what_is_sent()
    {
        var page = await OpenAsync();

        var sent = await SignAsync(page, "POST", "/tickets/purchase", """{ "ticket_id": "ab", "max_price": 5000 }""");

        sent.Headers.Should().NotContainKey("Authorization");
        var body = JsonDocument.Parse(sent.Body!).RootElement;
        body.GetProperty("type").GetString().Should().Be("purchase_ticket");
        body.GetProperty("chain_id").GetString().Should().Be("secuticket-test");
        body.GetProperty("sender").GetString().Should().Be(Account);
        body.GetProperty("nonce").GetString().Should().MatchRegex("^[A-Za-z0-9_-]{16,64}$");
        body.GetProperty("valid_until").GetInt64().Should().BeInRange(_began + Day, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1 + Day);
        await ShouldBeSignedAsync(page, body);
        var again = await SignAsync(page, "POST", "/tickets/purchase", """{ "ticket_id": "ab", "max_price": 5000 }""");
        JsonDocument.Parse(again.Body!).RootElement.GetProperty("nonce").GetString().Should().NotBe(body.GetProperty("nonce").GetString());
    }

    [SkippableFact]
    public async Task What_was_typed_is_kept_as_typed_and_signatures_stay_outside_of_what_is_signed()
    {
        var page = await OpenAsync();
        const string typed = """{"nonce":"AAAAAAAAAAAAAAAA","sender":"0xother","valid_until":7,"max_price":5000,"signatures":[{"scheme":"p256"}]}""";

        var sent = await SignAsync(page, "POST", "/tickets/purchase", typed);

        sent.Body.Should().StartWith(typed[..^1] + ",");
        var body = JsonDocument.Parse(sent.Body!).RootElement;
        body.GetProperty("sender").GetString().Should().Be("0xother");
        await ShouldBeSignedAsync(page, body);
    }

    [SkippableTheory]
    [InlineData("/tickets/purchase", "no json")]
    [InlineData("/tickets/purchase", "[1]")]
    [InlineData("/tickets/purchase", "")]
    [InlineData("/tickets/purchase", """{"max_price":1.5}""")]
    [InlineData("/tickets/purchase", """{"max_price":1,"hmac":"00"}""")]
    [InlineData("/transactions", """{"amount":1}""")]
    public async Task A_body_that_can_not_be_signed_is_sent_as_typed_so_that_the_server_says_why(string route, string typed)
    {
        var page = await OpenAsync();

        (await SignAsync(page, "POST", route, typed)).Body.Should().Be(typed);
    }

    [SkippableFact]
    public async Task Each_line_of_a_batch_is_signed()
    {
        var page = await OpenAsync();

        var sent = await SignAsync(page, "POST", "/transactions/batch", "{\"type\":\"transfer\"}\n\n{\"type\":\"record\"}", contentType: "application/x-ndjson");

        var lines = sent.Body!.TrimEnd('\n').Split('\n');
        lines.Should().HaveCount(2);
        foreach (var line in lines) await ShouldBeSignedAsync(page, JsonDocument.Parse(line).RootElement);
    }

    [SkippableTheory]
    [InlineData("GET", "/tickets/ab/code?size=2&b=%C3%A9", null)]
    [InlineData("PUT", "/events/ab/delegation", """{ "enabled": true }""")]
    public async Task A_request_that_must_prove_who_asks_carries_a_token_over_its_method_path_and_body(string method, string path, string? typed)
    {
        var page = await OpenAsync();

        var sent = await SignAsync(page, method, path, typed);

        sent.Body.Should().Be(typed);
        var token = sent.Headers["Authorization"].Should().StartWith("SecuTicket ").And.Subject["SecuTicket ".Length..];
        var proof = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(token)).RootElement;
        proof.EnumerateObject().Select(field => field.Name).Should().BeEquivalentTo("type", "method", "path", "sender", "at", "body_sha256", "chain_id", "node", "nonce", "hmac");
        proof.GetProperty("type").GetString().Should().Be("request");
        proof.GetProperty("method").GetString().Should().Be(method);
        proof.GetProperty("path").GetString().Should().Be(path);
        proof.GetProperty("node").GetString().Should().Be("node-1");
        proof.GetProperty("at").GetInt64().Should().BeInRange(_began, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1);
        proof.GetProperty("body_sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(typed ?? ""))));
        await ShouldBeSignedAsync(page, proof);
        NonceOf(proof).Should().MatchRegex("^[A-Za-z0-9_-]{16,64}$");
        var again = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars((await SignAsync(page, method, path, typed)).Headers["Authorization"].AsSpan("SecuTicket ".Length))).RootElement;
        NonceOf(again).Should().NotBe(NonceOf(proof));

        static string NonceOf(JsonElement token) => token.GetProperty("nonce").GetString()!;
    }

    [SkippableTheory]
    [InlineData("GET", "/tickets/ab")]
    [InlineData("POST", "/nowhere")]
    [InlineData("POST", "http://localhost:6000/tickets/purchase")]
    public async Task The_secret_leaves_on_no_request(string method, string url)
    {
        var page = await OpenAsync();

        (await SignAsync(page, method, url, null)).Headers.Keys.Should().NotContain(name => name.Equals("authorization", StringComparison.OrdinalIgnoreCase));
    }

    [SkippableFact]
    public async Task The_secret_is_taken_out_even_when_nothing_can_be_signed()
    {
        var page = await OpenAsync(node: null);

        var headers = await page.EvaluateAsync<Dictionary<string, string>>(
            """
            async basic => {
              const request = { url: "/tickets/purchase", method: "POST", headers: { AUTHORIZATION: basic, Accept: "x" }, body: "{}" };
              const { headers, userFetch } = await SecuTicketPage.sign(request);
              if ((await userFetch()).status !== 401) throw new Error("sent");
              return headers;
            }
            """, Basic(Account, Secret));

        headers.Keys.Should().Equal("Accept");
    }

    [SkippableTheory]
    [InlineData("alice", Secret, "address")]
    [InlineData("", "", "address")]
    [InlineData(Account, "password", "secret")]
    [InlineData(Account, "", "secret")]
    public async Task A_malformed_account_or_secret_is_said_and_nothing_is_sent(string account, string secret, string named)
    {
        var page = await OpenAsync();

        var sent = await SignAsync(page, "POST", "/tickets/purchase", "{}", basic: Basic(account, secret));

        sent.AnsweredInPage.Should().Contain("not_sent").And.Match($"*Authorize*{named}*");
        sent.Headers.Should().NotContainKey("Authorization");
    }

    [SkippableTheory]
    [InlineData("POST", "/tickets/purchase", """{ "typed": 1, "hmac": "00" }""")]
    [InlineData("POST", "/tickets/purchase", """{ "typed": 1, "signatures": [] }""")]
    [InlineData("POST", "/tickets/purchase", "no json")]
    [InlineData("PUT", "/events/ab/delegation", "{}")]
    [InlineData("GET", "/tickets/ab", null)]
    public async Task What_is_signed_elsewhere_or_needs_no_signature_is_left_alone(string method, string path, string? typed)
    {
        var page = await OpenAsync();

        var plain = await SignAsync(page, method, path, typed, basic: "Bearer key");

        plain.Body.Should().Be(typed);
        plain.Headers["Authorization"].Should().Be("Bearer key");
        plain.AnsweredInPage.Should().BeNull();
    }

    [SkippableTheory]
    [InlineData("POST", "/tickets/purchase", "{}")]
    [InlineData("GET", "/tickets/ab/code", null)]
    public async Task What_must_be_signed_while_nobody_signs_is_not_sent_and_the_page_says_what_to_do(string method, string path, string? typed)
    {
        var page = await OpenAsync();

        (await SignAsync(page, method, path, typed, basic: "")).AnsweredInPage.Should().Contain("not_sent").And.Contain("POST /accounts").And.Contain("Authorize");
    }

    [SkippableFact]
    public async Task The_ids_of_examples_stand_for_the_last_ones_seen()
    {
        var page = await OpenAsync();
        await RememberAsync(page, """{ "transaction_id": "t", "ticket_ids": ["5ea7", "5ea8"] }""");
        await page.EvaluateAsync("SecuTicketPage.remember({ ok: false, obj: { transaction_id: 't', ticket_ids: ['no'] } })");

        var sent = await SignAsync(page, "POST", "/tickets/purchase", $$"""{ "ticket_id": "{{TicketExample}}", "sender": "{{AccountExample}}", "nonce": "example-nonce-00001", "valid_until": 1893456000 }""");
        var read = await SignAsync(page, "GET", $"/tickets/{TicketExample}", null);
        await RememberAsync(page, """{ "id": "100c", "seat": "A-1", "event_id": "e" }""");
        var afterALook = await SignAsync(page, "GET", $"/tickets/{TicketExample}", null);

        var body = JsonDocument.Parse(sent.Body!).RootElement;
        body.GetProperty("ticket_id").GetString().Should().Be("5ea7");
        body.GetProperty("sender").GetString().Should().Be(Account);
        body.GetProperty("nonce").GetString().Should().NotContain("example").And.MatchRegex("^[A-Za-z0-9_-]{16,64}$");
        body.GetProperty("valid_until").GetInt64().Should().BeInRange(_began + Day, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1 + Day);
        await ShouldBeSignedAsync(page, body);
        read.Url.Should().Be("/tickets/5ea7");
        afterALook.Url.Should().Be("/tickets/100c");
    }

    [SkippableFact]
    public async Task What_a_replacement_would_read_as_a_pattern_is_sent_as_it_was_seen()
    {
        var page = await OpenAsync();
        await RememberAsync(page, """{ "transaction_id": "t", "ticket_ids": ["A$$B$&C"] }""");

        var sent = await SignAsync(page, "POST", "/tickets/purchase", $$"""{ "ticket_id": "{{TicketExample}}" }""");

        JsonDocument.Parse(sent.Body!).RootElement.GetProperty("ticket_id").GetString().Should().Be("A$$B$&C");
    }

    [SkippableTheory]
    [InlineData("0xA", "0xA", "0xB", "0xD")]
    [InlineData("0xB", "0xB", "0xC", "0xD")]
    [InlineData("0xC", "0xC", "0xB", "0xD")]
    [InlineData(null, "0xD", "0xB", "0xD")]
    public async Task The_accounts_of_examples_stand_for_who_signs_for_another_fan_and_for_the_gate(string? signer, string account, string other, string gate)
    {
        var page = await OpenAsync();
        foreach (var address in new[] { "0xA", "0xB", "0xC", "0xD" }) await RememberAsync(page, $$"""{ "address": "{{address}}", "secret": "s" }""");

        var values = await page.EvaluateAsync<Dictionary<string, string>>("signer => SecuTicketPage.memory.values(signer)", signer);

        values["account"].Should().Be(account);
        values["other_account"].Should().Be(other);
        values["gate"].Should().Be(gate);
    }

    [SkippableFact]
    public async Task With_few_accounts_the_organiser_is_the_gate_and_without_any_whoever_signs()
    {
        var page = await OpenAsync();

        (await page.EvaluateAsync<Dictionary<string, string>>("SecuTicketPage.memory.values('0xS')"))["gate"].Should().Be("0xS");
        await RememberAsync(page, """{ "address": "0xA", "secret": "s" }""");
        await RememberAsync(page, """{ "address": "0xB", "secret": "s" }""");
        (await page.EvaluateAsync<Dictionary<string, string>>("SecuTicketPage.memory.values('0xB')"))["gate"].Should().Be("0xA");
    }

    [SkippableFact]
    public async Task A_payment_reference_and_a_person_stand_for_new_ones_after_each_use()
    {
        var page = await OpenAsync();
        var read = () => page.EvaluateAsync<Dictionary<string, string>>("SecuTicketPage.memory.values(null)");

        var first = await read();
        await RememberAsync(page, """{ "transaction_id": "t" }""");
        var second = await read();
        await RememberAsync(page, """{ "address": "0xA", "secret": "s" }""");
        var third = await read();

        second["reference"].Should().NotBe(first["reference"]);
        third["person"].Should().NotBe(second["person"]);
    }

    private static async Task RememberAsync(IPage page, string answer) => await page.EvaluateAsync("text => { SecuTicketPage.remember({ ok: true, obj: JSON.parse(text) }); }", answer);

    private static string Basic(string account, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account}:{secret}"));

    /// <summary>A page with the script in <c>script</c>, on a secure origin whose few answers are given here.</summary>
    private async Task<IPage> OpenAsync(string? node = "node-1")
    {
        var page = await chromium.NewPageAsync();
        await page.RouteAsync("**/*", route => new Uri(route.Request.Url).AbsolutePath switch
        {
            "/" => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html>" }),
            "/sign.js" or "/web/js/signature.js" or "/memory.js" => route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "text/javascript",
                Path = Path.Combine(AppContext.BaseDirectory, new Uri(route.Request.Url).AbsolutePath[1..]),
            }),
            "/swagger/v1/swagger.json" => route.FulfillAsync(new RouteFulfillOptions { ContentType = "application/json", Body = OpenApi }),
            "/info" when node is not null => route.FulfillAsync(new RouteFulfillOptions
            {
                ContentType = "application/json",
                Body = $$"""{"chain_id":"secuticket-test","node":"{{node}}"}""",
            }),
            _ => route.FulfillAsync(new RouteFulfillOptions { Status = 404 }),
        });
        await page.GotoAsync(Origin);
        await page.EvaluateAsync("async () => { globalThis.script = await import('/sign.js'); }");
        return page;
    }

    private static async Task<Sent> SignAsync(IPage page, string method, string url, string? body, string contentType = "application/json", string? basic = null)
    {
        var json = await page.EvaluateAsync<string>(
            """
            async ([method, url, body, contentType, basic]) => {
              const headers = { ...(basic ? { Authorization: basic } : {}), "Content-Type": contentType };
              const sent = await SecuTicketPage.sign({ method, url, headers, ...(body === null ? {} : { body }) });
              const answeredInPage = sent.userFetch ? await (await sent.userFetch()).text() : null;
              return JSON.stringify({ headers: sent.headers, body: sent.body ?? null, url: sent.url, answeredInPage });
            }
            """, new[] { method, url, body, contentType, basic ?? Basic(Account, Secret) });
        return JsonSerializer.Deserialize<Sent>(json, JsonSerializerOptions.Web)!;
    }

    private static async Task ShouldBeSignedAsync(IPage page, JsonElement signed)
    {
        var payload = signed.EnumerateObject().Where(field => field.Name is not ("hmac" or "signatures")).ToDictionary(field => field.Name, field => field.Value);
        var canonical = await page.EvaluateAsync<string>("text => script.canonicalise(JSON.parse(text))", JsonSerializer.Serialize(payload));
        var expected = HMACSHA256.HashData(Convert.FromHexString(Secret), Encoding.UTF8.GetBytes(canonical));
        signed.GetProperty("hmac").GetString().Should().Be(Convert.ToHexStringLower(expected));
    }

    private sealed record Sent(Dictionary<string, string> Headers, string? Body, string Url, string? AnsweredInPage);
}
