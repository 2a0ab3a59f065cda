namespace SecuTicket.Cli;

/// <summary>What the tool tells its caller; documented in docs/cli.md and <c>--help</c>.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>The node, or the ledger's rules, refused.</summary>
    public const int Refused = 1;

    /// <summary>Unknown command, option or value, or one that is missing.</summary>
    public const int Usage = 2;

    /// <summary>The node can not be reached, or what answers is none.</summary>
    public const int Unreachable = 3;

    /// <summary>A wallet or another file is missing, damaged, open to others, or can not be written, or is no such file at all.</summary>
    public const int File = 4;

    /// <summary>Something was checked and is not what it claims to be: a signature, a proof, a chain, a ticket at the gate.</summary>
    public const int NotVerified = 5;

    /// <summary>Accepted by the node, but not yet in a block when the wait ended.</summary>
    public const int Pending = 6;

    /// <summary>Interrupted by the user (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>The list for people.</summary>
    public const string Legend =
        """
        Exit codes:
          0    done
          1    refused by the node or by the ledger's rules
          2    wrong usage: an unknown or missing command, option or value
          3    the node can not be reached, or what answers there is none
          4    a wallet or another file is missing, damaged, open to others or can not be written
          5    something was checked and is not what it claims to be
          6    accepted, but not in a block yet when the wait ended
          130  interrupted
        """;

    /// <summary>The exit code for a refusal made in this tool; what a node refuses is always <see cref="Refused"/>.</summary>
    public static int Of(string code) => code switch
    {
        FailureCodes.Usage => Usage,
        FailureCodes.Unreachable or FailureCodes.UnreadableAnswer => Unreachable,
        FailureCodes.Wallet or FailureCodes.File => File,
        FailureCodes.NotVerified => NotVerified,
        FailureCodes.Pending => Pending,
        _ => Refused,
    };
}
