using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>Whose turn it is to make a block after some block of a branch, as far as the headers since a known block show.</summary>
/// <remarks>
/// Seeds follow from headers alone, for each carries what its forger reveals. Tables do not: which one is in use after the end of an epoch depends on votes,
/// which are in the bodies. So after an end two tables may be possible, and after another none is known; then nothing is refused here, and the ledger judges when
/// the block is applied. A branch that came so far shows in its headers before that a higher block is justified than any other branch can have
/// (see decision 027), so it is followed in time.
/// </remarks>
public sealed record Turns
{
    private Turns()
    {
    }

    /// <summary>Index of the block.</summary>
    public required long Index { get; init; }

    /// <summary>Its slot: the next block's is later.</summary>
    public required long Slot { get; init; }

    /// <summary>The seed after it.</summary>
    public required Hash256 Seed { get; init; }

    /// <summary>The table in use; null when it can not be known.</summary>
    public StakeTable? Table { get; private init; }

    /// <summary>Another table that may be in use instead; null when there is none.</summary>
    public StakeTable? Alternative { get; private init; }

    private StakeTable? Next { get; init; }

    private long Justified { get; init; }

    // What is final there at least: another branch may not have seen the votes that ours has.
    private long Final { get; init; }

    private int EpochLength { get; init; }

    /// <summary>Whose turn it is in <paramref name="slot"/>, when no block comes before it; null when it can not be known, or either of two.</summary>
    public Address? ForgerOf(long slot) => Table is { } table && Alternative is null ? table.Draw(Seed, slot) : null;

    /// <summary>Whether <paramref name="account"/> may be the forger of <paramref name="slot"/>.</summary>
    public bool MayForge(in Address account, long slot) => Table is null || Table.Draw(Seed, slot) == account || Alternative?.Draw(Seed, slot) == account;

    /// <summary>Whose turn it is after the next block, going by its header.</summary>
    public Turns After(BlockHeader header, ChainSpec spec)
    {
        var next = this with { Index = header.Index, Slot = spec.SlotOf(header.Timestamp), Seed = SeedAfter(Seed, header.StateRoot), Justified = Justified + header.Difficulty };
        return header.Index % EpochLength == 0 ? next.PastEnd() : next;
    }

    /// <summary>The seed after a block: SHA-256(seed before it ‖ what its forger reveals).</summary>
    internal static Hash256 SeedAfter(in Hash256 seed, in Hash256 reveal)
    {
        Span<byte> joined = stackalloc byte[2 * Hash256.Size];
        seed.Span.CopyTo(joined);
        reveal.Span.CopyTo(joined[Hash256.Size..]);
        return Hash256.Sha256(joined);
    }

    /// <summary>Whose turn it is after a block from the final one on to the state's own.</summary>
    internal static Turns Of(StakeState state, BlockMark at, int epochLength)
    {
        // One table at most came into use after the final block: the second would show a block that is final after the first did.
        var rotated = state.Round.RotatedAt > at.Index;
        var (present, next) = rotated ? (state.Tables.Previous, state.Tables.Present) : (state.Tables.Present, state.Tables.Next);
        var shown = at.Index / epochLength * epochLength;
        return new Turns
        {
            Index = at.Index,
            Slot = at.Slot,
            Seed = at.Seed,
            Table = present,
            Next = next.Since == shown ? next : null,
            Justified = state.Round.Justified.Index,
            Final = at.Index == state.Round.Index ? state.Round.Final.Index : 0,
            EpochLength = epochLength,
        };
    }

    // The next table comes into use when the block it shows is final. For that a block after it must be justified, and headers say how high that is.
    private Turns PastEnd()
    {
        var shown = Index - EpochLength;
        if (shown <= Final) return this with { Table = Next, Alternative = null, Next = null };

        return Justified <= shown ? this with { Next = null } : this with { Table = Alternative is null && Next is not null ? Table : null, Alternative = Alternative is null ? Next : null, Next = null };
    }
}
