using Microsoft.AspNetCore.Connections;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Settings.Configuration;

namespace SecuTicket.Api.Hosting;

/// <summary>Composes Serilog as the only log, from section <c>Serilog</c> of the configuration.</summary>
/// <remarks>Done through Serilog's own parts: Serilog.AspNetCore does not restore everywhere (docs/decisions); the request line it would write is <see cref="RequestLog"/>.</remarks>
public static class StructuredLogs
{
    /// <summary>Replaces the host's logging.</summary>
    public static WebApplicationBuilder AddStructuredLogs(this WebApplicationBuilder builder)
    {
        var readers = new ConfigurationReaderOptions(typeof(ConsoleLoggerConfigurationExtensions).Assembly, typeof(FileLoggerConfigurationExtensions).Assembly);
        Logger logger = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration, readers)
            .Enrich.FromLogContext()
            .Filter.ByExcluding(IsExplainedOnStandardError)
            .CreateLogger();
        builder.Logging.ClearProviders().AddSerilog(logger, dispose: true);
        return builder;
    }

    /// <summary>The host logs a start-up failure with its stack trace; what <see cref="NodeProcess"/> says in a sentence needs none.</summary>
    private static bool IsExplainedOnStandardError(LogEvent logged) =>
        logged.Exception is StartupRefusedException or IOException { InnerException: AddressInUseException };
}
