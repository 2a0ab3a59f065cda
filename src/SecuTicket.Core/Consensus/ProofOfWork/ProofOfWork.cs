using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Consensus.ProofOfWork;

/// <summary>Work: a header whose SHA-256 begins with enough zero bits.</summary>
public static class ProofOfWork
{
    private const int WordBits = 32;

    // Nonces whose upper half is the same are prepared once.
    private const long UpperStep = 1L << WordBits;

    /// <summary>Leading zero bits of <paramref name="hash"/> as printed, 0 to 256.</summary>
    public static int LeadingZeroBits(ReadOnlySpan<byte> hash)
    {
        var zeros = hash.IndexOfAnyExcept((byte)0);
        return zeros < 0 ? hash.Length * 8 : (zeros * 8) + BitOperations.LeadingZeroCount(hash[zeros]) - 24;
    }

    /// <summary>Tries <paramref name="count"/> nonces from <paramref name="first"/> on.</summary>
    /// <param name="header">The 180 bytes of a header; whatever nonce is in it.</param>
    /// <param name="difficulty">Leading zero bits asked for.</param>
    /// <param name="first">The first nonce tried.</param>
    /// <param name="count">How many are tried.</param>
    /// <returns>The smallest nonce of the range that gives enough zero bits, or null when none does.</returns>
    /// <remarks>A pure function over a range: who runs it in which thread, and when to stop, is the caller's affair.</remarks>
    public static long? Search(ReadOnlySpan<byte> header, uint difficulty, long first, long count) => Search(header, difficulty, first, count, LaneWidths.Widest);

    /// <summary>The same in lanes of one width.</summary>
    internal static long? Search(ReadOnlySpan<byte> header, uint difficulty, long first, long count, LaneWidth width)
    {
        // In these bits of the digest's first word there must be none; the rest is looked at in the few hashes that get so far.
        var mask = difficulty == 0 ? 0 : uint.MaxValue << (int)(WordBits - Math.Min(difficulty, WordBits));
        Span<byte> candidate = stackalloc byte[BlockHeader.Size];
        header.CopyTo(candidate);
        Span<byte> hash = stackalloc byte[Hash256.Size];
        for (long tried = 0; tried < count; tried++)
        {
            var nonce = first + tried;
            var alike = Math.Min(count - tried, UpperStep - (uint)nonce);
            if (NonceSearch.Find(new NonceBlock(header, (uint)(nonce >> WordBits)), (uint)nonce, alike, mask, width) is not { } further)
            {
                tried += alike - 1;
                continue;
            }

            tried += further;
            BinaryPrimitives.WriteInt64BigEndian(candidate[BlockHeader.NonceOffset..], first + tried);
            SHA256.HashData(candidate, hash);
            if (LeadingZeroBits(hash) >= difficulty) return first + tried;
        }

        return null;
    }
}
