using System.CommandLine;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Gates;

/// <summary>The arguments and options that the commands of a gate share.</summary>
internal sealed class GateSymbols
{
    /// <summary>The event.</summary>
    public Argument<string> Event { get; } = Symbols.Event();

    /// <summary>Where the gate keeps its files.</summary>
    public Option<string?> Directory { get; } = DirectoryOption();

    /// <summary>Both, in the order of the help page.</summary>
    public IEnumerable<Symbol> All => [Event, Directory];

    /// <summary>The event that was named.</summary>
    public EventId EventOf(Run run) => EventId.TryParse(run.Get(Event), out var id) ? id : throw new InvalidOperationException("The event's id was judged when the command line was read.");

    /// <summary>The folder of the event that was named.</summary>
    public GateFolder FolderOf(Run run) => new(PlaceOf(run, Directory, EventOf(run)));

    /// <summary><c>--gate-directory</c>.</summary>
    public static Option<string?> DirectoryOption() => new("--gate-directory")
    {
        Description = "The folder where this gate keeps roster and receipts of the event. [default: secuticket/gates/EVENT in XDG_DATA_HOME or ~/.local/share]",
        HelpName = "FOLDER",
    };

    /// <summary>The folder for an event: the one that was named, else one in the user's folder for data (XDG base directory specification; LOCALAPPDATA on Windows).</summary>
    public static string PlaceOf(Run run, Option<string?> directory, EventId id)
    {
        if (run.Get(directory) is { } named) return run.PathOf(named);

        // The specification: a path that is not absolute is to be ignored.
        var surroundings = run.Surroundings;
        var data = surroundings.Variable("XDG_DATA_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : OperatingSystem.IsWindows() && surroundings.Variable("LOCALAPPDATA") is { Length: > 0 } local ? local
            : Path.Combine(surroundings.HomeFolder, ".local", "share");
        return Path.Combine(data, "secuticket", "gates", id.ToString());
    }
}
