using Microsoft.Extensions.DependencyInjection.Extensions;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Hosting;

/// <summary>Composes what lets an operator see the node: request log, metrics, health.</summary>
public static class Observability
{
    /// <summary>Registers <see cref="Metrics"/> and the process's own gauges.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        return services.AddSingleton<RequestMeter>().AddSingleton(static _ =>
        {
            var metrics = new Metrics();
            metrics.AddGauge("process_working_set_bytes", "Memory of the process.", static () => Environment.WorkingSet);
            metrics.AddGauge("process_cpu_seconds", "Processor time used since the start.", static () => Environment.CpuUsage.TotalTime.TotalSeconds);
            metrics.AddGauge("dotnet_gc_heap_bytes", "Managed memory in use.", static () => GC.GetTotalMemory(forceFullCollection: false));
            metrics.AddCounter("dotnet_gc_allocated_bytes_total", "Managed memory taken since the start, whether it is in use or not.", static () => GC.GetTotalAllocatedBytes());
            metrics.AddCounter("dotnet_gc_pause_seconds_total", "Time for which collections stopped the process.", static () => GC.GetTotalPauseDuration().TotalSeconds);
            var pauses = new CollectionPauses().Watch();
            metrics.AddGauge("dotnet_gc_longest_pause_seconds", "The longest of these times since the start.", () => pauses.Longest.TotalSeconds);
            return metrics;
        });
    }

    /// <summary>Logs and measures all that follows. Comes first, so that refusals are seen too.</summary>
    public static IApplicationBuilder UseObservability(this IApplicationBuilder app) => app.UseRequestLog().UseMiddleware<RequestWatch>();

    /// <summary>Serves <c>/health/live</c>, <c>/health/ready</c> and <c>/metrics</c>.</summary>
    /// <param name="routes">Where to.</param>
    /// <param name="isReady">Whether the node can take requests; a refusal answers 503 <c>not_ready</c> with its detail.</param>
    public static IEndpointRouteBuilder MapObservability(this IEndpointRouteBuilder routes, Func<Verdict> isReady)
    {
        routes.MapGet("/health/live", static () => Health("live")).WithTags("Health").WithSummary("The process runs")
            .Produces<HealthContract>();
        routes.MapGet("/health/ready", () => isReady() is { IsAccepted: false, Refusal: { } why }
            ? new ProblemResult(new Refusal("not_ready", why.Detail, RefusalKind.Transient))
            : Health("ready")).WithTags("Health").WithSummary("The node takes requests")
            .Produces<HealthContract>().WithMetadata(new RefusesAttribute("not_ready"));
        routes.MapGet("/metrics", static (Metrics metrics) => Results.Text(metrics.ToString(), Metrics.MediaType))
            .WithTags("Health").WithSummary("Measurements in the Prometheus text format")
            .Produces<string>(contentType: "text/plain");
        return routes;
    }

    private static IResult Health(string status) => Results.Text($$"""{"status":"{{status}}"}""", "application/json");
}

/// <summary>How the node is.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record HealthContract(string Status);
