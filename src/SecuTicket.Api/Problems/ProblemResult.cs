using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;
using SecuTicket.Api.Answers;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Problems;

/// <summary>Answers with a problem, from a controller and from a minimal endpoint alike.</summary>
public sealed class ProblemResult : IActionResult, IResult
{
    private static readonly ObjectPool<AnswerBuffer> Buffers = AnswerBuffer.Pool(ProblemJson.Readable.Options.Encoder);

    /// <summary>Answers with this problem.</summary>
    public ProblemResult(Problem problem) => Problem = problem;

    /// <summary>Answers with why something was refused.</summary>
    public ProblemResult(Refusal refusal)
        : this(Problem.Of(refusal.Code, refusal.Detail, ErrorsOf(refusal)))
    {
    }

    /// <summary>What is sent.</summary>
    public Problem Problem { get; }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, Problem);

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context) => WriteAsync(context.HttpContext, Problem);

    /// <summary>Writes the whole answer: status, headers, body. Nothing of it may have been sent yet.</summary>
    internal static Task WriteAsync(HttpContext context, Problem problem)
    {
        context.Features.Set(problem);
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.ContentType = Problem.MediaType;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";

        // RFC 9110, 10.2.3: when to come again, where whoever refused did not say it more exactly.
        if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable && response.Headers.RetryAfter.Count == 0) response.Headers.RetryAfter = "1";

        // RFC 9110, 15.5.2: a 401 names the scheme that would do. Not Basic: no browser may ask for a secret.
        if (problem.Status == StatusCodes.Status401Unauthorized) response.Headers[HeaderNames.WWWAuthenticate] = "SecuTicket";
        return AnswerBuffer.SendAsync(Buffers, context, problem, ProblemJson.Readable.Problem);
    }

    private static Dictionary<string, string[]>? ErrorsOf(Refusal refusal)
    {
        if (refusal.Faults.Count > 0)
            return refusal.Faults.GroupBy(fault => fault.Field, StringComparer.Ordinal).ToDictionary(faults => faults.Key, faults => faults.Select(fault => fault.Message).ToArray(), StringComparer.Ordinal);

        return refusal.Field is { } field ? new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [refusal.Detail] } : null;
    }
}
