using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A fan whose key is a passkey, from the first purchase to the gate; and every assertion that is none.</summary>
public sealed class PasskeySignatureTests(OpenSale sale) : IClassFixture<OpenSale>
{
    // The key of the fan that has money.
    private static readonly TestPasskey Fan = new("fan");

    private readonly WritesScenario _scenario = sale.Scenario;

    [Theory]
    [InlineData("DER")]
    [InlineData("high-s, DER")]
    [InlineData("raw")]
    [InlineData("high-s, raw")]
    public async Task An_assertion_is_accepted_as_authenticators_give_it_and_kept_as_raw_low_s(string form)
    {
        for (var i = 0; i < 4; i++)
        {
            var (body, kept) = Signed(Fan, "record", new { data = i });

            var answer = await _scenario.Node.Api.PostAsync("/transactions", With(body, "signature", JsonValue.Of(FormOf(kept.Value, form))));

            answer.GetProperty("status").GetString().Should().Be("pending");
            _scenario.Node.Node.FindTransaction(WritesScenario.IdOf(body))!.Transaction.Signatures.Should().Equal(kept);
        }
    }

    [Fact]
    public async Task A_ticket_bought_with_a_passkey_is_in_a_valid_chain_and_its_proof_is_checked_without_a_node()
    {
        // Longer than what a read of one transaction guesses.
        var most = Fan with { Rest = $",\"crossOrigin\":false,\"x\":\"{new string('x', 800)}\"}}" };
        var (body, kept) = Signed(most, "purchase_ticket", new { ticket_id = _scenario.Tickets[0], max_price = WritesScenario.Price });
        await _scenario.Node.Api.PostAsync("/transactions", body);
        await _scenario.Node.SealAsync();

        (await _scenario.Node.Api.GetAsync($"/tickets/{_scenario.Tickets[0]}")).GetProperty("owner").GetString().Should().Be(Fan.Address.ToString());
        var shown = await _scenario.Node.Api.GetAsync($"/transactions/{WritesScenario.IdOf(body)}");
        shown.GetProperty("status").GetString().Should().Be("confirmed");
        CanonicalJson.Parse(Encoding.UTF8.GetBytes(shown.GetProperty("signatures")[0].GetRawText())).Value.Should().Be(SignedBody.Write(kept));
        (await _scenario.Node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();

        var proof = await _scenario.Node.Api.GetAsync($"/tickets/{_scenario.Tickets[0]}/proof");
        ProofVerdict(proof.GetRawText()).Should().Be("accepted");
        ProofVerdict(proof.GetRawText().Replace(kept.Assertion!.AuthenticatorDataText, kept.Assertion.AuthenticatorDataText[..^1] + "1")).Should().NotBe("accepted");
        ProofVerdict(proof.GetRawText().Replace("\"webauthn\"", "\"p256\"")).Should().NotBe("accepted");
    }

    [Theory]
    [InlineData("another challenge", "challenge")]
    [InlineData("another type", "type is «webauthn.create»")]
    [InlineData("another page", "relying party")]
    [InlineData("no page", "origin")]
    [InlineData("a frame", "crossOrigin")]
    [InlineData("nobody there", "UP")]
    [InlineData("another key", "low-s")]
    [InlineData("another's account", "expected the sender")]
    [InlineData("no JSON", "client data")]
    public async Task An_assertion_that_is_not_the_senders_of_this_transaction_is_401_and_says_why(string what, string says)
    {
        var (body, good) = Signed(Fan, "record", new { data = what });
        var id = WritesScenario.IdOf(body);
        var wrong = what switch
        {
            "another challenge" => Fan.Sign(Hash256.Sha256(id.Span)),
            "another type" => (Fan with { Type = "webauthn.create" }).Sign(id),
            "another page" => (Fan with { Origin = "https://evil.example" }).Sign(id),
            "no page" => (Fan with { Origin = "http://tickets.example" }).Sign(id),
            "a frame" => (Fan with { Rest = ",\"crossOrigin\":true}" }).Sign(id),
            "nobody there" => (Fan with { Flags = 0x04 }).Sign(id),
            "another key" => good with { Value = new TestPasskey("other").Sign(id).Value },
            "another's account" => new TestPasskey("other").Sign(id),
            _ => Fan.SignClient("{"),
        };

        var problem = await _scenario.PostRefusedAsync("/transactions", Proven(body, wrong), 401, "signature_invalid");

        problem.GetProperty("detail").GetString().Should().Contain(says);
    }

    [Theory]
    [InlineData("authenticator_data", "00", 400, "invalid_field")]
    [InlineData("authenticator_data", null, 400, "missing_field")]
    [InlineData("client_data_json", "e30=", 400, "invalid_field")]
    [InlineData("client_data_json", null, 400, "missing_field")]
    [InlineData("signature", "3006", 400, "invalid_field")]
    [InlineData("public_key", "02", 400, "invalid_field")]
    [InlineData("scheme", "WebAuthn", 400, "unknown_field")]
    [InlineData("scheme", "p256", 400, "unknown_field")]
    [InlineData("id", "x", 400, "unknown_field")]
    public async Task What_can_be_no_assertion_is_400(string field, string? text, int status, string code)
    {
        var (body, _) = Signed(Fan, "record", new { data = 1 });

        await _scenario.PostRefusedAsync("/transactions", With(body, field, text is null ? null : JsonValue.Of(text)), status, code);
    }

    [Fact]
    public async Task A_batch_takes_them_beside_others()
    {
        var lines = Enumerable.Range(0, 6).Select(i => i % 2 == 0 ? Signed(Fan, "record", new { data = i }).Body : _scenario.Sign(_scenario.Other, "record", new { data = i })).ToList();
        lines.Add(Proven(lines[0].With("data", JsonValue.Of(9)), Fan.Sign(default)));
        using var content = new StringContent(string.Join('\n', lines.Select(line => Encoding.UTF8.GetString(CanonicalJson.Write(line)))), null, "application/x-ndjson");

        using var answer = await _scenario.Node.Api.Http.PostAsync("/transactions/batch", content);

        var verdicts = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        verdicts.Should().HaveCount(7);
        verdicts[..6].Should().OnlyContain(line => line.Contains("\"pending\""));
        verdicts[6].Should().Contain("signature_invalid");
    }

    [Fact]
    public async Task A_signed_request_takes_the_hash_of_the_tokens_canonical_form_as_challenge()
    {
        var path = $"/accounts/{Fan.Address}/identity";
        const string Body = """{"name":"Anna"}""";
        var claims = _scenario.Node.Claims(_scenario.Fan, HttpMethod.Put, path, Body);
        var digest = Hash256.Sha256(CanonicalJson.Write(claims));

        using (var refused = await SendAsync(Fan.Sign(Hash256.Sha256("another"u8)))) await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
        using (var refused = await SendAsync((Fan with { Flags = 0 }).Sign(digest))) await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_invalid");
        var touched = Fan.Sign(digest);
        using (var answer = await SendAsync(touched)) answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}", await answer.Content.ReadAsStringAsync());
        using (var again = await SendAsync(touched)) await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");

        Task<HttpResponseMessage> SendAsync(TransactionSignature signature) =>
            _scenario.Node.Api.SendAsync(HttpMethod.Put, path, Body, SignedRequestClient.Header(Proven(claims, signature)));
    }

    [Fact]
    public async Task A_code_made_by_a_touch_opens_the_gate_while_it_is_fresh()
    {
        var ticket = _scenario.Tickets[1];
        await _scenario.Node.Api.PostAsync("/transactions", Signed(Fan, "purchase_ticket", new { ticket_id = ticket, max_price = WritesScenario.Price }).Body);
        var now = (uint)_scenario.Node.Clock.Now.ToUnixTimeSeconds();

        (await ResultAsync(Fan, now)).Should().Be("valid");
        (await ResultAsync(Fan with { Rest = TestPasskey.ReminderRest }, now)).Should().Be("valid");
        (await ResultAsync(Fan, now - 31)).Should().Be("expired");
        (await ResultAsync(new TestPasskey("other"), now)).Should().Be("not_owner");
        (await ResultAsync(Fan with { Flags = 0 }, now)).Should().Be("invalid");

        async Task<string?> ResultAsync(TestPasskey holder, uint at)
        {
            var code = holder.Code(DevelopmentChain.ChainId, WritesScenario.Id(ticket), at).Format();
            return (await _scenario.Node.Api.PostAsync("/gate/scan", new { code, gate = _scenario.Gate.Id }, HttpStatusCode.OK)).GetProperty("result").GetString();
        }
    }

    [Fact]
    public async Task A_chain_that_names_pages_takes_their_passkeys_only_and_says_so()
    {
        const string Origins = ",\"webauthn\":{\"origins\":[\"https://www.tickets.example\"]}";
        using var folder = new SpecFolder(SpecFolder.Effortless.Replace("\"reward\":0", "\"reward\":0" + Origins, StringComparison.Ordinal));
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);
        var payload = node.OwnAccount("fan").Payload("record", new { data = 1, chain_id = "effortless" }, node.Clock.Now);
        var id = WritesScenario.IdOf(payload);

        var problem = await node.Api.PostRefusedAsync("/transactions", Proven(payload, Fan.Sign(id)), HttpStatusCode.Unauthorized, "signature_invalid");
        problem.GetProperty("detail").GetString().Should().Contain("takes no passkeys of https://tickets.example");
        await node.Api.PostAsync("/transactions", Proven(payload, (Fan with { Origin = "https://www.tickets.example" }).Sign(id)));
        (await node.Api.GetAsync("/chain/spec")).GetRawText().Should().Contain("https://www.tickets.example");
    }

    private static JsonValue Proven(JsonValue payload, in TransactionSignature signature) => payload.Without("signatures").With("signatures", JsonValue.Array([SignedBody.Write(signature)]));

    private static JsonValue With(JsonValue body, string field, JsonValue? value)
    {
        var signature = body.Find("signatures")!.Items[0];
        return body.With("signatures", JsonValue.Array([value is null ? signature.Without(field) : signature.With(field, value)]));
    }

    private static string FormOf(Signature signature, string form)
    {
        var (r, s) = (new BigInteger(signature.Span[..32], isUnsigned: true, isBigEndian: true), new BigInteger(signature.Span[32..], isUnsigned: true, isBigEndian: true));
        if (form.StartsWith("high", StringComparison.Ordinal)) s = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture) - s;
        if (!form.EndsWith("DER", StringComparison.Ordinal)) return r.ToString("x64", CultureInfo.InvariantCulture)[^64..] + s.ToString("x65", CultureInfo.InvariantCulture)[^64..];

        byte[] first = r.ToByteArray(isBigEndian: true), second = s.ToByteArray(isBigEndian: true);
        return Convert.ToHexStringLower([0x30, (byte)(4 + first.Length + second.Length), 2, (byte)first.Length, .. first, 2, (byte)second.Length, .. second]);
    }

    private static string ProofVerdict(string proof)
    {
        if (!ProofDocument.Read(Encoding.UTF8.GetBytes(proof)).TryGet(out var read, out var refusal)) return refusal.Code;

        using var keys = new P256Verifier(16);
        var verdict = new InclusionVerifier(DevelopmentChain.Spec, new ProofOfWorkVerifier(DevelopmentChain.Spec, keys), new TransactionVerifier(keys)).Verify(read, null, long.MaxValue / 2);
        return verdict.IsAccepted ? "accepted" : verdict.Refusal.Code;
    }

    private (JsonValue Body, TransactionSignature Signature) Signed(TestPasskey passkey, string type, object fields)
    {
        var payload = _scenario.Fan.Payload(type, fields, _scenario.Node.Clock.Now);
        var signature = passkey.Sign(WritesScenario.IdOf(payload));
        return (Proven(payload, signature), signature);
    }
}
