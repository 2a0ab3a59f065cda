using System.CommandLine;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity show</c></summary>
internal static class IdentityShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Ask("show", "Print the identity that the node keeps of you.", [], async (run, client, wallet, cancellation) =>
    {
        var answer = await client.SendSignedAsync(wallet, HttpMethod.Get, IdentityCommands.PathOf(wallet), default, cancellation);
        // The object is the holder's own: what it looks like nobody else decides.
        return run.Answer(answer, _ => run.Printer.Line(answer.Json.GetRawText()));
    });
}
