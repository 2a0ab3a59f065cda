using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>A block of the branch, and what follows from it for those after it.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Seed">The seed after it.</param>
public sealed record BlockMark(long Index, Hash256 Hash, long Slot, Hash256 Seed);

/// <summary>A block that may be voted for.</summary>
/// <param name="Block">The block.</param>
/// <param name="Source">The highest justified block in the state after it: the only source of votes for it, so that they never split.</param>
/// <param name="IsJustified">Whether enough voted for it.</param>
/// <param name="Voters">Who voted for it, in the order of their bytes.</param>
public sealed record Checkpoint(BlockMark Block, BlockMark Source, bool IsJustified, EquatableArray<Address> Voters);

/// <summary>What changes with every block of a chain with stakes.</summary>
/// <param name="Index">The block.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Seed">What the forgers of the slots after it are drawn from.</param>
/// <param name="Justified">The highest justified block.</param>
/// <param name="Final">The last final block: it and all before it are never undone.</param>
/// <param name="Open">Blocks after the final one that may be voted for, by index, <see cref="MaxOpen"/> at most: the last ones.</param>
/// <param name="RotatedAt">Index of the block after which the present table came into use.</param>
public sealed record StakeRound(
    long Index, long Slot, Hash256 Seed, BlockMark Justified, BlockMark Final, EquatableArray<Checkpoint> Open, long RotatedAt)
{
    /// <summary>Most blocks that may be voted for: what is kept of votes is bounded also when nothing becomes final.</summary>
    public const int MaxOpen = 32;
}
