using System.CommandLine;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket identity …</c></summary>
internal static class IdentityCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "identity",
        "What you choose to say of yourself: kept encrypted by the node, never on the chain, erased when you say so.",
        IdentitySet.Build(tool),
        IdentityShow.Build(tool),
        IdentityErase.Build(tool),
        IdentityCommit.Build(tool),
        IdentityCheck.Build(tool));

    /// <summary>Where an account's identity is.</summary>
    public static string PathOf(Wallets.Wallet wallet) => $"/accounts/{wallet.Address}/identity";
}
