using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

public sealed class AccountsTests(EmptyNode empty) : IClassFixture<EmptyNode>
{
    [Theory] // S0.9
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"profile":{}}""")]
    [InlineData("""{"profile":{"name":"Zoë","born":"1990-02-01"}}""")]
    public async Task A_new_account_has_an_address_and_a_secret_that_work_at_once(string? body)
    {
        using var node = new NodeFactory();

        using var answer = await node.Api.SendAsync(HttpMethod.Post, "/accounts", body);

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        json.EnumerateObject().Select(property => property.Name).Should().Equal("address", "secret");
        var secret = json.GetProperty("secret").GetString()!;
        secret.Should().MatchRegex("^[0-9a-f]{64}$");
        answer.Headers.Location!.ToString().Should().Be($"/accounts/{json.GetProperty("address").GetString()}");
        Address.TryParse(json.GetProperty("address").GetString(), out var address).Should().BeTrue();
        using var wallet = Wallet.Kept(address, secret);
        await node.TopUpAsync(wallet, 10);
        await node.Api.PostAsync("/transactions", wallet, "transfer", new { recipient = node.Node.Self.ToString(), amount = 10 });
    }

    [Fact] // S0.9
    public async Task A_second_account_of_one_identity_is_refused_however_it_is_written_and_without_one_there_are_many()
    {
        using var node = new NodeFactory();
        await node.Api.PostAsync("/accounts", """{"profile":{"name":"A. Person","born":"1990-02-01"}}""");

        await node.Api.PostRefusedAsync("/accounts", """{ "profile": { "born": "1990-02-01", "name": "A. Person" } }""", HttpStatusCode.Conflict, "account_exists");
        await node.Api.PostAsync("/accounts", """{"profile":{"name":"A. Person","height":1.75}}""");
        await node.Api.PostRefusedAsync("/accounts", """{"profile":{"height":175e-2,"name":"A. Person"}}""", HttpStatusCode.Conflict, "account_exists");
        await node.Api.PostAsync("/accounts", """{"profile":{"name":"A. Person","born":"1990-02-02"}}""");
        (await node.Api.PostAsync("/accounts", "{}")).GetProperty("address").GetString().Should().NotBe((await node.Api.PostAsync("/accounts", "{}")).GetProperty("address").GetString());
    }

    [Theory]
    [InlineData("{", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("[]", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("null", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("""{"profile":{"a":1,"a":1}}""", HttpStatusCode.BadRequest, "duplicate_key")]
    [InlineData("""{"profile":1}""", HttpStatusCode.BadRequest, "invalid_field")]
    [InlineData("""{"profile":null}""", HttpStatusCode.BadRequest, "invalid_field")]
    [InlineData("""{"profile":{"height":1e999}}""", HttpStatusCode.BadRequest, "invalid_field")]
    [InlineData("""{"profile":{"a":"\ud800"}}""", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("""{"profile":{},"secret":"mine"}""", HttpStatusCode.BadRequest, "unknown_field")]
    public async Task A_wrong_body_makes_no_account(string body, HttpStatusCode status, string code)
    {
        var node = empty.Node;
        var before = node.Node.Accounts.Count;

        await node.Api.PostRefusedAsync("/accounts", body, status, code);

        node.Node.Accounts.Count.Should().Be(before);
    }

    [Fact]
    public async Task Bodies_have_a_size_and_a_type()
    {
        using var node = new NodeFactory();

        await node.Api.PostRefusedAsync("/accounts", $$$"""{"profile":{"note":"{{{new string('x', 65_536)}}}"}}""", HttpStatusCode.RequestEntityTooLarge, "too_large");
        await node.Api.PostRefusedAsync("/accounts", $$$"""{"profile":{"note":"{{{new string('x', 16_384)}}}"}}""", HttpStatusCode.BadRequest, "invalid_field");
        using var form = await node.Api.Http.PostAsync("/accounts", new StringContent("{}", Encoding.UTF8, "text/plain"));
        await form.ShouldBeProblemAsync(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        using var bytes = new ByteArrayContent([0x7b, 0xff, 0x7d]) { Headers = { { "Content-Type", "application/json" } } };
        using var notUtf8 = await node.Api.Http.PostAsync("/accounts", bytes);
        await notUtf8.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Fact]
    public async Task An_address_is_derived_from_a_key()
    {
        using var node = new NodeFactory();

        // vectors.json, keys[0].
        const string Key = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
        var derived = await node.Api.GetAsync($"/accounts/derive?public_key={Key}");
        var upper = await node.Api.GetAsync($"/accounts/derive?public_key={Key.ToUpperInvariant()}");

        derived.GetProperty("address").GetString().Should().Be("0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD");
        upper.GetProperty("address").GetString().Should().Be("0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD");
        foreach (var query in new[] { "", "?public_key=", $"?public_key={Key[..^2]}", $"?public_key={Key[..^1]}4", $"?public_key=04{new string('0', 128)}", $"?public_key=03{Key[2..66]}", $"?public_key={Key}&public_key={Key}", $"?public_key=04{new string('f', 128)}" })
            await node.Api.GetRefusedAsync($"/accounts/derive{query}", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact] // S4.6
    public async Task A_top_up_brings_money_in_once_for_each_reference()
    {
        using var node = new NodeFactory();
        var fan = node.KeepAccount();
        var path = $"/accounts/{fan.Id}/top-up";

        var answer = await node.Api.PostAsync(path, """{"amount":20000,"reference":"payment 1"}""");
        await node.Api.PostRefusedAsync(path, """{"amount":20000,"reference":"payment 1"}""", HttpStatusCode.Conflict, "reference_used");
        await node.SealAsync();
        await node.Api.PostRefusedAsync(path, """{"amount":1,"reference":"payment 1"}""", HttpStatusCode.Conflict, "reference_used");
        await node.Api.PostAsync($"/accounts/{fan.Id.ToLowerInvariant()}/top-up", """{"amount":1,"reference":"payment 2"}""");
        await node.SealAsync();

        answer.GetProperty("status").GetString().Should().Be("pending");
        answer.GetProperty("block_index").GetInt64().Should().Be(1);
        answer.GetProperty("message").GetString().Should().Be("Transaction will be added to block 1");
        answer.GetProperty("transaction_id").GetString().Should().MatchRegex("^[0-9a-f]{64}$");
        node.Node.Snapshot.Chain.Ledger.BalanceOf(fan.Address).Should().Be(20_001);
    }

    [Fact]
    public async Task A_top_up_waits_when_asked_to()
    {
        using var node = new NodeFactory(settings: [("Mining:Enabled", "true"), ("Mining:MinPending", "1")]);
        var fan = node.KeepAccount();

        using var answer = await node.Api.SendAsync(HttpMethod.Post, $"/accounts/{fan.Id}/top-up", """{"amount":5,"reference":"r"}""", ("Prefer", "wait=30"));

        answer.StatusCode.Should().Be(HttpStatusCode.Created);
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString().Should().Be("confirmed");
    }

    [Fact]
    public async Task A_wrong_top_up_is_refused()
    {
        using var node = new NodeFactory();
        var fan = node.KeepAccount();
        var path = $"/accounts/{fan.Id}/top-up";
        var swapped = string.Concat(fan.Id.Select(character => char.IsAsciiLetterUpper(character) ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character)));

        foreach (var amount in new[] { "0", "-1", "1.0", "1e3", "\"1\"", "9007199254740992", "null" })
            await node.Api.PostRefusedAsync(path, $$"""{"amount":{{amount}},"reference":"r"}""", HttpStatusCode.BadRequest, "invalid_field");
        foreach (var reference in new[] { "", new string('x', 65), "a\\u0000" })
            await node.Api.PostRefusedAsync(path, $$"""{"amount":1,"reference":"{{reference}}"}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostRefusedAsync(path, """{"amount":1}""", HttpStatusCode.BadRequest, "missing_field");
        await node.Api.PostRefusedAsync(path, "{}", HttpStatusCode.BadRequest, "missing_field");
        await node.Api.PostRefusedAsync(path, """{"amount":1,"reference":"r","nonce":"1234567812345678"}""", HttpStatusCode.BadRequest, "unknown_field");
        await node.Api.PostRefusedAsync(path, "", HttpStatusCode.BadRequest, "malformed_json");
        foreach (var address in new[] { "me", "0x" + swapped[2..], fan.Id[..^1] })
            await node.Api.PostRefusedAsync($"/accounts/{address}/top-up", """{"amount":1,"reference":"r"}""", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.PostAsync(path, """{"amount":9007199254740991,"reference":"all there can be"}""");
        await node.Api.PostRefusedAsync(path, """{"amount":1,"reference":"one too many"}""", HttpStatusCode.UnprocessableEntity, "supply_exceeded");
    }

    [Fact]
    public async Task Only_administrators_bring_money_in()
    {
        using var node = new NodeFactory(settings: [("Node:AdminKey", "the key of this test")]);
        var path = $"/accounts/{node.KeepAccount().Id}/top-up";
        const string Body = """{"amount":1,"reference":"r"}""";
        node.Remote = IPAddress.Parse("203.0.113.9");

        await node.Api.PostRefusedAsync(path, Body, HttpStatusCode.Forbidden, "admin_only");
        using var wrong = await node.Api.SendAsync(HttpMethod.Post, path, Body, ("Authorization", "Bearer another key"));
        await wrong.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "admin_only");
        using var right = await node.Api.SendAsync(HttpMethod.Post, path, Body, ("Authorization", "Bearer the key of this test"));
        right.StatusCode.Should().Be(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_node_without_an_exchange_authoritys_key_says_so()
    {
        using var folder = new SpecFolder($$"""
            {"chain_id":"own","currency":"EUR","engine":"proof-of-work","exchange_authorities":["{{DevelopmentChain.Spec.ExchangeAuthorities[0]}}"],
             "genesis_time":1767225600000,"proof_of_work":{"difficulty":0},"reward":0}
            """);
        using var node = new NodeFactory(settings: [("Node:ChainSpec", folder.File)]);

        await node.Api.PostRefusedAsync($"/accounts/{node.KeepAccount().Id}/top-up", """{"amount":1,"reference":"r"}""", HttpStatusCode.Forbidden, "not_exchange_authority");
        (await node.Api.Http.GetStringAsync("/wallet")).Should().Contain("data-money aria-disabled=\"true\"", "nobody is offered what is refused");
    }
}
