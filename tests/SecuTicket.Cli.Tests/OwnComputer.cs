using System.Diagnostics;

namespace SecuTicket.Cli.Tests;

/// <summary>Somebody's computer on which the tool runs as a process of its own, with a home folder of its own.</summary>
internal sealed class OwnComputer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Folder { get; } = Directory.CreateTempSubdirectory("secuticket-own-").FullName;

    /// <summary>The node that the tool is told of; null for none that answers.</summary>
    public string? Node { get; set; }

    /// <summary>Runs the tool to its end.</summary>
    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        using var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output).WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return new CommandResult(process.ExitCode, output.ToArray(), await error);
    }

    /// <summary>Runs what must succeed.</summary>
    public async Task<CommandResult> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(0, "of secuticket {0}: {1}{2}", string.Join(' ', arguments), result.Text, result.Error);
        return result;
    }

    /// <summary>Starts the tool and leaves it running.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "secuticket.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("SECUTICKET_", StringComparison.Ordinal) || name.StartsWith("XDG_", StringComparison.Ordinal)).ToArray()) start.Environment.Remove(name);
        start.Environment["HOME"] = Folder;
        // Nothing listens on the port "discard".
        start.Environment["SECUTICKET_NODE"] = Node ?? "http://127.0.0.1:9";
        return Process.Start(start)!;
    }

    public void Delete() => Directory.Delete(Folder, recursive: true);
}
