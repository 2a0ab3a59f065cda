namespace SecuTicket.Api.Composition;

/// <summary>The node's settings: section <c>Node</c> of the configuration.</summary>
public sealed class NodeOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Node";

    /// <summary>Where ledger and key lie; by default <c>data/&lt;port&gt;</c> under the current folder.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>The file with the key that kept accounts are encrypted under; by default in the data directory.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The address under which other nodes reach this one.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>A chain specification; by default the built-in <c>secuticket-dev</c>.</summary>
    public string? ChainSpec { get; set; }

    /// <summary>A PEM file with the private key of an exchange authority of the chain, for <c>/accounts/{address}/top-up</c>.</summary>
    public string? ExchangeKeyFile { get; set; }

    /// <summary>The administrators' key; without one administrative routes answer loopback callers in Development only.</summary>
    public string? AdminKey { get; set; }
}

/// <summary>When blocks are sealed: section <c>Mining</c> of the configuration.</summary>
public sealed class MiningOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Mining";

    /// <summary>Whether blocks are sealed without being asked for; <c>/mine</c> works either way.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Transactions that must wait for a block to be sealed at once.</summary>
    public int MinPending { get; set; } = 5;

    /// <summary>How long a transaction waits at the most.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Least time between the starts of two automatic seals.</summary>
    public TimeSpan MinSpacing { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Threads that search for a nonce.</summary>
    public int Threads { get; set; } = 1;
}
