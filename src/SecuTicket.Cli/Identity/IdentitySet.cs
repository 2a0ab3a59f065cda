using System.CommandLine;
using System.Text;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity set</c></summary>
internal static class IdentitySet
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "A file with a JSON object, such as {\"name\":\"…\"}, at most 16 KiB; - for standard input." };
        return tool.Ask("set", "Give the node your identity to keep; the commitment for your tickets and its salt are printed.", [file], async (run, client, wallet, cancellation) =>
        {
            if (!TextFile.Read(run, run.Get(file)!).TryGet(out var json, out var refusal)) return run.Fail(refusal);

            var answer = await client.SendSignedAsync(wallet, HttpMethod.Put, IdentityCommands.PathOf(wallet), Encoding.UTF8.GetBytes(json), cancellation);
            return run.Answer(answer, _ =>
            {
                run.Printer.Line("The identity is kept. Keep the salt: with it and the same identity you can show at the gate that a ticket is yours.");
                run.Printer.Fields(("commitment", answer.Json.Text("commitment")), ("salt", answer.Json.Text("salt")));
            });
        });
    }
}
