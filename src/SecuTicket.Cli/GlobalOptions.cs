using System.CommandLine;

namespace SecuTicket.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The node where none is named: the one that <c>dotnet run</c> starts.</summary>
    public const string DefaultNode = "http://localhost:5000";

    /// <summary>Which node.</summary>
    public Option<string?> Node { get; } = new("--node")
    {
        Description = $"The node to talk to. [SECUTICKET_NODE; default {DefaultNode}]",
        HelpName = "URL",
        Recursive = true,
    };

    /// <summary>Print the API's answer unchanged.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the node's answer unchanged on standard output; everything else goes to standard error.",
        Recursive = true,
    };

    /// <summary>Which wallet.</summary>
    public Option<string?> Wallet { get; } = new("--wallet")
    {
        Description = "The wallet's file. [SECUTICKET_WALLET; default ~/.config/secuticket/wallet.pem]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>What opens the wallet.</summary>
    public Option<string?> PassphraseFile { get; } = new("--passphrase-file")
    {
        Description = "A file whose first line opens an encrypted wallet. [SECUTICKET_PASSPHRASE holds the passphrase itself; else a terminal is asked]",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Adds them to the root, and so to all commands.</summary>
    public void AddTo(Command root)
    {
        root.Add(Node);
        root.Add(Json);
        root.Add(Wallet);
        root.Add(PassphraseFile);
    }
}
