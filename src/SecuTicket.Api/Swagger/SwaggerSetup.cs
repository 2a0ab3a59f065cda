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

    private const string Introduction =
        """
        A ticketing ledger: every change is a transaction, signed by whoever makes it and checked by every node. This page signs what you press, with the secret of
        the account chosen in the bar on top or under **Authorize**; the secret itself never leaves the page. The examples work as they stand: they show the last
        event, ticket and accounts seen here.

        | | Press, from top to bottom | Sign as |
        |-|-|-|
        | 1 | `POST /accounts` four times: organiser, fan A, fan B, gate. They appear in the bar on top | nobody |
        | 2 | `POST /accounts/{address}/top-up` for each fan | fan A, then fan B |
        | 3 | `POST /events`, then `POST /tickets` | organiser |
        | 4 | `POST /mine` puts what waits into a block at once, here and after every step | anybody |
        | 5 | `POST /tickets/purchase`, `GET /tickets/{id}`, then `POST /tickets/list` to resell it | fan A |
        | 6 | `POST /tickets/purchase`, then `GET /tickets/{id}/code`: what fan B shows at the gate | fan B |
        | 7 | `POST /gate/scan` within 30 seconds, then `POST /tickets/redeem` | gate |
        | 8 | `GET /tickets/{id}/history`, `GET /chain/validate` | nobody |

        Left out of the examples, and filled in when they are sent: `sender`, `nonce`, `valid_until`, `type`, `chain_id` and `hmac`. Refusals are
        `application/problem+json`; their `code` is stable and `detail` says what to do.
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
                Description = "An account this node keeps: its address (0x…) as user name, its secret (64 hex digits) as password. Used inside the Swagger page to sign; never sent.",
            });
            options.AddSecurityDefinition(AdminScheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The node's admin key (Node:AdminKey). Not needed from this machine in Development.",
            });
            options.OrderActionsBy(DocumentLayout.SortKey);
            options.AddSchemaFilterInstance(new PresenceFilter());
            options.AddOperationFilterInstance(new DocumentationFilter());
            options.AddDocumentFilterInstance(new DocumentLayout());
            if (File.Exists(Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.xml"))) options.IncludeXmlComments(typeof(SwaggerSetup).Assembly, includeControllerXmlComments: true);
        });
    }

    /// <summary>Serves <c>/swagger</c> and <c>/swagger/v1/swagger.json</c>.</summary>
    /// <remarks>Both look at every request that passes, and one has the document's generator made for it.</remarks>
    public static IApplicationBuilder UseSwaggerPages(this IApplicationBuilder app) =>
        app.UseWhen(static context => context.Request.Path.StartsWithSegments("/swagger"), static pages => UsePages(pages));

    /// <summary>The names and leniencies of every JSON this process writes.</summary>
    public static void ApplyNames(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
    }

    private static void UsePages(IApplicationBuilder pages)
    {
        pages.UseSwagger();
        pages.UseSwaggerUI(static options =>
        {
            options.DocumentTitle = "SecuTicket API";
            options.SwaggerEndpoint("/swagger/v1/swagger.json", "SecuTicket v1");
            options.InjectJavascript("./sign.js", "module");
            options.InjectJavascript("./page.js", "module");
            options.InjectStylesheet("./page.css");
            options.ConfigObject.Plugins = ["SecuTicketDialog"];

            // Should the script not load, these fail and nothing is sent at all: a Basic header can not slip out.
            options.UseRequestInterceptor("(request) => { return globalThis.SecuTicketPage.sign(request); }");
            options.UseResponseInterceptor("(response) => { return globalThis.SecuTicketPage.remember(response); }");
            options.EnableTryItOutByDefault();
            options.DisplayRequestDuration();
            options.DocExpansion(DocExpansion.List);
            options.DefaultModelsExpandDepth(-1);
        });
    }
}
