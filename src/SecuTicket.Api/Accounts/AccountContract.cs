using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

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

    /// <summary>An account in a state of the ledger.</summary>
    public static AccountContract Of(in Address account, LedgerState state, bool isKept)
    {
        var validator = state.Stakes?.Validators.Find(account);
        return new AccountContract(account.ToString(), state.BalanceOf(account), validator?.Staked ?? 0, isKept, state.TicketsOf(account).Count)
        {
            Unbonding = validator is { Withdrawals.Count: > 0 } ? validator.Unbonding : null,
        };
    }
}
