using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Stakes;

/// <summary>An account that has, or had, coins at stake.</summary>
/// <param name="Address">The account.</param>
/// <param name="Stake">Minor units at stake now.</param>
/// <param name="Share">Its part of all stake now, 0 to 1.</param>
/// <param name="Chance">How likely it is drawn for a slot, 0 to 1: its part of the table in use, which follows the stakes an epoch or two later.</param>
/// <param name="Unbonding">Minor units taken out and not paid yet.</param>
/// <param name="Forged">Blocks that it made.</param>
/// <param name="Missed">Slots in which it should have made a block and did not.</param>
/// <param name="Slashed">Minor units that it lost for an offence; whoever lost any makes no more blocks.</param>
public sealed record ValidatorContract(string Address, long Stake, decimal Share, decimal Chance, long Unbonding, long Forged, long Missed, long Slashed)
{
    /// <summary>About the most bytes of one.</summary>
    public const int MaxBytes = 320;

    private const int Decimals = 9;

    /// <summary>A validator.</summary>
    /// <param name="account">The account.</param>
    /// <param name="validator">What it has at stake and did.</param>
    /// <param name="staked">All stake now, in minor units.</param>
    /// <param name="table">The table in use.</param>
    public static ValidatorContract Of(in Address account, Validator validator, long staked, StakeTable table) => new(
        account.ToString(),
        validator.Staked,
        Part(validator.Staked, staked),
        Part(table.AmountOf(account), table.Total),
        validator.Unbonding,
        validator.Forged,
        validator.Missed,
        validator.Slashed);

    private static decimal Part(long amount, long of) => of == 0 ? 0 : Math.Round((decimal)amount / of, Decimals);
}
