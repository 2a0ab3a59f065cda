namespace SecuTicket.Api.Hosting;

/// <summary>The node can not start for a reason its operator can change; the message says what to do, and no stack trace is shown.</summary>
public sealed class StartupRefusedException : Exception
{
    /// <summary>Refuses to start.</summary>
    /// <param name="message">One sentence: what is wrong and what to do.</param>
    /// <param name="exitCode">One of <see cref="Hosting.ExitCode"/>.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public StartupRefusedException(string message, int exitCode = Hosting.ExitCode.Unavailable, Exception? cause = null)
        : base(message, cause) => ExitCode = exitCode;

    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; }
}
