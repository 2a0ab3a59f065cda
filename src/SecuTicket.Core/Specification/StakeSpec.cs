using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Specification;

/// <summary>Parameters of proof of stake.</summary>
/// <param name="SlotTime">Milliseconds of a slot: one block at most is made in each.</param>
/// <param name="Validators">Who has coins at stake from genesis on.</param>
/// <param name="Minimum">Fewest minor units that a validator has at stake.</param>
/// <param name="EpochLength">Blocks between two tables of stakes.</param>
/// <param name="UnbondingBlocks">Final blocks that must follow before stake that was taken out is paid; until then it can be slashed.</param>
/// <param name="SlashPercent">What an offender loses of everything it has at stake, 1 to 100.</param>
/// <param name="ReporterPercent">What of that goes to whoever proved the offence, 0 to 50; the rest is burnt.</param>
public sealed record StakeSpec(
    int SlotTime, EquatableArray<GenesisStake> Validators, long Minimum, int EpochLength, int UnbondingBlocks, int SlashPercent, int ReporterPercent)
{
    /// <summary>Most validators that a specification names; more may stake later.</summary>
    public const int MaxGenesisValidators = 250;

    /// <summary>Most validators of a chain.</summary>
    public const int MaxValidators = 10_000;

    /// <summary>Coins at stake in genesis, in minor units.</summary>
    public long GenesisAmount => Validators.Sum(static validator => validator.Amount);

    /// <summary>The epoch of a block, from 0 on.</summary>
    public long EpochOf(long index) => index / EpochLength;

    internal static StakeSpec Read(FieldReader fields)
    {
        var spec = new StakeSpec(
            (int)fields.Integer("slot_time", 100, 3_600_000),
            [.. fields.Objects("validators", 1, MaxGenesisValidators, GenesisStake.Read)],
            fields.OptionalInteger("minimum", 1, Operation.MaxAmount) ?? 1,
            (int)(fields.OptionalInteger("epoch_length", 2, 100_000) ?? 64),
            (int)(fields.OptionalInteger("unbonding_blocks", 1, 10_000_000) ?? 1_000),
            (int)(fields.OptionalInteger("slash_percent", 1, 100) ?? 50),
            (int)(fields.OptionalInteger("reporter_percent", 0, 50) ?? 10));
        if (spec.Validators.Select(static validator => validator.Address).Distinct().Count() != spec.Validators.Count) fields.Refuse("validators", "An address stands here twice.");
        if (spec.Validators.Any(validator => validator.Amount < spec.Minimum)) fields.Refuse("validators", $"Each has {spec.Minimum} minor units at stake at least.");
        if (spec.Validators.Aggregate(UInt128.Zero, static (sum, validator) => sum + (ulong)validator.Amount) > Operation.MaxAmount) fields.Refuse("validators", $"Together they have more than {Operation.MaxAmount} minor units.");
        if (spec.UnbondingBlocks < 3 * spec.EpochLength) fields.Refuse("unbonding_blocks", "Stake must stay longer than any table that counts it: three epochs at least.");
        return spec;
    }
}

/// <summary>Coins at stake from genesis on.</summary>
/// <param name="Address">Whose they are: also the account whose key signs blocks and votes.</param>
/// <param name="Amount">Minor units.</param>
/// <param name="Commitment">The end of the hash chain whose earlier links the validator reveals, one in each block it makes.</param>
public sealed record GenesisStake(Address Address, long Amount, Hash256 Commitment)
{
    internal static GenesisStake Read(FieldReader fields) => new(fields.Account("address"), fields.Integer("amount", 1, Operation.MaxAmount), fields.Hash("commitment"));
}

/// <summary>A block that the operator of a node knows to be on the chain: what came before it is not argued about.</summary>
/// <remarks>
/// It is no part of what is hashed, so nodes that took different ones are on one chain. With stakes, keys of long ago cost nothing and could sign another past; whoever
/// joins, or was away for longer than unbonding takes, takes a recent block from somebody it trusts (weak subjectivity: Buterin, 2014).
/// </remarks>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its hash.</param>
public sealed record KnownBlock(long Index, Hash256 Hash)
{
    internal static KnownBlock Read(FieldReader fields) => new(fields.Integer("index", 1, Encoding.CanonicalJson.MaxInteger), fields.Hash("hash"));
}
