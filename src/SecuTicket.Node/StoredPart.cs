using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Some blocks of a stored branch, as they follow each other.</summary>
/// <param name="Stored">The blocks.</param>
/// <param name="End">How the branch ends after them; null when it goes on.</param>
internal sealed record StoredPart(IReadOnlyList<StoredBlock> Stored, BranchEnd? End) : ReplayPart([.. Stored.Select(static block => block.Bytes)])
{
    // One block is read again with each batch, and nothing is judged before the first batch is there.
    private const long BatchSize = 2 * 1024 * 1024;

    /// <summary>Reads a whole branch from genesis on, a batch at a time. Only the last part has an end.</summary>
    /// <exception cref="StorageException">The disk does not answer. One that answers, but not with a block, is an end like any other.</exception>
    public static IEnumerable<StoredPart> ReadAll(IBlockStore store)
    {
        for (StoredBlock? last = null; ;)
        {
            var (blocks, end) = Read(store, last);
            StoredBlock[][] parts = [.. ChainReplay.Parts(blocks, static block => block.Bytes.Length)];
            for (var i = 0; i < parts.Length; i++) yield return new StoredPart(parts[i], i + 1 < parts.Length ? null : end);
            if (end is not null && parts.Length == 0) yield return new StoredPart([], end);
            if (end is not null) yield break;

            last = blocks[^1];
        }
    }

    // The block read last is read again by the same read as those after it: so none of another branch is taken for one that follows it.
    private static (List<StoredBlock> Blocks, BranchEnd? End) Read(IBlockStore store, StoredBlock? last)
    {
        var blocks = new List<StoredBlock>();
        var size = 0L;
        try
        {
            using var source = store.ReadChain(last?.Index ?? 0).GetEnumerator();
            if (last is not null && !(source.MoveNext() && source.Current.Index == last.Index && source.Current.Hash == last.Hash)) return (blocks, new BranchEnd(IsReorganised: true));

            while (blocks.Count < ChainReplay.BatchBlocks && size < BatchSize)
            {
                if (!source.MoveNext()) return (blocks, new BranchEnd());
                if (source.Current.Index != (last?.Index + 1 ?? 0) + blocks.Count) return (blocks, new BranchEnd(Stray: source.Current.Index));

                blocks.Add(source.Current);
                size += source.Current.Bytes.Length;
            }
        }
        catch (StorageException damage) when (damage.Fault == StorageFault.Damaged)
        {
            return (blocks, new BranchEnd(IsDamaged: true));
        }

        return (blocks, null);
    }
}

/// <summary>How a stored branch ends.</summary>
/// <param name="Stray">The index of a block that is stored next and does not follow.</param>
/// <param name="IsDamaged">Whether what follows can not be read: the blocks before it are judged before that is told.</param>
/// <param name="IsReorganised">Whether the block read last is on the branch no more.</param>
internal sealed record BranchEnd(long? Stray = null, bool IsDamaged = false, bool IsReorganised = false);
