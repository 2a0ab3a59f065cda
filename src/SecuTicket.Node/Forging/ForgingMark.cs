using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Forging;

/// <summary>How far a key has signed: what is lower is never signed again.</summary>
/// <remarks>
/// Written and durable before a signature is made. So after a crash a slot may be lost, and none is signed for twice. Votes that never go back in target nor source break neither of Casper's rules,
/// whatever branches were seen.
/// </remarks>
/// <param name="Slot">The last slot that a block was signed for.</param>
/// <param name="Block">The hash of that block.</param>
/// <param name="Source">The highest index of a source that was voted from.</param>
/// <param name="Target">The highest index of a target that was voted for.</param>
/// <param name="TargetBlock">The hash of that target.</param>
/// <param name="VoteSlot">The slot of the last block that was voted for here.</param>
public sealed record ForgingMark(long Slot, Hash256 Block, long Source, long Target, Hash256 TargetBlock, long VoteSlot)
{
    /// <summary>Stands for <see cref="VotesAbove"/> where it is not known yet what may have been voted for.</summary>
    public const long Unknown = CanonicalJson.MaxInteger;

    /// <summary>The highest index that is not voted for, because votes may have been signed up to there of which nothing is known here; <see cref="Unknown"/> for all.</summary>
    /// <remarks>Kept with the rest: a node that starts once more before the chain has come so far knows no more than before.</remarks>
    public long VotesAbove { get; init; }

    /// <summary>Nothing was signed.</summary>
    public static ForgingMark None { get; } = new(0, Hash256.Zero, 0, 0, Hash256.Zero, 0);

    /// <summary>The slot of the last signature that it knows of.</summary>
    public long LastSlot => Math.Max(Slot, VoteSlot);

    /// <summary>Whether a block of a slot may be signed.</summary>
    public bool AllowsBlock(long slot) => slot > Slot;

    /// <summary>Whether a vote may be signed.</summary>
    public bool AllowsVote(long source, long target) => target > Target && source >= Source;

    /// <summary>The mark after a block of a slot was signed, here or elsewhere.</summary>
    public ForgingMark WithBlock(long slot, in Hash256 block) => slot > Slot ? this with { Slot = slot, Block = block } : this;

    /// <summary>The mark after a vote was signed, here or elsewhere.</summary>
    public ForgingMark WithVote(long source, long target, in Hash256 block, long slot)
    {
        var raised = this with { Source = Math.Max(source, Source), VoteSlot = Math.Max(slot, VoteSlot) };
        return target > Target ? raised with { Target = target, TargetBlock = block } : raised;
    }
}
