using Serilog;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace SecuTicket.Api.Hosting;

/// <summary>Composes Serilog as the only log, from section <c>Serilog</c> of the configuration.</summary>
public static class StructuredLogs
{
    /// <summary>What the framework would say of every request beside <see cref="RequestLog"/>. As long as anyone could hear it, the framework makes an activity and two scopes for each of them.</summary>
    private static readonly string[] OfEveryRequest = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Mvc.Infrastructure"];

    /// <summary>Replaces the host's logging.</summary>
    public static WebApplicationBuilder AddStructuredLogs(this WebApplicationBuilder builder)
    {
        var readers = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly);
        var configuration = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration, readers)
            .Enrich.FromLogContext()
            // The host logs a start-up failure with its stack trace; what NodeProcess says in a sentence needs none.
            .Filter.ByExcluding(logged => logged.Exception is { } fault && NodeProcess.Explain(fault, builder.Configuration) is not null);
        foreach (var category in OfEveryRequest) configuration.MinimumLevel.Override(category, LevelAlias.Off);
        builder.Services.AddSerilog(configuration.CreateLogger(), dispose: true);
        return builder;
    }
}
