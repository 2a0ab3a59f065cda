namespace SecuTicket.Api.Hosting;

/// <summary>What the process ends with.</summary>
public static class ExitCode
{
    /// <summary>Stopped because it was asked to.</summary>
    public const int Stopped = 0;

    /// <summary>A bug: the log has the stack trace.</summary>
    public const int Failed = 1;

    /// <summary>A setting is wrong: the message names it.</summary>
    public const int Misconfigured = 2;

    /// <summary>Something the node needs is taken or missing: a port in use, a data directory of another process.</summary>
    public const int Unavailable = 3;
}
