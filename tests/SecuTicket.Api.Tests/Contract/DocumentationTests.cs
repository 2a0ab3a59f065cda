using System.Text.Json;
using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

public sealed class DocumentationTests(OpenApiDocumentTests.Document document) : IClassFixture<OpenApiDocumentTests.Document>
{
    // API.md, row by row, but for the offline gates' table and what has no JSON document of its own (Swagger, the problems' pages).
    private static readonly string[] Contract =
    [
        "POST /accounts", "GET /accounts/{address}", "GET /accounts/{address}/tickets", "GET /accounts/{address}/transactions", "GET /accounts/derive", "POST /accounts/{address}/top-up",
        "POST /events", "POST /tickets", "POST /tickets/sell", "POST /tickets/purchase", "POST /tickets/transfer", "POST /tickets/list", "POST /tickets/unlist", "POST /tickets/return",
        "POST /tickets/redeem", "POST /tickets/revoke", "POST /events/cancel", "PUT /events/{id}/delegation",
        "GET /events", "GET /events/{id}", "GET /events/{id}/tickets", "GET /events/{id}/stats", "GET /tickets/{id}", "GET /tickets/{id}/history", "POST /tickets/verify",
        "POST /gate/scan", "GET /tickets/{id}/code", "GET /gate/roster", "POST /gate/receipts", "GET /events/{id}/gate-report",
        "POST /transactions", "POST /transactions/batch", "GET /transactions/{id}", "GET /transactions/pending",
        "GET /validators", "GET /validators/schedule", "POST /stake", "POST /unstake", "POST /validators/report", "GET /chain/headers/{id}",
        "POST /mine", "GET /mine", "GET /chain", "GET /chain/blocks/{id}", "GET /chain/headers", "GET /chain/spec", "GET /chain/validate", "GET /blocks", "POST /blocks",
        "POST /nodes/register", "GET /nodes", "DELETE /nodes", "POST /nodes/resolve", "GET /nodes/resolve", "GET /info",
        "POST /transactions/new", "POST /transaction", "GET /transactionPool", "GET /blockchain", "POST /miner/register", "POST /miner/nodes/resolve", "GET /miner/nodes/resolve", "POST /shutdown",
        "GET /health/live", "GET /health/ready", "GET /metrics", "GET /stream",
    ];

    [Fact]
    public void Every_row_of_the_contract_is_documented_with_what_it_does_and_how_it_refuses()
    {
        var operations = OperationsOf(document.Root);

        operations.Keys.Should().Contain(Contract);
        foreach (var (name, operation) in operations)
        {
            operation.GetProperty("summary").GetString().Should().NotBeNullOrWhiteSpace("{0} says what it does", name);
            operation.GetProperty("tags").GetArrayLength().Should().BePositive();
        }
    }

    [Fact]
    public void Administrative_and_signed_routes_say_so()
    {
        var operations = OperationsOf(document.Root);

        Secured("admin").Should().BeEquivalentTo(
            "POST /accounts/{address}/top-up", "POST /mine", "GET /mine", "POST /blocks", "POST /nodes/register", "DELETE /nodes", "POST /nodes/resolve", "GET /nodes/resolve",
            "POST /miner/register", "POST /miner/nodes/resolve", "GET /miner/nodes/resolve", "POST /shutdown");
        operations.Where(operation => operation.Value.TryGetProperty("x-signed-request", out _)).Select(operation => operation.Key)
            .Should().BeEquivalentTo(
                "PUT /events/{id}/delegation", "GET /tickets/{id}/code", "PUT /organisers/{address}/certificate", "DELETE /organisers/{address}/certificate",
                "GET /events/{id}/gate-report", "POST /events/{id}/gate-pairings", "GET /events/{id}/gate-pairings", "POST /gate/pair",
                "PUT /accounts/{address}/identity", "GET /accounts/{address}/identity", "DELETE /accounts/{address}/identity",
                "PUT /accounts/{address}/contact", "GET /accounts/{address}/messages", "POST /events/{id}/messages");

        IEnumerable<string> Secured(string scheme) => operations
            .Where(operation => operation.Value.TryGetProperty("security", out var security) && security.EnumerateArray().Any(one => one.TryGetProperty(scheme, out _)))
            .Select(operation => operation.Key);
    }

    private static Dictionary<string, JsonElement> OperationsOf(JsonElement document) => document.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)))
        .ToDictionary(operation => operation.Item1, operation => operation.Value);
}
