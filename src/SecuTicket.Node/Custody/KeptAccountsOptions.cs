using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>Limits of the accounts a node keeps.</summary>
public sealed record KeptAccountsOptions
{
    /// <summary>Most accounts kept; beyond it new ones are refused with <c>accounts_full</c>. Default 10,000,000, about 4 GiB.</summary>
    public long MaxAccounts { get; init; } = 10_000_000;

    /// <summary>Most accounts held decrypted in memory, about 4 KiB each. Default 4,096.</summary>
    public int CacheCapacity { get; init; } = 4_096;

    /// <summary>How much the vault keeps; beyond it identities are refused with <c>vault_full</c>. Default 1,000,000 of 2 GiB in all, about 10 GiB on disk.</summary>
    public IdentityLimits Identities { get; init; } = new(1_000_000, 2L * 1024 * 1024 * 1024);
}
