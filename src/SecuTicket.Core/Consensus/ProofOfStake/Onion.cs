using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Consensus.ProofOfStake;

/// <summary>A hash chain, revealed from its end: the commitment is SHA-256 applied to a secret so many times, and each block reveals the link before.</summary>
/// <remarks>
/// <para>After Lamport's one-time passwords (1981), used as a seed by commitment and revelation (RANDAO). Whoever committed can only reveal or be silent: there is nothing to try out. A signature over the
/// last seed would not do: ECDSA gives as many right ones as there are random numbers to make them with.</para>
/// <para>Every 1,024th link is kept, and all of the stretch in use, 32 KiB: a link is looked up, but for once in as many. For one thread.</para>
/// </remarks>
public sealed class Onion
{
    /// <summary>Links of a chain: blocks that it lasts for; with a block a second by one validator alone, twelve days.</summary>
    public const int DefaultLength = 1 << 20;

    private const int Stride = 1_024;

    private const int Near = 2;

    // After 0, Stride, 2 · Stride … hashes of the secret.
    private readonly Hash256[] _kept;

    // The links from one of those up to the next.
    private readonly Hash256[] _stretch;
    private int _stretched = -1;
    private int _last;

    /// <summary>The chain of a secret.</summary>
    /// <param name="secret">32 random bytes, or some that follow from a key and a number; nobody else may know them.</param>
    /// <param name="length">How many links can be revealed, from 1.</param>
    public Onion(in Hash256 secret, int length = DefaultLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _kept = new Hash256[(length / Stride) + 1];
        _kept[0] = secret;
        for (var i = 1; i < _kept.Length; i++) _kept[i] = Hashed(_kept[i - 1], Stride);
        _stretch = new Hash256[Math.Min(Stride, length + 1)];
        Commitment = Link(length);
        _last = length;
    }

    /// <summary>How many links can be revealed.</summary>
    public int Length { get; }

    /// <summary>The end of the chain.</summary>
    public Hash256 Commitment { get; }

    /// <summary>What is revealed after <paramref name="revealed"/>.</summary>
    /// <param name="revealed">The link that was revealed last, or the commitment.</param>
    /// <returns>The link before it; null when it is no link of this chain, or the secret, after which a new chain is needed.</returns>
    public Hash256? Before(in Hash256 revealed)
    {
        if (HashesOf(revealed) is not (> 0 and var hashes)) return null;

        _last = hashes;
        return Link(hashes - 1);
    }

    /// <summary>How many more can be revealed after <paramref name="revealed"/>; null when it is no link of this chain.</summary>
    public int? Left(in Hash256 revealed) => HashesOf(revealed);

    // Mostly it is the one after the last, or, where a branch was left, one of a few before. After a start all links are gone through, once: stretch by stretch from the end, where chains are begun.
    private int? HashesOf(in Hash256 link)
    {
        for (var hashes = Math.Max(_last - Near, 0); hashes <= Math.Min(_last + Near, Length); hashes++)
            if (Link(hashes) == link) return hashes;

        for (var kept = _kept.Length - 1; kept >= 0; kept--)
        {
            var at = _kept[kept];
            for (var hashes = kept * Stride; hashes <= Math.Min(((kept + 1) * Stride) - 1, Length); hashes++)
            {
                if (at == link) return hashes;
                at = Hashed(at, 1);
            }
        }

        return null;
    }

    private Hash256 Link(int hashes)
    {
        if (hashes / Stride != _stretched)
        {
            _stretched = hashes / Stride;
            _stretch[0] = _kept[_stretched];
            for (var i = 1; i < _stretch.Length; i++) _stretch[i] = Hashed(_stretch[i - 1], 1);
        }

        return _stretch[hashes % Stride];
    }

    private static Hash256 Hashed(Hash256 link, int times)
    {
        for (var i = 0; i < times; i++) link = Hash256.Sha256(link.Span);
        return link;
    }
}
