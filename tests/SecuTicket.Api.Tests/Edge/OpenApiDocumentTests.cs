using System.Net;
using System.Text.Json;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>The OpenAPI document of the whole node: every route of the contract, told well enough to be used without any other page.</summary>
public sealed class OpenApiDocumentTests : IClassFixture<OpenApiDocumentTests.Document>
{
    /// <summary>The contract's routes (API.md), but for the tables "offline gates, identity, proof" and the pages themselves.</summary>
    private const string Contract =
        """
        POST /accounts
        GET /accounts/{address}
        GET /accounts/{address}/tickets
        GET /accounts/{address}/transactions
        GET /accounts/derive
        POST /accounts/{address}/top-up
        PUT /accounts/{address}/identity
        GET /accounts/{address}/identity
        DELETE /accounts/{address}/identity
        PUT /accounts/{address}/contact
        GET /accounts/{address}/messages
        POST /events/{id}/messages
        POST /events
        GET /events
        GET /events/{id}
        GET /events/{id}/tickets
        GET /events/{id}/stats
        GET /events/{id}/public
        POST /events/cancel
        PUT /events/{id}/delegation
        GET /organisers/{address}/certificate
        PUT /organisers/{address}/certificate
        DELETE /organisers/{address}/certificate
        POST /tickets
        POST /tickets/sell
        POST /tickets/purchase
        POST /tickets/transfer
        POST /tickets/list
        POST /tickets/unlist
        POST /tickets/return
        POST /tickets/redeem
        POST /tickets/revoke
        GET /tickets/{id}
        GET /tickets/{id}/history
        GET /tickets/{id}/proof
        POST /tickets/verify
        POST /gate/scan
        GET /tickets/{id}/code
        GET /gate/roster
        POST /gate/receipts
        GET /events/{id}/gate-report
        POST /events/{id}/gate-pairings
        GET /events/{id}/gate-pairings
        POST /gate/pair
        POST /transactions
        POST /transactions/batch
        GET /transactions/{id}
        GET /transactions/{id}/proof
        GET /transactions/pending
        POST /mine
        GET /mine
        GET /chain
        GET /chain/blocks/{id}
        GET /chain/headers
        GET /chain/headers/{id}
        GET /chain/spec
        GET /chain/export
        GET /chain/validate
        GET /blocks
        POST /blocks
        GET /validators
        GET /validators/schedule
        POST /stake
        POST /unstake
        POST /validators/report
        POST /nodes/register
        GET /nodes
        DELETE /nodes
        POST /nodes/resolve
        GET /nodes/resolve
        GET /info
        POST /transactions/new
        POST /transaction
        GET /transactionPool
        GET /blockchain
        POST /miner/register
        POST /miner/nodes/resolve
        GET /miner/nodes/resolve
        POST /shutdown
        GET /health/live
        GET /health/ready
        GET /metrics
        GET /stream
        """;

    private static readonly string[] Methods = ["get", "post", "put", "delete", "patch"];

    private readonly JsonElement _document;
    private readonly JsonSchema _schemas;
    private readonly (string Route, JsonElement Body)[] _operations;

    public OpenApiDocumentTests(Document document)
    {
        _document = document.Root;
        _schemas = new JsonSchema(_document);
        _operations =
        [
            .. _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
                .Where(member => Methods.Contains(member.Name)).Select(member => ($"{member.Name.ToUpperInvariant()} {path.Name}", member.Value))),
        ];
    }

    [Fact]
    public void Every_route_of_the_contract_is_documented_and_no_other() =>
        _operations.Select(operation => operation.Route).Should().BeEquivalentTo(Contract.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    [Fact]
    public void Every_operation_says_what_it_does_and_stands_in_one_described_group()
    {
        var groups = _document.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("name").GetString()!, tag => tag.GetProperty("description").GetString()!);

        groups.Values.Should().OnlyContain(description => description.Length > 10);
        foreach (var (route, operation) in _operations)
        {
            operation.GetProperty("summary").GetString().Should().MatchRegex("^[A-Z].{9,}[^.]$", route);
            groups.Should().ContainKey(operation.GetProperty("tags").EnumerateArray().Should().ContainSingle(route).Subject.GetString()!, route);
        }
    }

    [Fact]
    public void Groups_and_operations_stand_in_the_order_of_a_tickets_life()
    {
        _document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString())
            .Should().Equal("Accounts", "Events", "Tickets", "Gate", "Mining", "Stakes", "Transactions", "Chain", "Nodes", "Health", "Tutorial names");
        _operations.Select(operation => operation.Route).Where(route => route is "POST /accounts" or "POST /events" or "POST /tickets" or "POST /tickets/purchase" or "POST /gate/scan" or "POST /mine")
            .Should().Equal("POST /accounts", "POST /events", "POST /tickets", "POST /tickets/purchase", "POST /gate/scan", "POST /mine");
    }

    [Fact]
    public void Every_body_has_an_example_that_its_schema_accepts()
    {
        foreach (var (route, operation) in _operations)
        {
            if (!operation.TryGetProperty("requestBody", out var body)) continue;
            foreach (var content in body.GetProperty("content").EnumerateObject())
                _schemas.Faults(content.Value.GetProperty("schema"), content.Value.GetProperty("example")).Should().BeEmpty(route);
        }

        // The batch's lines are transactions like any other.
        var line = Operation("POST /transactions/batch").GetProperty("requestBody").GetProperty("content").GetProperty("application/x-ndjson").GetProperty("example").GetString()!;
        var any = Operation("POST /transactions").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        _schemas.Faults(any, JsonDocument.Parse(line).RootElement).Should().BeEmpty();
    }

    [Theory]
    [InlineData("POST /accounts", false)]
    [InlineData("POST /blocks", false)]
    [InlineData("POST /events", true)]
    public void A_body_is_required_unless_it_may_be_left_out(string route, bool isRequired) =>
        Operation(route).GetProperty("requestBody").TryGetProperty("required", out _).Should().Be(isRequired);

    [Fact]
    public void Every_path_value_has_an_example_and_every_query_value_says_what_it_does()
    {
        foreach (var (route, operation) in _operations)
        {
            if (!operation.TryGetProperty("parameters", out var parameters)) continue;
            foreach (var parameter in parameters.EnumerateArray())
            {
                var named = $"{route} {parameter.GetProperty("name").GetString()}";
                if (parameter.GetProperty("in").GetString() == "path") parameter.GetProperty("example").GetString().Should().NotBeNullOrEmpty(named);
                else parameter.GetProperty("description").GetString().Should().NotBeNullOrEmpty(named);
            }
        }
    }

    [Fact]
    public void Every_success_has_a_schema_and_examples_that_it_accepts()
    {
        foreach (var (route, operation) in _operations)
        {
            var successes = operation.GetProperty("responses").EnumerateObject().Where(response => response.Name.StartsWith('2')).ToArray();
            successes.Should().NotBeEmpty(route);
            foreach (var success in successes.Where(response => response.Name != "204"))
            {
                var content = success.Value.GetProperty("content").EnumerateObject().Should().ContainSingle($"{route} {success.Name}").Subject;
                content.Value.TryGetProperty("schema", out var schema).Should().BeTrue($"{route} {success.Name}");
                if (content.Value.TryGetProperty("example", out var example)) _schemas.Faults(schema, example).Should().BeEmpty(route);
            }
        }
    }

    [Fact]
    public async Task What_is_answered_has_what_its_schema_requires_and_nothing_else()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        var (ticket, id) = (stage.Tickets[0], stage.EventId);
        foreach (var (route, path) in new[]
        {
            ("/tickets/{id}", $"/tickets/{ticket}"), ("/tickets/{id}", $"/tickets/{stage.Tickets[1]}"), ("/tickets/{id}/history", $"/tickets/{ticket}/history"), ("/tickets/{id}/proof", $"/tickets/{ticket}/proof"),
            ("/events", "/events"), ("/events/{id}", $"/events/{id}"), ("/events/{id}/tickets", $"/events/{id}/tickets"), ("/events/{id}/stats", $"/events/{id}/stats"), ("/events/{id}/public", $"/events/{id}/public"),
            ("/accounts/{address}", $"/accounts/{stage.Fan.Id}"), ("/accounts/{address}/tickets", $"/accounts/{stage.Fan.Id}/tickets"), ("/accounts/{address}/transactions", $"/accounts/{stage.Fan.Id}/transactions"),
            ("/chain", "/chain"), ("/chain/headers", "/chain/headers"), ("/chain/blocks/{id}", "/chain/blocks/1"), ("/chain/validate", "/chain/validate"), ("/blocks", "/blocks"), ("/transactions/pending", "/transactions/pending"),
            ("/info", "/info"), ("/nodes", "/nodes"), ("/organisers/{address}/certificate", $"/organisers/{stage.Organiser.Id}/certificate"),
        })
        {
            var schema = Operation($"GET {route}").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");

            _schemas.Faults(schema, await stage.Node.Api.GetAsync(path)).Should().BeEmpty(path);
        }

        _document.GetProperty("components").GetProperty("schemas").GetProperty("TicketContract").GetProperty("required").EnumerateArray().Select(static name => name.GetString()).Should().Contain(["id", "status", "price"]);
    }

    [Fact]
    public void What_may_be_left_out_of_a_request_may_not_be_null()
    {
        var resale = _document.GetProperty("components").GetProperty("schemas").GetProperty("CreateEventDocument").GetProperty("properties");

        foreach (var field in (string[])["time_zone", "sellers", "event_key", "sale_opens_at", "hmac"]) resale.GetProperty(field).TryGetProperty("nullable", out _).Should().BeFalse(field);
    }

    [Fact]
    public void Every_refusal_is_a_problem_that_names_its_codes()
    {
        foreach (var (route, operation) in _operations)
        {
            var refusals = operation.GetProperty("responses").EnumerateObject().Where(response => !response.Name.StartsWith('2')).ToArray();
            refusals.Select(refusal => refusal.Name).Should().Contain(["400", "429"], route);
            foreach (var refusal in refusals)
            {
                var problem = refusal.Value.GetProperty("content").GetProperty("application/problem+json");
                _schemas.Faults(problem.GetProperty("schema"), problem.GetProperty("example")).Should().BeEmpty(route);
                refusal.Value.GetProperty("description").GetString().Should().Contain($"`{problem.GetProperty("example").GetProperty("code").GetString()}`", route);
                problem.GetProperty("example").GetProperty("status").GetInt32().ToString().Should().Be(refusal.Name, route);
            }
        }
    }

    [Theory]
    [InlineData("POST /tickets/purchase", "price_above_max", "insufficient_funds", "ticket_not_available", "wrong_chain", "pool_full")]
    [InlineData("POST /tickets/list", "price_above_cap", "reseller_not_allowed", "resale_limit", "not_holder")]
    [InlineData("POST /tickets/redeem", "not_gate", "already_redeemed", "event_cancelled")]
    [InlineData("POST /transactions", "rules_worse", "price_above_cap", "not_gate")]
    [InlineData("POST /accounts", "account_exists")]
    [InlineData("GET /tickets/{id}/code", "not_holder", "signature_missing")]
    [InlineData("POST /mine", "admin_only", "not_forger")]
    [InlineData("POST /stake", "no_stakes", "stake_too_small", "insufficient_funds", "slashed", "too_many_validators")]
    [InlineData("POST /unstake", "no_stakes", "insufficient_stake", "stake_too_small", "too_many_withdrawals")]
    [InlineData("POST /validators/report", "no_stakes", "invalid_evidence", "not_validator", "slashed")]
    [InlineData("GET /validators", "no_stakes")]
    [InlineData("GET /validators/schedule", "no_stakes")]
    public void An_operation_names_the_refusals_of_its_own_rules(string route, params string[] codes)
    {
        var named = string.Join(' ', Operation(route).GetProperty("responses").EnumerateObject().Select(response => response.Value.GetProperty("description").GetString()));

        foreach (var code in codes) named.Should().Contain($"`{code}`");
    }

    private JsonElement Operation(string route) => _operations.Single(operation => operation.Route == route).Body;

    /// <summary>The document as a node serves it.</summary>
    public sealed class Document : IAsyncLifetime
    {
        public JsonElement Root { get; private set; }

        public async Task InitializeAsync()
        {
            await using var node = new NodeFactory();
            var answer = await node.CreateClient().GetAsync("/swagger/v1/swagger.json");
            answer.StatusCode.Should().Be(HttpStatusCode.OK);
            Root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}
