using Microsoft.AspNetCore.Mvc.Filters;
using SecuTicket.Api.Problems;

namespace SecuTicket.Api.Administration;

/// <summary>Marks a controller or an action as administrative: <see cref="AdminGuard"/> decides before anything of the request is read.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AdminOnlyAttribute : Attribute, IAuthorizationFilter
{
    /// <inheritdoc/>
    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var verdict = context.HttpContext.RequestServices.GetRequiredService<AdminGuard>().Check(context.HttpContext);
        if (!verdict.IsAccepted) context.Result = new ProblemResult(verdict.Refusal);
    }
}
