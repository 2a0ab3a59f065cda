using System.CommandLine;

namespace SecuTicket.Cli.Completion;

/// <summary><c>secuticket completion</c></summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var shell = new Argument<string>("shell") { Description = string.Join(", ", CompletionScript.Shells) };
        shell.AcceptOnlyFromAmong([.. CompletionScript.Shells]);
        return tool.Command(
            "completion",
            "Print a script that makes a shell complete this tool's commands. For bash: source <(secuticket completion bash)",
            [shell],
            (run, _) =>
            {
                run.Printer.Raw(System.Text.Encoding.ASCII.GetBytes(CompletionScript.For(run.Get(shell)!)));
                return Task.FromResult(ExitCode.Done);
            });
    }
}
