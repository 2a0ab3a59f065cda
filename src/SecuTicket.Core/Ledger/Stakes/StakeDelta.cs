using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>What one block changed of the stakes.</summary>
/// <param name="Validators">Validators.</param>
/// <param name="Round">Seed, votes and finality before and after.</param>
/// <param name="Tables">The tables before and after; null when they are the same, as in all blocks but the last of an epoch.</param>
public sealed record StakeDelta(EquatableArray<Change<Address, Validator>> Validators, (StakeRound Before, StakeRound After) Round, TableChange? Tables)
{
    /// <summary>What led from one state to another that was made of it.</summary>
    internal static StakeDelta Between(StakeState before, StakeState after) => new(
        LedgerDelta.Changes(before.Validators, after.Validators),
        (before.Round, after.Round),
        ReferenceEquals(before.Tables, after.Tables) ? null : new TableChange(before.Tables, after.Tables));
}

/// <summary>Tables before and after.</summary>
/// <param name="Before">What was.</param>
/// <param name="After">What is.</param>
public sealed record TableChange(StakeTables Before, StakeTables After);
