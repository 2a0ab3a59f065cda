using System.CommandLine;

namespace SecuTicket.Cli.Nodes;

/// <summary><c>secuticket node …</c></summary>
internal static class NodeCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "node",
        "The node, and the others it knows.",
        NodeShow.Build(tool),
        NodePeers.Build(tool),
        NodeAdd.Build(tool),
        NodeRemove.Build(tool),
        NodeResolve.Build(tool));
}
