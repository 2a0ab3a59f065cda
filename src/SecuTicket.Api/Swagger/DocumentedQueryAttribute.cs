using Microsoft.OpenApi;

namespace SecuTicket.Api.Swagger;

/// <summary>A query value an action reads itself (through <see cref="Queries.QueryReader"/>), so that the OpenAPI document names it.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class DocumentedQueryAttribute : Attribute
{
    /// <summary>Documents a query value.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="type">What its text is.</param>
    /// <param name="description">What it does, with its default.</param>
    public DocumentedQueryAttribute(string name, JsonSchemaType type, string description)
    {
        Name = name;
        Type = type;
        Description = description;
    }

    /// <summary>The parameter.</summary>
    public string Name { get; }

    /// <summary>What its text is.</summary>
    public JsonSchemaType Type { get; }

    /// <summary>What it does, with its default.</summary>
    public string Description { get; }

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; set; }

    /// <summary>A value that works; filled in by the Swagger page.</summary>
    public string? Example { get; set; }
}

/// <summary>An action that answers a page: documents <c>limit</c> and <c>after</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PagedAttribute : Attribute;
