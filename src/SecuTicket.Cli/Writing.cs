using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>One write to the chain: who signs, where it goes, how long to wait, and how its outcome is told.</summary>
/// <param name="run">The run.</param>
/// <param name="client">The node.</param>
/// <param name="wallet">Who signs.</param>
/// <param name="wait">How long to wait for the block; zero for not at all.</param>
internal sealed class Writing(Run run, SecuTicketClient client, Wallet wallet, TimeSpan wait)
{
    /// <summary>The run.</summary>
    public Run Run => run;

    /// <summary>The node.</summary>
    public SecuTicketClient Client => client;

    /// <summary>Who signs.</summary>
    public Wallet Wallet => wallet;

    /// <summary>How long to wait for the block; zero for not at all.</summary>
    public TimeSpan Wait => wait;

    /// <summary>Signs, posts, waits and tells.</summary>
    /// <param name="type">The operation.</param>
    /// <param name="fields">Its own fields.</param>
    /// <param name="done">What is so once it is in a block, as a sentence without its full stop.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> SubmitAsync(string type, IEnumerable<JsonMember> fields, string done, CancellationToken cancellation) =>
        Tell(run, await client.SubmitAsync(wallet, type, fields, wait, cancellation), done, wait);

    /// <summary>Tells what became of a transaction: a sentence, then its ids, a line each.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Run run, NodeAnswer answer, string done, TimeSpan wait)
    {
        if (answer.Refusal is not null) return run.Fail(answer);
        if (run.Json) run.Printer.Raw(answer.Body.Span);

        var status = answer.Json.Text("status");
        var block = answer.Json.OptionalNumber("block_index");
        if (status == "rejected")
        {
            run.Fail(new Refusal(answer.Json.OptionalText("code") ?? status, answer.Json.OptionalText("message") ?? "The transaction was rejected."));
            return ExitCode.Refused;
        }

        if (!run.Json)
        {
            run.Printer.Line(status == "confirmed" ? $"{done}, in block {block}." : $"Accepted, and not in a block yet. Once it is: {done}.");
            PrintIds(run, answer);
        }

        if (status == "confirmed" || wait == TimeSpan.Zero) return ExitCode.Done;

        return run.Fail(new Refusal(FailureCodes.Pending, $"Not in a block yet. It stays with the node: secuticket transaction {answer.Json.Text("transaction_id")}"));
    }

    private static void PrintIds(Run run, NodeAnswer answer)
    {
        run.Printer.Fields(("event_id", answer.Json.OptionalText("event_id")), ("transaction_id", answer.Json.Text("transaction_id")));
    }
}
