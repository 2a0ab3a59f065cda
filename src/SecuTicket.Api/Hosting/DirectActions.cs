using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace SecuTicket.Api.Hosting;

/// <summary>Calls an action that has nothing to bind and no filters as what it is: a method that gives a result.</summary>
/// <remarks>
/// What the framework's invoker does around such a call is for binding, filters and values that are no results, and its states and their memory are there for each request all the same.
/// Routes, their order and their descriptions stay the framework's, and so does every action with a parameter or a filter.
/// </remarks>
public static class DirectActions
{
    private static readonly Func<object, object> Copy = typeof(object).GetMethod(nameof(MemberwiseClone), BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Func<object, object>>();

    private static readonly MethodInfo Making = typeof(DirectActions).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Calls these actions directly where that is the same.</summary>
    public static ControllerActionEndpointConventionBuilder CallDirectly(this ControllerActionEndpointConventionBuilder actions)
    {
        actions.Add(static endpoint =>
        {
            if (endpoint.Metadata.OfType<ControllerActionDescriptor>().FirstOrDefault() is not { } action || !IsDirect(action)) return;

            // Made when it is first called, as the framework's own: most routes are not called right after a start.
            var services = endpoint.ApplicationServices;
            var call = new Lazy<RequestDelegate>(() => (RequestDelegate)Making.MakeGenericMethod(action.ControllerTypeInfo).Invoke(null, [action, services])!);
            endpoint.RequestDelegate = context => call.Value(context);
        });
        return actions;
    }

    /// <summary>Whether a call of an action's method and its result are all there is to it.</summary>
    /// <remarks>The two attributes are filters to the framework, and filter nothing.</remarks>
    internal static bool IsDirect(ControllerActionDescriptor action) =>
        action is { Parameters.Count: 0, BoundProperties.Count: 0 }
        && action.FilterDescriptors.All(static one => one.Filter is ApiControllerAttribute or ProducesResponseTypeAttribute)
        && (action.MethodInfo.ReturnType == typeof(IActionResult) || action.MethodInfo.ReturnType == typeof(Task<IActionResult>));

    // Nothing that a controller asks for lives as long as a request, so no scope is made for one, and all of it is asked for once. Each request gets a copy of a controller made then:
    // its constructor would be called by reflection. Its context is a copy too, for what is bound and found wrong is noted there, and of these actions nothing is.
    private static RequestDelegate Make<T>(ControllerActionDescriptor action, IServiceProvider services)
        where T : ControllerBase
    {
        var first = ActivatorUtilities.CreateInstance<T>(services);
        var firstContext = new ControllerContext { ActionDescriptor = action };
        if (action.MethodInfo.ReturnType == typeof(IActionResult))
        {
            var answer = action.MethodInfo.CreateDelegate<Func<T, IActionResult>>();
            return context =>
            {
                var controller = Begun(context);
                return answer(controller).ExecuteResultAsync(controller.ControllerContext);
            };
        }

        var answerLater = action.MethodInfo.CreateDelegate<Func<T, Task<IActionResult>>>();
        return async context =>
        {
            var controller = Begun(context);
            await (await answerLater(controller)).ExecuteResultAsync(controller.ControllerContext);
        };

        T Begun(HttpContext context)
        {
            var controller = (T)Copy(first);
            controller.ControllerContext = (ControllerContext)Copy(firstContext);
            controller.ControllerContext.HttpContext = context;
            return controller;
        }
    }
}
