using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Hosting;

/// <summary>Composes the controllers with what they use of the framework and nothing else: what is left out would be done, and its memory taken, for every request.</summary>
/// <remarks>
/// Left out: authentication, authorisation, CORS and formatters, which no route uses (<see cref="Administration.AdminGuard"/> is a filter of its own); the readers of forms, which would
/// read a body before <see cref="BodyReader"/> judges its size and type; the checks of bound values where an action has none to bind.
/// </remarks>
public static class LeanControllers
{
    /// <summary>Registers the controllers of this assembly.</summary>
    public static IMvcCoreBuilder AddLeanControllers(this IServiceCollection services) => services.AddMvcCore(static options =>
    {
        options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
        options.Filters.Clear();
        options.Conventions.Add(new NothingBound());
    }).AddApiExplorer();

    /// <summary>Whether a route of these controllers takes the request: no page, no file, no path that is not there.</summary>
    public static bool IsForAction(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ControllerActionDescriptor>() is not null;

    /// <summary>Keeps the framework from putting its authorisation into every request: it does so by itself as soon as interactive pages are registered, which bring it along.</summary>
    public static IApplicationBuilder UseNoAuthorization(this IApplicationBuilder app)
    {
        // By which it knows that the program has put it in place.
        app.Properties["__AuthorizationMiddlewareSet"] = true;
        return app;
    }

    /// <summary>Leaves an action without parameters the filters that its own attributes are.</summary>
    private sealed class NothingBound : IActionModelConvention
    {
        public void Apply(ActionModel action)
        {
            if (action.Parameters.Count > 0) return;

            foreach (var filter in action.Filters.Where(filter => filter is not Attribute).ToArray()) action.Filters.Remove(filter);
        }
    }
}
