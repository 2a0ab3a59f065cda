using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Sync;

/// <summary>Says in few hashes which branch we are on, so that a peer finds where its own leaves it.</summary>
/// <remarks>
/// As in Bitcoin's block locator, but sparser at its start: doubling from the first step on, a peer that left us n blocks ago brings fewer than n headers
/// that we have, while every hash more would be sent each time. With a limit of 1,000 blocks it has 13 hashes, 416 bytes.
/// </remarks>
public static class Locator
{
    /// <summary>Hashes of our branch at 0, 1, 2, 4, 8 … blocks below the tip, the last block that a reorganisation may go back to, and genesis.</summary>
    public static EquatableArray<Hash256> Of(Blockchain chain)
    {
        var hashes = new List<Hash256>();
        var (depth, next) = (0, 0);
        for (var at = chain.Tip; at is not null && depth <= chain.Spec.ReorganisationLimit; at = chain.Find(at.Header.Previous), depth++)
        {
            if (depth != next && depth != chain.Spec.ReorganisationLimit) continue;

            hashes.Add(at.Hash);
            next = Math.Max(1, depth * 2);
        }

        var genesis = chain.Spec.Genesis.Hash;
        if (hashes[^1] != genesis) hashes.Add(genesis);
        return [.. hashes];
    }
}
