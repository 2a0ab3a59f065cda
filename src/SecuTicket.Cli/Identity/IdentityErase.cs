using System.CommandLine;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity erase</c></summary>
internal static class IdentityErase
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Ask("erase", "Erase the identity that the node keeps of you; its signed receipt is checked and printed.", [], async (run, client, wallet, cancellation) =>
    {
        var answer = await client.SendSignedAsync(wallet, HttpMethod.Delete, IdentityCommands.PathOf(wallet), default, cancellation);
        var exitCode = run.Answer(answer, _ => run.Printer.Line(answer.Json.GetRawText()));
        if (exitCode != ExitCode.Done) return exitCode;
        if (SignedErasureReceipt.Check(answer.Body.Span, wallet.Address) is { IsAccepted: false, Refusal: var wrong }) return run.Fail(wrong);

        run.Say("The identity is erased. What was printed is the node's receipt, and its signature is right: keep it.");
        return ExitCode.Done;
    });
}
