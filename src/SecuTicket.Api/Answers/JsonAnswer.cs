using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;

namespace SecuTicket.Api.Answers;

/// <summary>Answers with one JSON value, written by generated code without the framework's content negotiation.</summary>
/// <typeparam name="T">The contract that is written.</typeparam>
/// <param name="value">What is answered.</param>
/// <param name="type">How it is written.</param>
/// <param name="status">The HTTP status.</param>
public sealed class JsonAnswer<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) : IActionResult
{
    private static readonly ObjectPool<AnswerBuffer> Small = AnswerBuffer.Pool();

    /// <summary>The path of what was created; null for none.</summary>
    public string? Location { get; init; }

    /// <summary>Where it is written first; answers that are often large have memory of their own.</summary>
    internal ObjectPool<AnswerBuffer> Buffers { private get; init; } = Small;

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        response.StatusCode = status;
        response.ContentType = JsonAnswer.MediaType;
        if (Location is not null) response.Headers.Location = Location;
        return AnswerBuffer.SendAsync(Buffers, context.HttpContext, value, type);
    }
}

/// <summary>What answers in JSON have in common.</summary>
internal static class JsonAnswer
{
    /// <summary>The type of their bodies.</summary>
    public const string MediaType = "application/json; charset=utf-8";
}
