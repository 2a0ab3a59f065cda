using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerUI;

namespace SecuTicket.Api.Swagger;

/// <summary>Composes the OpenAPI document and the Swagger page, which signs what it sends.</summary>
public static class SwaggerSetup
{
    /// <summary>HTTP Basic inside the page only: the user name is the account, the password its secret. Neither the scheme nor the secret is ever sent.</summary>
    public const string AccountScheme = "account";

    /// <summary>The node's admin key.</summary>
    public const string AdminScheme = "admin";

    private const string ScriptName = "sign.js";

    private const string Introduction =
        """
        A ticketing ledger: every change is a signed transaction that each node checks. To click through the life of a ticket:

        1. `POST /accounts` three times: an organiser and two fans. Keep each `address` and `secret`.
        2. **Authorize** with `account`: the address is the user name, the secret the password. From then on this page signs what it sends;
           the secret itself never leaves it. `sender`, `nonce`, `valid_until`, `type` and `chain_id` are filled in where they are missing.
        3. `POST /events`, `POST /tickets`; give a fan money with `POST /accounts/{address}/top-up`; authorize as the fan and `POST /tickets/purchase`.

        The ids in the examples stand for the last event, ticket and account this page has seen.
        """;

    /// <summary>Registers the document's generator; JSON names in it, as everywhere, are snake_case.</summary>
    public static IServiceCollection AddSwaggerPages(this IServiceCollection services)
    {
        services.Configure<Microsoft.AspNetCore.Mvc.JsonOptions>(static options => ApplyNames(options.JsonSerializerOptions));
        services.ConfigureHttpJsonOptions(static options => ApplyNames(options.SerializerOptions));
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(static options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo { Title = "SecuTicket", Version = "v1", Description = Introduction });
            options.SupportNonNullableReferenceTypes();
            options.AddSecurityDefinition(AccountScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "basic",
                Description = "An account this node keeps: its address (0x…) and its secret (64 hex digits). Used inside this page to sign; never sent.",
            });
            options.AddSecurityDefinition(AdminScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The node's admin key (Node:AdminKey). Not needed from this machine in Development.",
            });
            var filter = new DocumentationFilter();
            options.AddOperationFilterInstance(filter);
            options.AddDocumentFilterInstance(filter);
            if (File.Exists(Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.xml"))) options.IncludeXmlComments(typeof(SwaggerSetup).Assembly, includeControllerXmlComments: true);
        });
    }

    /// <summary>Serves <c>/swagger</c> and <c>/swagger/v1/swagger.json</c>.</summary>
    public static WebApplication UseSwaggerPages(this WebApplication app)
    {
        app.MapGet($"/swagger/{ScriptName}", static () => Results.Stream(OpenScript(), "text/javascript; charset=utf-8")).ExcludeFromDescription();
        app.UseSwagger();
        app.UseSwaggerUI(static options =>
        {
            options.DocumentTitle = "SecuTicket API";
            options.SwaggerEndpoint("/swagger/v1/swagger.json", "SecuTicket v1");
            options.InjectJavascript($"./{ScriptName}", "module");

            // Should the script not load, these fail and nothing is sent at all: a Basic header can not slip out.
            options.UseRequestInterceptor("(request) => { return globalThis.SecuTicketPage.sign(request); }");
            options.UseResponseInterceptor("(response) => { return globalThis.SecuTicketPage.remember(response); }");
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
            options.DocExpansion(DocExpansion.List);
            options.DefaultModelsExpandDepth(-1);
        });
        return app;
    }

    /// <summary>The names and leniencies of every JSON this process writes.</summary>
    public static void ApplyNames(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    /// <summary>The script travels inside the assembly: the page works from whatever folder the process is started in.</summary>
    private static Stream OpenScript() =>
        typeof(SwaggerSetup).Assembly.GetManifestResourceStream(ScriptName) ?? throw new InvalidOperationException($"{ScriptName} is not in the assembly.");
}
