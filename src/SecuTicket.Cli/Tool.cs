using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>Makes commands that run in given surroundings. Everything a command does is in its handler, which gets a <see cref="Run"/>.</summary>
/// <param name="surroundings">The world outside.</param>
internal sealed class Tool(Surroundings surroundings)
{
    /// <summary>The options that every command takes.</summary>
    public GlobalOptions Globals { get; } = new();

    /// <summary>A command that does something.</summary>
    /// <param name="name">Its word on the command line.</param>
    /// <param name="description">What it does, for <c>--help</c>.</param>
    /// <param name="symbols">Its arguments and options, in the order of the help page.</param>
    /// <param name="handler">Does it, and gives the exit code.</param>
    public Command Command(string name, string description, IEnumerable<Symbol> symbols, Func<Run, CancellationToken, Task<int>> handler)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Add(argument);
            else command.Add((Option)symbol);
        }

        command.SetAction((parsed, cancellation) => RunAsync(handler, parsed, cancellation));
        return command;
    }

    /// <summary>A command that signs a transaction and posts it.</summary>
    /// <param name="name">Its word on the command line.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="handler">Does it, with the wallet open and the node known, and gives the exit code.</param>
    public Command Write(string name, string description, IEnumerable<Symbol> symbols, Func<Writing, CancellationToken, Task<int>> handler)
    {
        var options = new WriteOptions();
        return Command(name, description, [.. symbols, .. options.All], async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);
            if (!run.OpenWallet().TryGet(out var wallet, out refusal)) return run.Fail(refusal);

            using (wallet) return await handler(new Writing(run, client, wallet, options.Of(run)), cancellation);
        });
    }

    /// <summary>A command that asks the node for something and shows it.</summary>
    /// <param name="name">Its word on the command line.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="path">Path and query of what is asked for.</param>
    /// <param name="show">Shows it to people.</param>
    public Command Read(string name, string description, IEnumerable<Symbol> symbols, Func<Run, string> path, Action<Run, JsonElement> show) =>
        Command(name, description, symbols, async (run, cancellation) =>
            run.Connect().TryGet(out var client, out var refusal)
                ? run.Answer(await client.GetAsync(path(run), cancellation), answer => show(run, answer.Json))
                : run.Fail(refusal));

    /// <summary>A command that asks the node, as the wallet's holder, for what is not everybody's.</summary>
    /// <param name="name">Its word on the command line.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its arguments and options.</param>
    /// <param name="handler">Does it, with the wallet open and the node known, and gives the exit code.</param>
    public Command Ask(string name, string description, IEnumerable<Symbol> symbols, Func<Run, SecuTicketClient, Wallet, CancellationToken, Task<int>> handler) =>
        Command(name, description, symbols, async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);
            if (!run.OpenWallet().TryGet(out var wallet, out refusal)) return run.Fail(refusal);

            using (wallet) return await handler(run, client, wallet, cancellation);
        });

    /// <summary>A command of an operator's.</summary>
    /// <param name="name">Its word on the command line.</param>
    /// <param name="description">What it does.</param>
    /// <param name="symbols">Its own arguments and options.</param>
    /// <param name="handler">Does it, with the node and the admin key (null for none), and gives the exit code.</param>
    public Command Operate(string name, string description, IEnumerable<Symbol> symbols, Func<Run, SecuTicketClient, string?, CancellationToken, Task<int>> handler)
    {
        var adminKey = new AdminKey();
        return Command(name, description, [.. symbols, .. adminKey.All], async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);
            if (!adminKey.Of(run, client.Node).TryGet(out var key, out refusal)) return run.Fail(refusal);

            return await handler(run, client, key.Length > 0 ? key : null, cancellation);
        });
    }

    /// <summary>A command that only holds others.</summary>
    public static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Add(command);
        return group;
    }

    private async Task<int> RunAsync(Func<Run, CancellationToken, Task<int>> handler, ParseResult parsed, CancellationToken cancellation)
    {
        using var run = new Run(surroundings, Globals, parsed);
        try
        {
            return await handler(run, cancellation);
        }
        catch (UnreadableAnswerException unreadable)
        {
            return run.Fail(new Refusal(FailureCodes.UnreadableAnswer, $"{unreadable.Message} Is {run.NodeName} a SecuTicket node?"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return run.Fail(new Refusal(FailureCodes.File, failure.Message));
        }
        catch (OperationCanceledException)
        {
            run.Say("Interrupted. What the node has taken already stays with it.");
            return ExitCode.Interrupted;
        }
    }
}
