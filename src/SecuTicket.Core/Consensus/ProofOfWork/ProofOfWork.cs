using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Consensus.ProofOfWork;

/// <summary>Work: a header whose SHA-256 begins with enough zero bits.</summary>
public static class ProofOfWork
{
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
    public static long? Search(ReadOnlySpan<byte> header, uint difficulty, long first, long count)
    {
        Span<byte> candidate = stackalloc byte[BlockHeader.Size];
        header.CopyTo(candidate);
        var nonceBytes = candidate[BlockHeader.NonceOffset..];
        Span<byte> hash = stackalloc byte[Hash256.Size];
        for (var nonce = first; nonce - first < count; nonce++)
        {
            BinaryPrimitives.WriteInt64BigEndian(nonceBytes, nonce);
            SHA256.HashData(candidate, hash);
            if (LeadingZeroBits(hash) >= difficulty) return nonce;
        }

        return null;
    }
}
