using System.CommandLine;
using System.Text;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity check</c></summary>
internal static class IdentityCheck
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var file = new Argument<string>("file") { Description = "A file with the identity that the holder shows, a JSON object; - for standard input." };
        var salt = Symbols.Hash("--salt", "The salt that the holder shows.", isRequired: true);
        var owner = Symbols.Address("--owner", "Who should hold the ticket; who holds it now when left out.");
        return tool.Command("check", "Ask the node whether a ticket was bought for the identity that its holder shows, as a gate does.", [ticket, file, salt, owner], async (run, cancellation) =>
        {
            if (!TextFile.Read(run, run.Get(file)!).TryGet(out var text, out var refusal)) return run.Fail(refusal);
            if (!CanonicalJson.ParseAny(Encoding.UTF8.GetBytes(text)).TryGet(out var identity, out refusal)) return run.Fail(refusal with { Code = FailureCodes.File });
            if (!run.Connect().TryGet(out var client, out refusal)) return run.Fail(refusal);
            if (!(await OwnerAsync(client, run.Get(ticket)!, run.Get(owner), cancellation)).TryGet(out var holder, out refusal)) return run.Fail(refusal);

            var fields = new PayloadFields { { "ticket_id", run.Get(ticket) }, { "owner", holder }, { "salt", run.Get(salt) } };
            var body = JsonValue.Object([.. fields, new("identity", identity)]);
            var answer = await client.SendAsync(HttpMethod.Post, "/tickets/verify", CanonicalJson.Write(body), cancellation);
            var exitCode = run.Answer(answer, _ => run.Printer.Fields(("ticket", answer.Json.Text("reason")), ("identity", answer.Json.Text("identity"))));
            return exitCode != ExitCode.Done || answer.Json.Text("identity") == "match" ? exitCode : ExitCode.NotVerified;
        });
    }

    private static async Task<Verdict<string>> OwnerAsync(SecuTicketClient client, string ticket, string? named, CancellationToken cancellation)
    {
        if (named is not null) return named;

        var answer = await client.GetAsync($"/tickets/{ticket}", cancellation);
        return answer.Refusal is { } refusal ? refusal : answer.Json.Text("owner");
    }
}
