using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Swagger;

/// <summary>Writes into the OpenAPI document what the actions' attributes say: raw bodies with examples, query values, who must sign, and every refusal.</summary>
internal sealed class DocumentationFilter : IOperationFilter, IDocumentFilter
{
    /// <summary>Extension: the type of the transactions an operation takes, for the page's signing script.</summary>
    public const string TransactionTypeExtension = "x-transaction-type";

    /// <summary>Extension: the operation wants <c>Authorization: SecuTicket …</c>.</summary>
    public const string SignedRequestExtension = "x-signed-request";

    /// <summary>Extension of the document: <see cref="ExampleIds"/>.</summary>
    public const string ExamplesExtension = "x-examples";

    private static readonly int[] TransactionRefusals = [401, 403, 404, 409, 413, 415, 422, 503];

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        swaggerDoc.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        swaggerDoc.Extensions[ExamplesExtension] = new JsonNodeExtension(ExampleIds.ToJson());
    }

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var attributes = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var refusals = new SortedSet<int> { 400, 429 };

        if (attributes.OfType<DocumentedBodyAttribute>().FirstOrDefault() is { } body)
        {
            operation.RequestBody = RequestBodyOf(body, context);
            refusals.UnionWith([413, 415]);
        }

        if (attributes.OfType<TransactionBodyAttribute>().FirstOrDefault() is { } transaction)
        {
            Extend(operation, TransactionTypeExtension, transaction.TransactionType);
            Require(operation, SwaggerSetup.AccountScheme, context.Document);
            Add(operation, Parameter("Prefer", ParameterLocation.Header, JsonSchemaType.String, "wait=N: answer once it is decided, or after N seconds (at most 30)."));
            refusals.UnionWith(TransactionRefusals);
        }

        if (attributes.OfType<SignedRequestAttribute>().Any())
        {
            Extend(operation, SignedRequestExtension, true);
            Require(operation, SwaggerSetup.AccountScheme, context.Document);
            refusals.UnionWith([401, 403, 404, 409]);
        }

        if (attributes.OfType<AdminOnlyAttribute>().Any())
        {
            Require(operation, SwaggerSetup.AdminScheme, context.Document);
            refusals.Add(403);
        }

        DescribeParameters(operation, attributes, context.ApiDescription.RelativePath ?? "", refusals);
        foreach (var status in refusals) AddRefusal(operation, status, context);
    }

    private static OpenApiRequestBody RequestBodyOf(DocumentedBodyAttribute body, OperationFilterContext context)
    {
        var schema = context.SchemaGenerator.GenerateSchema(body.Document, context.SchemaRepository);
        var example = JsonNode.Parse(body.Example)!;
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

    private static void DescribeParameters(OpenApiOperation operation, IList<object> attributes, string path, SortedSet<int> refusals)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path) ?? [])
        {
            refusals.Add(404);
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
        Add(operation, Parameter("limit", ParameterLocation.Query, JsonSchemaType.Integer, $"Items of the page, 1..{QueryReader.MaxLimit}; {QueryReader.DefaultLimit} when left out."));
        Add(operation, Parameter("after", ParameterLocation.Query, JsonSchemaType.String, "The next of the page before."));
    }

    private static JsonNode? ExampleOf(ProblemEntry entry) =>
        JsonSerializer.SerializeToNode(Problem.Of(entry.Code, "What was found, what was expected, and what to do about it."), ProblemJson.Readable.Problem);

    private static JsonNode? ExampleOf(string? name, string path) => name switch
    {
        "address" => ExampleIds.Account,
        "id" when path.StartsWith("tickets/", StringComparison.Ordinal) => ExampleIds.Ticket,
        "id" when path.StartsWith("events/", StringComparison.Ordinal) => ExampleIds.Event,
        _ => null,
    };

    private static OpenApiParameter Parameter(string name, ParameterLocation location, JsonSchemaType type, string description) =>
        new() { Name = name, In = location, Description = description, Schema = new OpenApiSchema { Type = type } };

    private static void Add(OpenApiOperation operation, OpenApiParameter parameter) => (operation.Parameters ??= []).Add(parameter);

    private static void Extend(OpenApiOperation operation, string name, JsonNode value) =>
        (operation.Extensions ??= new Dictionary<string, IOpenApiExtension>())[name] = new JsonNodeExtension(value);

    private static void Require(OpenApiOperation operation, string scheme, OpenApiDocument document) =>
        (operation.Security ??= []).Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] });

    private static void AddRefusal(OpenApiOperation operation, int status, OperationFilterContext context)
    {
        operation.Responses ??= [];
        var key = $"{status}";
        if (operation.Responses.ContainsKey(key)) return;

        var entries = ProblemTable.OfRequests.Where(entry => entry.Status == status).ToArray();
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
