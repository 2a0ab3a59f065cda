using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Swagger;

/// <summary>Writes into the OpenAPI document what the actions' attributes say: raw bodies with examples, query values, who must sign, what is answered, and every refusal.</summary>
internal sealed class DocumentationFilter : IOperationFilter
{
    /// <summary>Extension: the type of the transactions an operation takes, for the page's signing script.</summary>
    public const string TransactionTypeExtension = "x-transaction-type";

    /// <summary>Extension: the operation wants <c>Authorization: SecuTicket …</c>.</summary>
    public const string SignedRequestExtension = "x-signed-request";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var attributes = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var refusals = new HashSet<string>(Refusals.OfAll);
        DocumentLayout.Group(operation, context.ApiDescription);
        operation.RequestBody = null;

        // A body that says nothing is better left out, and browsers send none with GET.
        if (attributes.OfType<DocumentedBodyAttribute>().FirstOrDefault() is { } body && context.ApiDescription.HttpMethod != HttpMethods.Get)
        {
            if (body.Document != typeof(EmptyDocument)) operation.RequestBody = RequestBodyOf(body, context);
            refusals.UnionWith(Refusals.OfBodies);
        }

        if (attributes.OfType<TransactionBodyAttribute>().FirstOrDefault() is { } transaction)
        {
            Extend(operation, TransactionTypeExtension, transaction.TransactionType);
            Require(operation, SwaggerSetup.AccountScheme, context.Document);
            refusals.UnionWith(Refusals.OfTransaction(transaction.TakesAnyType ? TransactionBodyAttribute.AnyType : transaction.TransactionType));
            Submissions.Describe(operation, transaction, context);
        }

        if (attributes.OfType<SignedRequestAttribute>().Any())
        {
            Extend(operation, SignedRequestExtension, true);
            operation.Description = $"{operation.Description}\n\nSigned: `Authorization: SecuTicket` and a token, the base64url of a JSON object that names this one request and is signed as a transaction is (docs/protocol.md). This page makes it.".TrimStart();
            Require(operation, SwaggerSetup.AccountScheme, context.Document);
            refusals.UnionWith(Refusals.OfSignedRequests);
        }

        if (attributes.OfType<AdminOnlyAttribute>().Any())
        {
            Require(operation, SwaggerSetup.AdminScheme, context.Document);
            refusals.UnionWith(Refusals.OfAdministration);
        }

        Submissions.DescribeWaiting(operation);
        KeepJsonOnly(operation);
        DescribeParameters(operation, attributes, context.ApiDescription.RelativePath ?? "", refusals);
        if (attributes.OfType<RefusesAttribute>().FirstOrDefault() is { } more) refusals.UnionWith(more.Codes);
        foreach (var entries in ProblemTable.All.Where(entry => refusals.Contains(entry.Code)).GroupBy(entry => entry.Status)) AddRefusal(operation, entries.Key, [.. entries], context);
    }

    private static OpenApiRequestBody RequestBodyOf(DocumentedBodyAttribute body, OperationFilterContext context)
    {
        var schema = context.SchemaGenerator.GenerateSchema(body.Document, context.SchemaRepository);
        var example = JsonNode.Parse(body.Example)!.AsObject();
        if (body is TransactionBodyAttribute)
        {
            foreach (var (field, value) in ExampleIds.Common()) example.TryAdd(field, value?.DeepClone());
        }

        var content = body.IsBatch
            ? new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create(OneLine(example)) }
            : new OpenApiMediaType { Schema = schema, Example = example };
        return new OpenApiRequestBody
        {
            Required = !body.IsOptional,
            Content = new Dictionary<string, IOpenApiMediaType> { [body.IsBatch ? BodyRule.LinesMediaType : BodyRule.JsonMediaType] = content },
        };
    }

    private static string OneLine(JsonNode example) => example.ToJsonString(JsonSerializerOptions.Default) + "\n";

    // What is answered is JSON whatever the client would accept; the framework's defaults name more than that.
    private static void KeepJsonOnly(OpenApiOperation operation)
    {
        foreach (var response in (operation.Responses ?? []).Values.OfType<OpenApiResponse>())
        {
            if (response.Content is { Count: > 1 } content && content.TryGetValue(BodyRule.JsonMediaType, out var json))
                response.Content = new Dictionary<string, IOpenApiMediaType> { [BodyRule.JsonMediaType] = json };
        }
    }

    private static void DescribeParameters(OpenApiOperation operation, IList<object> attributes, string path, HashSet<string> refusals)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path) ?? [])
        {
            refusals.Add(RefusalCodes.NotFound);
            parameter.Example ??= ExampleOf(parameter.Name, path);
        }

        foreach (var query in attributes.OfType<DocumentedQueryAttribute>())
        {
            var parameter = Parameter(query.Name, ParameterLocation.Query, query.Type, query.Description);
            parameter.Required = query.IsRequired;
            parameter.Example = query.Example is null ? null : JsonValue.Create(query.Example);
            Add(operation, parameter);
        }

        if (!attributes.OfType<PagedAttribute>().Any()) return;
        var limit = Parameter("limit", ParameterLocation.Query, JsonSchemaType.Integer, $"Items of the page, 1..{QueryReader.MaxLimit}; {QueryReader.DefaultLimit} when left out.");
        limit.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = $"{QueryReader.MaxLimit}" };
        Add(operation, limit);
        Add(operation, Parameter("after", ParameterLocation.Query, JsonSchemaType.String, "The next of the page before."));
    }

    private static JsonNode? ExampleOf(ProblemEntry entry) =>
        JsonSerializer.SerializeToNode(Problem.Of(entry.Code, "What was found, what was expected, and what to do about it."), ProblemJson.Readable.Problem);

    private static JsonNode? ExampleOf(string? name, string path) => name switch
    {
        "address" => ExampleIds.Account,
        "id" when path.StartsWith("tickets/", StringComparison.Ordinal) => ExampleIds.Ticket,
        "id" when path.StartsWith("events/", StringComparison.Ordinal) => ExampleIds.Event,
        "id" when path.StartsWith("transactions/", StringComparison.Ordinal) => ExampleIds.Transaction,
        "id" when path.StartsWith("chain/blocks/", StringComparison.Ordinal) || path.StartsWith("chain/headers/", StringComparison.Ordinal) => "0",
        _ => null,
    };

    internal static OpenApiParameter Parameter(string name, ParameterLocation location, JsonSchemaType type, string description) =>
        new() { Name = name, In = location, Description = description, Schema = new OpenApiSchema { Type = type } };

    internal static void Add(OpenApiOperation operation, OpenApiParameter parameter) => (operation.Parameters ??= []).Add(parameter);

    private static void Extend(OpenApiOperation operation, string name, JsonNode value) =>
        (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[name] = new JsonNodeExtension(value);

    private static void Require(OpenApiOperation operation, string scheme, OpenApiDocument document) =>
        (operation.Security ??= []).Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });

    private static void AddRefusal(OpenApiOperation operation, int status, IReadOnlyList<ProblemEntry> entries, OperationFilterContext context)
    {
        operation.Responses ??= [];
        var key = $"{status}";
        if (operation.Responses.ContainsKey(key)) return;

        var content = new OpenApiMediaType
        {
            Schema = context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository),
            Example = ExampleOf(entries[0]),
        };
        operation.Responses[key] = new OpenApiResponse
        {
            Description = string.Join(", ", entries.Select(entry => $"`{entry.Code}`")),
            Content = new Dictionary<string, IOpenApiMediaType> { [Problem.MediaType] = content },
        };
    }
}
