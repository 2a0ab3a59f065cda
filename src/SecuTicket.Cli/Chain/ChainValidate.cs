using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain validate</c></summary>
internal static class ChainValidate
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Command(
        "validate",
        "Have the node check its whole chain and say what it finds. To check it on this machine, believing the node nothing: verify.",
        [],
        async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

            var answer = await client.GetAsync("/chain/validate", cancellation);
            var exitCode = run.Answer(answer, found => run.Printer.Fields(
                ("valid", found.Json.Flag("valid") ? "yes" : "no"),
                ("length", found.Json.OptionalNumber("length")?.ToString()),
                ("first_invalid_index", found.Json.OptionalNumber("first_invalid_index")?.ToString()),
                ("code", found.Json.OptionalText("code")),
                ("detail", found.Json.OptionalText("detail"))));
            return exitCode == ExitCode.Done && !answer.Json.Flag("valid") ? ExitCode.NotVerified : exitCode;
        });
}
