using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node peers</c></summary>
internal static class NodePeers
{
    private static readonly string[] Headings = ["node", "height", "weight", "tip", "last_seen", "connected"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Read("peers", "List the nodes that this one knows.", [], _ => "/nodes", (run, json) => PageOptions.Show(run, json, Headings, peer =>
    [
        peer.Text("node"),
        peer.OptionalNumber("height")?.ToString() ?? string.Empty,
        peer.OptionalText("weight") ?? string.Empty,
        peer.OptionalText("tip") ?? string.Empty,
        peer.OptionalText("last_seen") ?? string.Empty,
        peer.Optional("connected") is null ? string.Empty : peer.Flag("connected") ? "yes" : "no",
    ]));
}
