using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Hosting;

/// <summary>Runs the process from start to stop and turns what its operator can change into one sentence and an exit code.</summary>
public static class NodeProcess
{
    /// <summary>Time for requests under way to end after SIGTERM. With what storage needs to close, the process is gone within five seconds.</summary>
    public static readonly TimeSpan StopTime = TimeSpan.FromSeconds(3);

    /// <summary>Makes the host stop within <see cref="StopTime"/> and leave faults to <see cref="RunAsync"/>.</summary>
    public static IServiceCollection AddNodeProcess(this IServiceCollection services) =>
        services.Configure<HostOptions>(static options => options.ShutdownTimeout = StopTime);

    /// <summary>Reads the configuration.</summary>
    /// <param name="compose">Reads it and makes the builder.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>The builder; null, when a sentence was written about why there is none: <see cref="ExitCode.Misconfigured"/>.</returns>
    public static WebApplicationBuilder? Compose(Func<WebApplicationBuilder> compose, TextWriter error)
    {
        try
        {
            return compose();
        }
        catch (Exception fault) when (fault is InvalidDataException or InvalidOperationException)
        {
            // What a settings file, or a setting of the log, that can not be read throws.
            error.WriteLine($"The configuration is wrong: {string.Join(' ', Causes(fault).Select(static cause => cause.Message))}");
            return null;
        }
    }

    /// <summary>Builds the application. All settings are checked here already, before anything is started.</summary>
    /// <param name="builder">The composed application.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>The application; or null and one of <see cref="ExitCode"/>, when a sentence was written about why not.</returns>
    public static (WebApplication? App, int ExitCode) Build(WebApplicationBuilder builder, TextWriter error)
    {
        if (OwnSettings.WithoutUnit(builder.Configuration) is { } unclear)
        {
            error.WriteLine(unclear);
            return (null, ExitCode.Misconfigured);
        }

        try
        {
            var app = builder.Build();
            app.Services.GetRequiredService<IStartupValidator>().Validate();

            // Some say what is wrong with their settings when they are made.
            app.Services.GetServices<IHostedService>();
            return (app, ExitCode.Stopped);
        }
        catch (Exception fault) when (Explain(fault, builder.Configuration) is not null)
        {
            var (sentence, exitCode) = Explain(fault, builder.Configuration)!.Value;
            error.WriteLine(sentence);
            return (null, exitCode);
        }
    }

    /// <summary>Starts, prints the banner once connections are accepted, and waits for SIGTERM, Ctrl+C or <c>POST /shutdown</c>.</summary>
    /// <param name="app">The composed application.</param>
    /// <param name="banner">What to print once it runs.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="started">What to do next, before waiting; told when the process stops.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(WebApplication app, Func<StartupBanner> banner, TextWriter output, TextWriter error, Func<CancellationToken, Task>? started = null)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception fault) when (Explain(fault, app.Configuration) is not null)
            {
                var (sentence, exitCode) = Explain(fault, app.Configuration)!.Value;
                await error.WriteLineAsync(sentence);
                return exitCode;
            }

            // A test's server has no addresses.
            var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            await banner().WriteAsync(output, addresses);
            if (started is not null) await started(app.Lifetime.ApplicationStopping);
            await app.WaitForShutdownAsync();
            return ExitCode.Stopped;
        }
    }

    /// <summary>A start-up failure in one sentence; null when it is a bug, whose stack trace is wanted.</summary>
    internal static (string Sentence, int ExitCode)? Explain(Exception fault, IConfiguration configuration) => fault switch
    {
        StartupRefusedException refused => (refused.Message, refused.ExitCode),
        StorageException damaged => (damaged.Message, ExitCode.Unavailable),
        OptionsValidationException invalid => ($"The configuration is wrong: {string.Join(" ", invalid.Failures)}", ExitCode.Misconfigured),
        InvalidOperationException when fault.TargetSite?.DeclaringType?.Name is "ConfigurationBinder" => ($"The configuration is wrong: {fault.Message}", ExitCode.Misconfigured),
        IOException { InnerException: AddressInUseException } => (
            $"The address {Listening(configuration)} is in use by another process: stop it, or choose another port with --urls http://127.0.0.1:5001.",
            ExitCode.Unavailable),
        SocketException { SocketErrorCode: SocketError.AccessDenied } => (
            $"This user may not listen on {Listening(configuration)}: choose a port above 1023 with --urls.", ExitCode.Unavailable),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => (
            $"The address {Listening(configuration)} is not one of this machine's: choose another with --urls.", ExitCode.Misconfigured),
        IOException { InnerException: SocketException inner } => Explain(inner, configuration),
        FormatException or InvalidOperationException or ArgumentOutOfRangeException when fault.TargetSite?.DeclaringType?.Name is "BindingAddress" or "AddressBinder" or nameof(IPEndPoint) =>
            ($"The address {Listening(configuration)} could not be read: {fault.Message}", ExitCode.Misconfigured),
        InvalidOperationException when fault.TargetSite?.DeclaringType?.Name is "ListenOptionsHttpsExtensions" => (
            $"The address {Listening(configuration)} needs a certificate: name one with --Kestrel:Certificates:Default:Path=…, or listen on http behind a proxy that has one.", ExitCode.Misconfigured),
        _ when IsOfCertificate(fault) => ($"The certificate to listen on {Listening(configuration)} with can not be used: {fault.Message} It is named by --Kestrel:Certificates:Default:Path=…, and its key, where that is another file, by --Kestrel:Certificates:Default:KeyPath=…", ExitCode.Misconfigured),
        _ => null,
    };

    // Whatever is thrown where the server reads its certificate and looks whether it is one of a server.
    private static bool IsOfCertificate(Exception fault) =>
        fault.StackTrace is { } trace && (trace.Contains("CertificateConfigLoader", StringComparison.Ordinal) || trace.Contains("HttpsConnectionMiddleware", StringComparison.Ordinal));

    private static IEnumerable<Exception> Causes(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException) yield return cause;
    }

    private static string Listening(IConfiguration configuration) => string.Join(';', ListeningAddresses.Of(configuration));
}
