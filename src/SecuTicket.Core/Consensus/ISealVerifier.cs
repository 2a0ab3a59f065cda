using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Consensus;

/// <summary>The header some blocks back on a branch: 0 is the parent, 1 its parent; null before genesis or where the node has forgotten.</summary>
public delegate BlockHeader? Ancestor(int stepsBack);

/// <summary>Decides whether a block was sealed by the chain's rules and how much it weighs; it never seals.</summary>
public interface ISealVerifier
{
    /// <summary>The difficulty that the block after <paramref name="ancestor"/>(0) must have.</summary>
    uint DifficultyAfter(Ancestor ancestor);

    /// <summary>Checks difficulty, work and, where the chain names its sealers, the seal.</summary>
    Verdict Verify(SealedHeader block, Ancestor ancestor);

    /// <summary>As <see cref="Verify"/>, for whoever does not know every header before: what follows from the unknown ones is held to what it could be at all.</summary>
    /// <param name="block">Header and seal.</param>
    /// <param name="known">The headers before it that are known; null where they are not.</param>
    Verdict VerifyAlone(SealedHeader block, Ancestor known);

    /// <summary>What the block adds to the weight of its branch.</summary>
    UInt128 WeightOf(BlockHeader header);
}
