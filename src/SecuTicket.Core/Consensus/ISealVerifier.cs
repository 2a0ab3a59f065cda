using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Consensus;

/// <summary>The header some blocks back on a branch: 0 is the parent, 1 its parent; null before genesis or where the node has forgotten.</summary>
public delegate BlockHeader? Ancestor(int stepsBack);

/// <summary>Decides whether a block was sealed by the chain's rules and how much it weighs; it never seals.</summary>
public interface ISealVerifier
{
    /// <summary>How many headers of a branch are worth reading before the blocks of those before are applied.</summary>
    int HeadersAhead { get; }

    /// <summary>The difficulty that the block after <paramref name="ancestor"/>(0) must have.</summary>
    uint DifficultyAfter(Ancestor ancestor);

    /// <summary>Checks all that headers show: difficulty, work or turn, and the seal where one is asked for.</summary>
    /// <param name="block">Header and seal.</param>
    /// <param name="ancestor">The headers before it.</param>
    /// <param name="turns">Whose turn it is after its parent, on chains with stakes; null where that is not known.</param>
    Verdict Verify(SealedHeader block, Ancestor ancestor, Turns? turns);

    /// <summary>Checks what only the ledger before a block shows, when the block is applied; <see cref="Verify"/> came before.</summary>
    /// <param name="header">The block.</param>
    /// <param name="before">The ledger after its parent.</param>
    Verdict VerifyOn(BlockHeader header, LedgerState before);

    /// <summary>As <see cref="Verify"/>, for whoever does not know every header before: what follows from the unknown ones is held to what it could be at all.</summary>
    /// <param name="block">Header and seal.</param>
    /// <param name="known">The headers before it that are known; null where they are not.</param>
    Verdict VerifyAlone(SealedHeader block, Ancestor known);

    /// <summary>What the block adds to the weight of its branch.</summary>
    UInt128 WeightOf(BlockHeader header);
}
