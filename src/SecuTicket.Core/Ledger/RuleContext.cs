using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Ledger;

/// <summary>What the rules may look at beside the state and the transaction.</summary>
/// <param name="Spec">The chain's specification.</param>
/// <param name="BlockIndex">Index of the block; for an admission, a number beyond that of any block.</param>
/// <param name="Time">The block's timestamp in milliseconds; for an admission, the later of the node's clock and the median of the last blocks.</param>
public readonly record struct RuleContext(ChainSpec Spec, long BlockIndex, long Time)
{
    /// <summary>Hash of the block before, which votes may be for; null where there are none.</summary>
    public Hash256? Parent { get; init; }

    /// <summary>The block's timestamp in whole unix seconds: what moments in payloads are compared with.</summary>
    public long Seconds => Time / 1000;
}
