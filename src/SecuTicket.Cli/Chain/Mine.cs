using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket mine</c></summary>
internal static class Mine
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var miner = Symbols.Address("--miner", "Who gets the reward; the node when left out.");
        return tool.Operate("mine", "Have the node make a block now (operators only).", [miner], async (run, client, adminKey, cancellation) =>
        {
            var path = run.Get(miner) is { } address ? $"/mine?miner={address}" : "/mine";
            var answer = await client.SendAdminAsync(HttpMethod.Post, path, default, adminKey, TimeSpan.Zero, cancellation);
            return run.Answer(answer, _ =>
            {
                run.Printer.Line($"Block {answer.Json.Number("index")} is made, with {answer.Json.Items("transactions").Count()} transactions.");
                run.Printer.Fields(("block_index", answer.Json.Number("index").ToString()), ("hash", answer.Json.Text("hash")), ("reward", answer.Json.OptionalNumber("reward")?.ToString()));
            });
        });
    }
}
