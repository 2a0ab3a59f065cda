using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>A part of a branch whose headers were proven and then let go: they are read once more, from whichever peer, to fetch their blocks.</summary>
/// <remarks>All was proven of the headers between the two hashes, and a hash names all that is before it: that the links lead from one to the other is all that is checked.</remarks>
/// <param name="After">The block before its first one.</param>
/// <param name="Last">Its last block.</param>
/// <param name="Count">Its headers, 1 to <see cref="PeerLimits.Headers"/>.</param>
public sealed record HeaderSegment(Hash256 After, Hash256 Last, int Count)
{
    /// <summary>What to ask a peer for.</summary>
    public PeerRequest.GetHeaders Request => new([After], Count);

    /// <summary>Takes the answer.</summary>
    /// <returns>The hashes, oldest first; Transient when the answer is too short, as that of a peer that left the branch is, Invalid when it leads elsewhere.</returns>
    public Verdict<EquatableArray<Hash256>> Read(IReadOnlyList<SealedHeader> page)
    {
        if (page.Count > Count) return new Refusal(RefusalCodes.TooLarge, $"{page.Count} headers came, {Count} were asked for.");

        var hashes = new Hash256[page.Count];
        var before = After;
        for (var i = 0; i < hashes.Length; i++)
        {
            var header = page[i].Header;
            if (header.Previous != before) return new Refusal(RefusalCodes.InvalidLink, $"Header of block {header.Index}: it names {header.Previous} as the block before it, that is {before}.");

            hashes[i] = before = header.Hash;
        }

        if (hashes.Length < Count) return new Refusal(RefusalCodes.UnknownParent, $"{hashes.Length} headers came after {After}, {Count} were asked for.", RefusalKind.Transient);

        return before == Last ? new EquatableArray<Hash256>(hashes) : new Refusal(RefusalCodes.InvalidLink, $"The headers after {After} end with {before}, not with {Last}.");
    }
}
