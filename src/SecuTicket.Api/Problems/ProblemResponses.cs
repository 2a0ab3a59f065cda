using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Problems;

/// <summary>Composes everything that makes a refusal a problem.</summary>
public static class ProblemResponses
{
    /// <summary>Lets controllers answer malformed path and query values with a problem, and leaves bare statuses to the middleware.</summary>
    public static IServiceCollection AddProblems(this IServiceCollection services) => services.PostConfigure<ApiBehaviorOptions>(options =>
    {
        options.SuppressMapClientErrors = true;
        options.InvalidModelStateResponseFactory = context => new ProblemResult(FromModelState(context.ModelState));
    });

    /// <summary>Turns exceptions and bare statuses of all that follows into problems.</summary>
    /// <remarks>What Kestrel can not read as HTTP at all (request line, headers) reaches no middleware: it answers those with a bare 400 or 505.</remarks>
    public static IApplicationBuilder UseProblems(this IApplicationBuilder app) => app.UseMiddleware<ProblemMiddleware>();

    /// <summary>Serves <c>GET /problems</c> and <c>GET /problems/{code}</c>: what a problem's <c>type</c> leads to.</summary>
    public static IEndpointRouteBuilder MapProblems(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/problems", () => Results.Json(ProblemTable.All, ProblemJson.Readable.IReadOnlyListProblemEntry))
            .ExcludeFromDescription();
        routes.MapGet(ProblemTable.PathPrefix + "{code}", (string code) => ProblemTable.Contains(code)
                ? Results.Json(ProblemTable.Of(code), ProblemJson.Readable.ProblemEntry)
                : new ProblemResult(new Refusal("not_found", "No problem has that code. GET /problems lists all.")))
            .ExcludeFromDescription();
        return routes;
    }

    private static Problem FromModelState(ModelStateDictionary state)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (key, entry) in state)
        {
            if (entry.Errors.Count == 0) continue;
            var field = JsonNamingPolicy.SnakeCaseLower.ConvertName(key);
            errors[field] = [.. entry.Errors.Select(error => error.ErrorMessage.Length > 0 ? error.ErrorMessage : "The value could not be read.")];
        }

        var detail = errors.Count == 0 ? "A value could not be read." : $"{errors.Keys.First()}: {errors.Values.First()[0]}";
        return Problem.Of("invalid_field", detail, errors);
    }
}
