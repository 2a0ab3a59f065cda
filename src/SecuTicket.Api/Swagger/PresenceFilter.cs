using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace SecuTicket.Api.Swagger;

/// <summary>Writes into schemas what may be missing: in an answer what is null and not wanted as such is left out, and all else is there; in a request what may be left out may not be null.</summary>
internal sealed class PresenceFilter : ISchemaFilter
{
    private static readonly HashSet<Type> Requests = WithParts(typeof(PresenceFilter).Assembly.GetTypes().Where(static type => type.IsClass && typeof(IBodyDocument).IsAssignableFrom(type)));

    /// <inheritdoc/>
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } properties } described) return;

        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!properties.TryGetValue(name, out var member)) continue;

            if (!Requests.Contains(context.Type))
            {
                if (nullability.Create(property).ReadState != NullabilityState.Nullable || property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never)
                    (described.Required ??= new HashSet<string>()).Add(name);
            }
            else if (member is OpenApiSchema optional && described.Required?.Contains(name) != true)
            {
                optional.Type &= ~JsonSchemaType.Null;
            }
        }
    }

    private static HashSet<Type> WithParts(IEnumerable<Type> types)
    {
        var all = new HashSet<Type>();
        var left = new Queue<Type>(types);
        while (left.TryDequeue(out var type))
        {
            if (!all.Add(type)) continue;

            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                var part = typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[^1] : property.PropertyType;
                if (part.Assembly == typeof(PresenceFilter).Assembly) left.Enqueue(part);
            }
        }

        return all;
    }
}
