using System.CommandLine;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain …</c></summary>
internal static class ChainCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "chain",
        "The chain: look at it, have it checked, copy it.",
        ChainShow.Build(tool),
        ChainHeaders.Build(tool),
        ChainValidate.Build(tool),
        ChainExport.Build(tool),
        ChainImport.Build(tool));
}
