using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>An account that has, or had, coins at stake.</summary>
/// <param name="Staked">Minor units at stake.</param>
/// <param name="Onion">The link of its hash chain that was revealed last, at first the commitment: SHA-256 of what it reveals next.</param>
public sealed record Validator(long Staked, Hash256 Onion)
{
    /// <summary>Most withdrawals of one validator under way.</summary>
    public const int MaxWithdrawals = 16;

    /// <summary>A commitment that takes the place of <see cref="Onion"/> when the table is in use that was made after it.</summary>
    /// <remarks>Not at once: who knows the seed could choose among many chains the one that draws it.</remarks>
    public NumberedCommitment? Renewal { get; init; }

    /// <summary>Stake taken out and not paid yet, oldest first.</summary>
    public EquatableArray<Withdrawal> Withdrawals { get; init; } = [];

    /// <summary>Blocks made.</summary>
    public long Forged { get; init; }

    /// <summary>Slots in which it should have made a block and did not.</summary>
    public long Missed { get; init; }

    /// <summary>Minor units lost for an offence; whoever lost any neither stakes nor makes blocks nor votes any more.</summary>
    public long Slashed { get; init; }

    /// <summary>Everything an offence may cost: stake, and what is on its way out, in minor units.</summary>
    public long AtStake => Staked + Unbonding;

    /// <summary>Everything on its way out, in minor units.</summary>
    public long Unbonding => Withdrawals.Sum(static withdrawal => withdrawal.Amount);
}

/// <summary>Stake on its way out.</summary>
/// <param name="Index">The block that took it out.</param>
/// <param name="Amount">Minor units.</param>
public readonly record struct Withdrawal(long Index, long Amount);

/// <summary>A commitment, and the block it came in.</summary>
/// <param name="Index">The block.</param>
/// <param name="Commitment">The end of a hash chain.</param>
public sealed record NumberedCommitment(long Index, Hash256 Commitment);
