using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node info</c></summary>
internal static class NodeShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Command("info", "Show which chain the node keeps and how far it is.", [], DoAsync);

    private static async Task<int> DoAsync(Run run, CancellationToken cancellation)
    {
        if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

        return run.Answer(await client.GetAsync("/info", cancellation), answer => run.Printer.Fields(
            ("node", answer.Json.Text("node")),
            ("chain", answer.Json.Text("chain_id")),
            ("engine", answer.Json.OptionalText("engine")),
            ("height", answer.Json.Number("height").ToString()),
            ("tip", answer.Json.Text("tip")),
            ("forger", answer.Json.OptionalText("forger")),
            ("slot", answer.Json.OptionalNumber("slot")?.ToString()),
            ("epoch", answer.Json.OptionalNumber("epoch")?.ToString()),
            ("final_index", answer.Json.Optional("final")?.OptionalNumber("index")?.ToString()),
            ("final_hash", answer.Json.Optional("final")?.OptionalText("hash")),
            ("peers", answer.Json.OptionalNumber("peers")?.ToString()),
            ("version", answer.Json.OptionalText("version"))));
    }
}
