using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Sync;

/// <summary>Answers peers who ask for the headers that follow what they have.</summary>
/// <param name="store">Where our blocks are.</param>
public sealed class HeaderReader(IBlockStore store)
{
    /// <summary>Times that the start is looked up, at the most, when the chain is reorganised meanwhile.</summary>
    public const int MaxTries = 3;

    /// <summary>The headers that follow the first block of the locator that is on our branch; none when none is.</summary>
    /// <exception cref="StorageException">The disk failed, or what it holds is no header.</exception>
    public PeerAnswer.Headers Read(PeerRequest.GetHeaders request)
    {
        for (var tries = 0; tries < MaxTries && FindStart(request.Locator) is { } start; tries++)
        {
            if (ReadAfter(start.Index, start.Hash, request.Count) is { } headers) return new PeerAnswer.Headers([.. headers]);
        }

        return new PeerAnswer.Headers([]);
    }

    private (long Index, Hash256 Hash)? FindStart(EquatableArray<Hash256> locator)
    {
        foreach (var hash in locator.Span)
            if (store.FindIndex(hash) is { } index) return (index, hash);

        return null;
    }

    // The start is read again by the same read that reads what follows: null when it left our branch in between.
    private List<SealedHeader>? ReadAfter(long index, Hash256 hash, int count)
    {
        var headers = new List<SealedHeader>();
        using var stored = store.ReadHeaders(index, count + 1).GetEnumerator();
        if (!stored.MoveNext() || stored.Current.Hash != hash) return null;

        while (stored.MoveNext())
        {
            headers.Add(SealedHeader.Read(stored.Current.Bytes.Span, out _).TryGet(out var header, out var refusal)
                ? header
                : throw new StorageException(StorageFault.Damaged, $"The stored header of block {stored.Current.Index} can not be read ({refusal.Detail}): restore the data directory or let the node sync anew."));
        }

        return headers;
    }
}
