namespace SecuTicket.Api.Swagger;

/// <summary>A body that is documented only: no code ever makes an instance of it, for bodies are read raw.</summary>
public interface IBodyDocument
{
    /// <summary>A JSON text that works when it is sent, with the ids of <see cref="ExampleIds"/>.</summary>
    static abstract string Example { get; }
}

/// <summary>The documented body of a transaction.</summary>
public interface ITransactionDocument : IBodyDocument
{
    /// <summary>The payload's <c>type</c>, or <see cref="TransactionBodyAttribute.AnyType"/> on the route that takes all of them.</summary>
    static abstract string TransactionType { get; }
}

/// <summary>Says which body an action reads raw, so that the OpenAPI document can.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class DocumentedBodyAttribute : Attribute
{
    private protected DocumentedBodyAttribute(Type document, string example)
    {
        Document = document;
        Example = example;
    }

    /// <summary>The record whose properties are the body's fields.</summary>
    public Type Document { get; }

    /// <summary>A body that works.</summary>
    public string Example { get; }

    /// <summary>Whether the body may be left out.</summary>
    public bool IsOptional { get; set; }

    /// <summary>Whether the body is several of them, one a line (<c>application/x-ndjson</c>).</summary>
    public bool IsBatch { get; set; }
}

/// <summary>An action that reads a body which is not a transaction.</summary>
/// <typeparam name="TDocument">The record whose properties are the body's fields.</typeparam>
public sealed class JsonBodyAttribute<TDocument> : DocumentedBodyAttribute
    where TDocument : IBodyDocument
{
    /// <summary>Documents the body.</summary>
    public JsonBodyAttribute()
        : base(typeof(TDocument), TDocument.Example)
    {
    }
}

/// <summary>An action that takes transactions: the Swagger page signs what is sent to it.</summary>
public abstract class TransactionBodyAttribute : DocumentedBodyAttribute
{
    /// <summary>Marks the route whose body names its own type.</summary>
    public const string AnyType = "any";

    private protected TransactionBodyAttribute(Type document, string example, string transactionType)
        : base(document, example) => TransactionType = transactionType;

    /// <summary>The type a body has that names none; <see cref="AnyType"/> when it must name it.</summary>
    public string TransactionType { get; }

    /// <summary>Whether a body may name another type.</summary>
    public bool TakesAnyType { get; set; }
}

/// <summary>An action that takes transactions of one type.</summary>
/// <typeparam name="TDocument">The record whose properties are the payload's fields.</typeparam>
public sealed class TransactionBodyAttribute<TDocument> : TransactionBodyAttribute
    where TDocument : ITransactionDocument
{
    /// <summary>Documents the body.</summary>
    public TransactionBodyAttribute()
        : base(typeof(TDocument), TDocument.Example, TDocument.TransactionType)
    {
    }
}

/// <summary>An action that is no transaction but must know who asks: <c>Authorization: SecuTicket …</c>, made by the Swagger page.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignedRequestAttribute : Attribute;
