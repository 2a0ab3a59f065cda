using System.CommandLine;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity erase</c></summary>
internal static class IdentityErase
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Ask("erase", "Erase the identity that the node keeps of you; its signed receipt is printed.", [], async (run, client, wallet, cancellation) =>
    {
        var answer = await client.SendSignedAsync(wallet, HttpMethod.Delete, IdentityCommands.PathOf(wallet), default, cancellation);
        return run.Answer(answer, _ =>
        {
            run.Say("The identity is erased. What follows is the node's receipt: keep it.");
            run.Printer.Line(answer.Json.GetRawText());
        });
    });
}
