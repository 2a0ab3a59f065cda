using System.CommandLine;
using System.Globalization;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate …</c></summary>
internal static class GateCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "gate",
        "A gate: let holders in, with or without a network.",
        GateInvite.Build(tool),
        GatePair.Build(tool),
        GateSync.Build(tool),
        GateScan.Build(tool),
        GateReport.Build(tool),
        GateStatus.Build(tool));

    /// <summary>Says why something that the gate keeps, or was sent, is not believed.</summary>
    /// <returns>The exit code: that of a failed check, unless the fault is one of a file, a wallet or the usage.</returns>
    public static int Fail(Run run, Refusal refusal) => run.Fail(refusal) is var exitCode and not ExitCode.Refused ? exitCode : ExitCode.NotVerified;

    /// <summary>How long ago the roster was last found fresh, by this device's clock.</summary>
    public static TimeSpan AgeOf(Run run, GatePin pin)
    {
        var since = run.Surroundings.Clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(pin.SyncedAt ?? 0);
        return since > TimeSpan.Zero ? since : TimeSpan.Zero;
    }

    /// <summary>A length of time for people.</summary>
    public static string Text(TimeSpan length) => length.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0} s")
        : length.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:0} min")
        : length.TotalDays < 2 ? string.Create(CultureInfo.InvariantCulture, $"{length.TotalHours:0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{length.TotalDays:0} days");
}
