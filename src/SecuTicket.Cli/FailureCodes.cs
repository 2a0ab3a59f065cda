namespace SecuTicket.Cli;

/// <summary>Codes of refusals that are made in this tool and not by a node.</summary>
public static class FailureCodes
{
    /// <summary>An option or argument is missing or wrong.</summary>
    public const string Usage = "usage";

    /// <summary>The node can not be reached in time.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>What answers is not a SecuTicket node, or its answer is too large.</summary>
    public const string UnreadableAnswer = "unreadable_answer";

    /// <summary>A wallet can not be used.</summary>
    public const string Wallet = "wallet";

    /// <summary>Another file can not be used.</summary>
    public const string File = "file";

    /// <summary>A check failed.</summary>
    public const string NotVerified = "not_verified";

    /// <summary>Not decided when the wait ended.</summary>
    public const string Pending = "pending";
}
