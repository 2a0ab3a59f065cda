using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Hosting;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Composition;

/// <summary>Composes what reading needs beside its controllers.</summary>
public static class ReadComposition
{
    /// <summary>Registers how ready-made JSON is documented, and the node's measurements. After the node, which they measure.</summary>
    public static IServiceCollection AddReads(this IServiceCollection services)
    {
        services.Configure<SwaggerGenOptions>(static options => options.MapType<RawJson>(static () => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() }));
        return services.AddHostedService<NodeMetrics>();
    }
}
