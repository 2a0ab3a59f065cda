using System.Diagnostics;
using System.Text;
using SecuTicket.Cli.Wallets;

namespace SecuTicket.Cli.Tests;

/// <summary>What a command did.</summary>
internal sealed record CommandResult(int ExitCode, byte[] Output, string Error)
{
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The value on the line of the output that starts with a name and a tab.</summary>
    public string this[string name] => Text.Split('\n').Select(line => line.Split('\t')).Single(cells => cells.Length == 2 && cells[0] == name)[1];
}

/// <summary>Somebody's computer: a folder, an environment, a keyboard; the tool is run on it within the test's process.</summary>
internal sealed class Machine : IDisposable
{
    public Machine(string? node = null)
    {
        Folder = Directory.CreateTempSubdirectory("secuticket-cli-").FullName;
        if (node is not null) Variables["SECUTICKET_NODE"] = node;
    }

    public string Folder { get; }

    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>What is in standard input.</summary>
    public string Input { get; set; } = string.Empty;

    /// <summary>What a person at the terminal will type at hidden prompts; null where nobody can be asked.</summary>
    public Queue<string>? Typing { get; set; }

    public bool IsSeen { get; set; }

    public bool ErrorIsSeen { get; set; }

    /// <summary>Few, for the sake of the tests' time; null for as many as people get.</summary>
    public int? PassphraseRounds { get; set; } = 1_000;

    public HttpMessageHandler? Network { get; set; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public string DefaultWallet => Path.Combine(Folder, ".config", "secuticket", "wallet.pem");

    public string PathOf(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var exitCode = await CommandTree.RunAsync(arguments, new Surroundings
        {
            Output = output,
            Error = error,
            Input = new StringReader(Input),
            CanAsk = Typing is not null,
            IsSeen = IsSeen,
            ErrorIsSeen = ErrorIsSeen,
            PassphraseRounds = PassphraseRounds ?? WalletPem.Rounds,
            AskHidden = _ => (Typing ?? throw new InvalidOperationException("Somebody was asked where nobody can be.")).Dequeue(),
            Variable = Variables.GetValueOrDefault,
            WorkingFolder = Folder,
            HomeFolder = Folder,
            Network = Network,
            Clock = Clock,
        });
        return new CommandResult(exitCode, output.ToArray(), error.ToString());
    }

    /// <summary>Runs what must succeed.</summary>
    public async Task<CommandResult> DoAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(0, "of secuticket {0}: {1}", string.Join(' ', arguments), result.Error);
        return result;
    }

    /// <summary>Starts the tool as a process of its own on this computer, and leaves it running.</summary>
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
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Makes the wallet and gives its address.</summary>
    public async Task<string> OpenWalletAsync() => (await DoAsync("wallet", "new"))["address"];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
