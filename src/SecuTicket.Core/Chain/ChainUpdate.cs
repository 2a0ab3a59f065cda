using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Chain;

/// <summary>What became of a block that was offered.</summary>
/// <param name="Chain">The chain after it.</param>
/// <param name="Verdict">Whether the block was kept.</param>
/// <param name="Disconnected">Blocks that left our branch, tip first.</param>
/// <param name="Connected">Blocks that joined it, oldest first.</param>
/// <param name="Side">The block, when it was kept on a branch that is not ours.</param>
public sealed record ChainUpdate(Blockchain Chain, Verdict Verdict, IReadOnlyList<DisconnectedBlock> Disconnected, IReadOnlyList<ConnectedBlock> Connected, SideBlock? Side);

/// <summary>A block that joined our branch.</summary>
/// <param name="Block">The block.</param>
/// <param name="Outcome">What it changed.</param>
/// <param name="Weight">Weight of the branch with it.</param>
public sealed record ConnectedBlock(VerifiedBlock Block, BlockOutcome Outcome, UInt128 Weight);

/// <summary>A block that left our branch.</summary>
/// <param name="Block">The block.</param>
/// <param name="Delta">What undoing it takes back.</param>
public sealed record DisconnectedBlock(VerifiedBlock Block, LedgerDelta Delta);

/// <summary>A block of a branch that is not ours.</summary>
/// <param name="Block">The block.</param>
/// <param name="Weight">Weight of its branch with it.</param>
public sealed record SideBlock(VerifiedBlock Block, UInt128 Weight);

/// <summary>Where the bodies and undo records of known blocks are.</summary>
public interface IBlockArchive
{
    /// <summary>The block with <paramref name="hash"/>, which is known to be there.</summary>
    /// <exception cref="InvalidOperationException">It is not: the archive lost a block.</exception>
    ArchivedBlock Find(Hash256 hash);
}

/// <summary>A block as it was kept.</summary>
/// <param name="Block">The block.</param>
/// <param name="Delta">What it changed; null for one that is not on our branch.</param>
public sealed record ArchivedBlock(Block Block, LedgerDelta? Delta);
