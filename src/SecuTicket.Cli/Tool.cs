using System.CommandLine;
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
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            run.Say("Interrupted.");
            return ExitCode.Interrupted;
        }
    }
}
