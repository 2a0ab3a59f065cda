using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace SecuTicket.Api.Limits;

/// <summary>Keeps the framework from looking for a route's values in a form: it would read the body before <see cref="BodyReader"/> judges its size and type.</summary>
public static class BodiesAreReadRaw
{
    /// <summary>Takes the readers of forms away; no route has a form.</summary>
    public static void Apply(MvcOptions options)
    {
        options.ValueProviderFactories.RemoveType<FormValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<FormFileValueProviderFactory>();
        options.ValueProviderFactories.RemoveType<JQueryFormValueProviderFactory>();
    }
}
