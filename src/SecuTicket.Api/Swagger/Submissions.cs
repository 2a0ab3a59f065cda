using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Swagger;

/// <summary>Documents what posting a transaction answers, and that one may wait for it.</summary>
internal static class Submissions
{
    private const string Created = "201";
    private const string Known = "200";

    /// <summary>An operation that takes transactions.</summary>
    public static void Describe(OpenApiOperation operation, TransactionBodyAttribute transaction, OperationFilterContext context)
    {
        operation.Responses ??= [];
        if (transaction.IsBatch)
        {
            var lines = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create($"{Example(transaction).ToJsonString()}\n") };
            operation.Responses[Known] = Response("One verdict a line, in the order of the transactions; status is also `refused`, with code and detail.", BodyRule.LinesMediaType, lines);
            return;
        }

        var schema = context.SchemaGenerator.GenerateSchema(typeof(SubmissionAnswer), context.SchemaRepository);
        var answer = new OpenApiMediaType { Schema = schema, Example = Example(transaction) };
        operation.Responses[Created] = Response("It is durable and waits for a block; with `Prefer: wait=N`, as it stands then. Its place is in `Location`.", BodyRule.JsonMediaType, answer);
        ((OpenApiResponse)operation.Responses[Created]).Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Location"] = new OpenApiHeader { Description = "`/transactions/{id}`, where it is from now on.", Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
        };
        operation.Responses[Known] = Response("The same transaction again: as it stands now.", BodyRule.JsonMediaType, answer);
    }

    /// <summary>Names the header by which the client of a write waits, where it has one.</summary>
    public static void DescribeWaiting(OpenApiOperation operation)
    {
        if (operation.Responses is null || !operation.Responses.TryGetValue(Created, out var created)) return;
        if (created.Content is null || !created.Content.TryGetValue(BodyRule.JsonMediaType, out var answer)) return;
        if (answer.Schema is not OpenApiSchemaReference { Reference.Id: nameof(SubmissionAnswer) }) return;

        DocumentationFilter.Add(operation, DocumentationFilter.Parameter(
            "Prefer", ParameterLocation.Header, JsonSchemaType.String, $"Optional. `wait=N`: answer once it is decided, or after N seconds (at most {TransactionIntake.MaxWaitSeconds})."));
    }

    private static OpenApiResponse Response(string description, string mediaType, OpenApiMediaType content) =>
        new() { Description = description, Content = new Dictionary<string, IOpenApiMediaType> { [mediaType] = content } };

    private static JsonObject Example(TransactionBodyAttribute transaction)
    {
        var answer = new JsonObject
        {
            ["transaction_id"] = ExampleIds.Transaction,
            ["status"] = "pending",
            ["block_index"] = 7,
            ["message"] = "Transaction will be added to block 7",
        };
        if (transaction.TransactionType == CreateEventDocument.TransactionType) answer["event_id"] = ExampleIds.Event;
        if (transaction.TransactionType == IssueTicketsDocument.TransactionType) answer["ticket_ids"] = new JsonArray(ExampleIds.Ticket);
        return answer;
    }
}
