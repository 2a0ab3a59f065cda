using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Swagger;

/// <summary>The order of the document and of the page made of it: a ticket's life from top to bottom, then what operators need, then other names for the same.</summary>
/// <remarks>A route that no group lists keeps its controller's tag and comes last, so that a new one is seen before it is placed.</remarks>
internal sealed class DocumentLayout : IDocumentFilter
{
    /// <summary>Extension: <see cref="ExampleIds"/>.</summary>
    public const string ExamplesExtension = "x-examples";

    /// <summary>Extension: the fields of every transaction that the page fills in, so that nobody has to type them.</summary>
    public const string FilledInExtension = "x-filled-in";

    private static readonly (string Name, string Description, string[] Routes)[] Groups =
    [
        ("Accounts", "Start here: accounts whose keys this node keeps, and money that enters.",
        [
            "POST /accounts", "POST /accounts/{address}/top-up", "GET /accounts/{address}", "GET /accounts/{address}/tickets", "GET /accounts/{address}/transactions",
            "PUT /accounts/{address}/identity", "GET /accounts/{address}/identity", "DELETE /accounts/{address}/identity", "PUT /accounts/{address}/contact",
            "GET /accounts/{address}/messages", "GET /accounts/derive",
        ]),
        ("Events", "What organisers do, and what anyone may see of it.",
        [
            "POST /events", "GET /events", "GET /events/{id}", "GET /events/{id}/tickets", "GET /events/{id}/stats", "GET /events/{id}/public", "POST /events/cancel", "PUT /events/{id}/delegation", "POST /events/{id}/messages",
            "GET /organisers/{address}/certificate", "PUT /organisers/{address}/certificate", "DELETE /organisers/{address}/certificate",
        ]),
        ("Tickets", "From issue to entry; every change is a transaction, which this page signs.",
        [
            "POST /tickets", "POST /tickets/purchase", "POST /tickets/sell", "POST /tickets/transfer", "POST /tickets/list", "POST /tickets/unlist", "POST /tickets/return",
            "POST /tickets/redeem", "POST /tickets/revoke", "GET /tickets/{id}", "GET /tickets/{id}/history", "GET /tickets/{id}/proof", "POST /tickets/verify",
        ]),
        ("Gate", "The code a holder shows, what the gate is told about it, and gates without a network.",
        [
            "GET /tickets/{id}/code", "POST /gate/scan", "GET /gate/roster", "POST /gate/receipts", "GET /events/{id}/gate-report",
            "POST /events/{id}/gate-pairings", "POST /gate/pair", "GET /events/{id}/gate-pairings",
        ]),
        ("Mining", "Puts what waits into a block now. Blocks also come by themselves, soon after something waits.", ["POST /mine", "GET /blocks", "POST /blocks"]),
        ("Stakes", "On chains of proof of stake: who makes the blocks, and coins put at stake for it.",
        [
            "GET /validators", "GET /validators/schedule", "POST /stake", "POST /unstake", "POST /validators/report",
        ]),
        ("Transactions", "Transactions of any type, and what became of them.",
        [
            "POST /transactions", "POST /transactions/batch", "GET /transactions/{id}", "GET /transactions/{id}/proof", "GET /transactions/pending",
        ]),
        ("Chain", "Blocks, and the proof that none of them was changed.",
        [
            "GET /chain", "GET /chain/blocks/{id}", "GET /chain/headers", "GET /chain/headers/{id}", "GET /chain/spec", "GET /chain/export", "GET /chain/validate", "GET /stream",
        ]),
        ("Nodes", "This node and the others.", ["GET /info", "GET /nodes", "POST /nodes/register", "DELETE /nodes", "POST /nodes/resolve", "POST /shutdown"]),
        ("Health", "For those who watch the node.", ["GET /health/live", "GET /health/ready", "GET /metrics"]),
        ("Tutorial names", "The same under the names that blockchain tutorials use.",
        [
            "GET /mine", "POST /transactions/new", "POST /transaction", "GET /transactionPool", "GET /blockchain", "POST /miner/register", "GET /nodes/resolve",
            "POST /miner/nodes/resolve", "GET /miner/nodes/resolve",
        ]),
    ];

    private static readonly Dictionary<string, (string Group, int Place)> Places = Groups
        .SelectMany(group => group.Routes.Select(route => (group.Name, route)))
        .Select((entry, place) => (entry.route, entry.Name, place))
        .ToDictionary(entry => entry.route, entry => (entry.Name, entry.place), StringComparer.Ordinal);

    /// <summary>What operations are sorted by.</summary>
    public static string SortKey(ApiDescription route) => Places.TryGetValue(RouteOf(route), out var found) ? $"{found.Place:D4}" : $"9999 {RouteOf(route)}";

    /// <summary>Puts an operation in its group.</summary>
    public static void Group(OpenApiOperation operation, ApiDescription route)
    {
        if (Places.TryGetValue(RouteOf(route), out var found)) operation.Tags = new HashSet<OpenApiTagReference> { new(found.Group) };
    }

    /// <inheritdoc/>
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        var operations = swaggerDoc.Paths.Values.SelectMany(path => path.Operations is { } all ? all.Values.AsEnumerable() : []);
        var used = operations.SelectMany(operation => operation.Tags is { } tags ? tags.AsEnumerable() : []).Select(tag => tag.Reference.Id).ToHashSet();
        swaggerDoc.Tags = Groups.Where(group => used.Contains(group.Name)).Select(group => new OpenApiTag { Name = group.Name, Description = group.Description }).ToHashSet();
        swaggerDoc.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        swaggerDoc.Extensions[ExamplesExtension] = new JsonNodeExtension(ExampleIds.ToJson());
        swaggerDoc.Extensions[FilledInExtension] = new JsonNodeExtension(new JsonArray([.. ExampleIds.Common().Select(field => JsonValue.Create(field.Key))]));
    }

    private static string RouteOf(ApiDescription route) => $"{route.HttpMethod} /{route.RelativePath?.TrimStart('/')}";
}
