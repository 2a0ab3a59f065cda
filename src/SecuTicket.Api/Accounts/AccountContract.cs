namespace SecuTicket.Api.Accounts;

/// <summary>An account as the contract shows it. One never seen has zeros: whoever has a key has an account.</summary>
/// <param name="Address"><c>0x</c> and 40 hex digits with the EIP-55 checksum.</param>
/// <param name="Balance">Coins, in minor units.</param>
/// <param name="Stake">Coins at stake, in minor units; 0 on chains without stakes.</param>
/// <param name="Kept">Whether this node keeps its key.</param>
/// <param name="Tickets">How many tickets it owns; an organiser owns the unsold ones.</param>
public sealed record AccountContract(string Address, long Balance, long Stake, bool Kept, int Tickets)
{
    /// <summary>Stake that was taken out and is not paid yet, in minor units; absent when there is none.</summary>
    public long? Unbonding { get; init; }
}
