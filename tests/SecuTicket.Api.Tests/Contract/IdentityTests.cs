using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

public sealed class IdentityTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    private const string Ada = """{ "name": "Ada Lovelace", "born": "1815-12-10" }""";
    private const string CanonicalAda = """{"born":"1815-12-10","name":"Ada Lovelace"}""";

    private NodeFactory Node => empty.Node;

    [Theory] // S1.2
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_holder_puts_is_theirs_to_read_and_its_commitment_opens_with_the_salt(bool kept)
    {
        var holder = kept ? Node.KeepAccount() : Node.OwnAccount("identity reader");

        using var put = await Node.SendSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);
        var opening = JsonDocument.Parse(await put.Content.ReadAsStringAsync()).RootElement;
        using var read = await Node.SendSignedAsync(holder, HttpMethod.Get, Path(holder));

        put.StatusCode.Should().Be(HttpStatusCode.OK);
        put.Headers.CacheControl!.NoStore.Should().BeTrue();
        opening.EnumerateObject().Select(property => property.Name).Should().Equal("commitment", "salt");
        var salt = Convert.FromHexString(opening.GetProperty("salt").GetString()!);
        var expected = SHA256.HashData([.. "SecuTicket identity"u8, .. salt, .. Encoding.UTF8.GetBytes(CanonicalAda)]);
        opening.GetProperty("commitment").GetString().Should().Be(Convert.ToHexStringLower(expected));
        read.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await read.Content.ReadAsStringAsync()).Should().Be(CanonicalAda);
    }

    [Fact] // S1.8
    public async Task Erasing_answers_a_receipt_that_anyone_can_check_and_then_nothing_is_there()
    {
        var holder = Node.OwnAccount("identity eraser");
        var opening = await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);

        var receipt = await Node.AskSignedAsync(holder, HttpMethod.Delete, Path(holder));

        receipt.EnumerateObject().Select(property => property.Name).Should().BeEquivalentTo("type", "address", "commitment", "erased_at", "chain_id", "node", "signature");
        receipt.GetProperty("type").GetString().Should().Be("erasure_receipt");
        receipt.GetProperty("address").GetString().Should().Be(holder.Id);
        receipt.GetProperty("commitment").GetString().Should().Be(opening.GetProperty("commitment").GetString());
        receipt.GetProperty("erased_at").GetString().Should().Be("2027-06-15T18:00:00.000Z");
        receipt.GetProperty("chain_id").GetString().Should().Be(DevelopmentChain.ChainId);
        VerifiesAsTheNodes(receipt).Should().BeTrue();
        await Node.AskRefusedAsync(holder, HttpMethod.Get, Path(holder), "", HttpStatusCode.NotFound, "not_found");
        Node.Clock.Advance(TimeSpan.FromSeconds(1));
        await Node.AskRefusedAsync(holder, HttpMethod.Delete, Path(holder), "", HttpStatusCode.NotFound, "not_found");
    }

    [Fact] // S1.8
    public async Task Putting_again_replaces_and_makes_a_new_salt()
    {
        var holder = Node.KeepAccount();
        var first = await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);
        Node.Clock.Advance(TimeSpan.FromSeconds(1));

        var second = await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);

        second.GetProperty("salt").GetString().Should().NotBe(first.GetProperty("salt").GetString());
        second.GetProperty("commitment").GetString().Should().NotBe(first.GetProperty("commitment").GetString());
        (await Node.AskSignedAsync(holder, HttpMethod.Delete, Path(holder))).GetProperty("commitment").GetString().Should().Be(second.GetProperty("commitment").GetString());
    }

    [Fact] // S0.9, S1.8
    public async Task A_profile_given_with_a_new_account_is_its_identity_and_is_free_again_once_erased()
    {
        const string Body = """{"profile":{"name":"Given at creation"}}""";
        var created = await Node.Api.PostAsync("/accounts", Body);
        Address.TryParse(created.GetProperty("address").GetString(), out var address).Should().BeTrue();
        using var holder = Wallet.Kept(address, created.GetProperty("secret").GetString()!);

        (await Node.AskSignedAsync(holder, HttpMethod.Get, Path(holder))).GetProperty("name").GetString().Should().Be("Given at creation");
        await Node.Api.PostRefusedAsync("/accounts", Body, HttpStatusCode.Conflict, "account_exists");
        await Node.AskSignedAsync(holder, HttpMethod.Delete, Path(holder));

        await Node.Api.PostAsync("/accounts", Body);
    }

    [Fact]
    public async Task Nobody_else_reads_writes_or_erases_it()
    {
        var holder = Node.OwnAccount("identity holder");
        var other = Node.KeepAccount();
        await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);

        foreach (var (method, body) in new[] { (HttpMethod.Put, Ada), (HttpMethod.Get, ""), (HttpMethod.Delete, "") })
        {
            await Node.AskRefusedAsync(other, method, Path(holder), body, HttpStatusCode.Forbidden, "not_account_owner");
            using var unsigned = await Node.Api.SendAsync(method, Path(holder), body.Length == 0 ? null : body);
            await unsigned.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "signature_missing");
            await Node.AskRefusedAsync(holder, method, "/accounts/me/identity", body, HttpStatusCode.BadRequest, "invalid_field");
        }

        (await Node.AskSignedAsync(holder, HttpMethod.Get, Path(holder))).GetProperty("name").GetString().Should().Be("Ada Lovelace");
    }

    [Fact]
    public async Task A_token_erases_once()
    {
        var holder = Node.OwnAccount("identity twice");
        await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);
        var token = SignedRequestClient.Header(holder.Prove(Node.Claims(holder, HttpMethod.Delete, Path(holder))));
        using var first = await Node.Api.SendAsync(HttpMethod.Delete, Path(holder), null, token);

        using var again = await Node.Api.SendAsync(HttpMethod.Delete, Path(holder), null, token);

        first.StatusCode.Should().Be(HttpStatusCode.OK);
        await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");
    }

    [Fact]
    public async Task An_identity_has_16_KiB_at_the_most()
    {
        var holder = Node.OwnAccount("identity large");
        var room = 16_384 - """{"a":""}""".Length;

        await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), $$"""{"a":"{{new string('x', room)}}"}""");
        await Node.AskRefusedAsync(holder, HttpMethod.Put, Path(holder), $$"""{"a":"{{new string('y', room + 1)}}"}""", HttpStatusCode.RequestEntityTooLarge, "too_large");
        await Node.AskRefusedAsync(holder, HttpMethod.Put, Path(holder), $$"""{"a":"{{new string('y', 1024 * 1024)}}"}""", HttpStatusCode.RequestEntityTooLarge, "too_large");

        (await Node.AskSignedAsync(holder, HttpMethod.Get, Path(holder))).GetProperty("a").GetString().Should().HaveLength(room).And.StartWith("x");

        var escaped = string.Concat(Enumerable.Repeat("\\u0041", 4_000));
        (await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), $$"""{"a":"{{escaped}}"}""")).GetProperty("commitment").GetString().Should().HaveLength(64, "the canonical form counts");
    }

    [Theory]
    [InlineData("{}", null)]
    [InlineData("""{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}}}""", null)]
    [InlineData("""{"height":1.75,"weight":7.0e1}""", null)]
    [InlineData("[]", "malformed_json")]
    [InlineData("\"Ada\"", "malformed_json")]
    [InlineData("{", "malformed_json")]
    [InlineData("""{"a":"\ud800"}""", "malformed_json")]
    [InlineData("""{"a":1,"a":1}""", "duplicate_key")]
    [InlineData("""{"passport":12345678901234567890}""", "invalid_field")]
    [InlineData("""{"height":1e999}""", "invalid_field")]
    public async Task An_identity_is_any_object_that_can_be_given_back_as_it_is(string body, string? code)
    {
        var holder = Node.OwnAccount(body);

        if (code is null) await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), body);
        else await Node.AskRefusedAsync(holder, HttpMethod.Put, Path(holder), body, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData(62, null)]
    [InlineData(63, "invalid_field")]
    [InlineData(64, "malformed_json")]
    public async Task An_identity_is_as_deep_as_can_be_shown_at_a_gate(int inside, string? code)
    {
        var holder = Node.OwnAccount($"identity {inside} deep");
        var body = string.Concat(Enumerable.Repeat("""{"a":""", inside)) + "{}" + new string('}', inside);

        if (code is not null)
        {
            await Node.AskRefusedAsync(holder, HttpMethod.Put, Path(holder), body, HttpStatusCode.BadRequest, code);
            return;
        }

        var salt = (await Node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), body)).GetProperty("salt").GetString();
        using var read = await Node.SendSignedAsync(holder, HttpMethod.Get, Path(holder));
        (await read.Content.ReadAsStringAsync()).Should().Be(body);
        using var shown = new StringContent($$"""{"ticket_id":"{{new string('0', 32)}}","owner":"{{holder.Id}}","identity":{{body}},"salt":"{{salt}}"}""", Encoding.UTF8, "application/json");
        using var verified = await Node.Api.Http.PostAsync("/tickets/verify", shown);
        verified.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_full_vault_is_said_to_be_full()
    {
        using var node = new NodeFactory(settings: [("Node:VaultRecords", "1")]);
        var (holder, other) = (node.KeepAccount(), node.OwnAccount("other"));
        await node.AskSignedAsync(holder, HttpMethod.Put, Path(holder), Ada);

        await node.AskRefusedAsync(other, HttpMethod.Put, Path(other), Ada, HttpStatusCode.ServiceUnavailable, "vault_full");
        await node.Api.PostRefusedAsync("/accounts", """{"profile":{"name":"Bob"}}""", HttpStatusCode.ServiceUnavailable, "vault_full");
    }

    private static string Path(Wallet holder) => $"/accounts/{holder.Id}/identity";

    // From the contract alone, with the platform's own ECDSA.
    private bool VerifiesAsTheNodes(JsonElement receipt)
    {
        var signature = receipt.GetProperty("signature");
        signature.GetProperty("scheme").GetString().Should().Be("p256");
        var point = Convert.FromHexString(signature.GetProperty("public_key").GetString()!);
        Address.Of(new PublicKey(point.AsSpan(1))).Should().Be(Node.Node.Self);
        receipt.GetProperty("node").GetString().Should().Be(Node.Node.Self.ToString());
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[1..33], Y = point[33..] } });
        var signed = CanonicalJson.Write(CanonicalJson.Parse(Encoding.UTF8.GetBytes(receipt.GetRawText())).Value.Without("signature"));
        return key.VerifyData(signed, Convert.FromHexString(signature.GetProperty("signature").GetString()!), HashAlgorithmName.SHA256);
    }
}
