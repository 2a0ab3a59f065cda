using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>New coins for whoever sealed the block: first in it, signed by nobody, exactly what the chain's specification says.</summary>
/// <param name="Recipient">The block's sealer.</param>
/// <param name="Amount">The specification's reward, in minor units.</param>
/// <param name="BlockIndex">Index of the block it is in, so that no two rewards of a branch have one id.</param>
public sealed record Reward(Address Recipient, long Amount, long BlockIndex) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "reward";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static Reward Read(FieldReader fields) => new(fields.Account("recipient"), fields.Integer("amount", 1, MaxAmount), fields.Integer("block_index", 1, MaxAmount));
}
