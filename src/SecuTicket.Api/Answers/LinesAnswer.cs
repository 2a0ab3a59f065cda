using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Answers;

/// <summary>Answers with one JSON value a line.</summary>
/// <param name="write">Writes the lines.</param>
internal sealed class LinesAnswer(Action<AnswerBuffer> write) : IActionResult
{
    // A thousand verdicts are some 200 KiB, too large for the heap's young part: without a pool each batch would bring a collection of everything nearer.
    private const int MaxKept = 1024 * 1024;
    private const int MaxCount = 16;

    private static readonly ObjectPool<AnswerBuffer> Buffers = AnswerBuffer.Pool(maxKept: MaxKept, maxCount: MaxCount);

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Response.ContentType = BodyRule.LinesMediaType;
        return AnswerBuffer.SendAsync(Buffers, context.HttpContext, write, static (buffer, lines) => lines(buffer));
    }
}
