using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>The permutation Keccak-f[1600], of one state in each lane.</summary>
/// <remarks>Source: the Keccak reference, version 3.0, sections 1.2 and 2. The steps of a round are written out.</remarks>
/// <typeparam name="L">The lanes.</typeparam>
/// <typeparam name="TWords">One 64-bit word of each lane.</typeparam>
internal static class KeccakPermutation<L, TWords>
    where L : IKeccakWords<TWords>
    where TWords : unmanaged
{
    /// <summary>Words of a state.</summary>
    public const int Words = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Permutes a state.</summary>
    /// <param name="state">25 words; word (x, y) is at x + 5y.</param>
    public static void Permute(Span<TWords> state)
    {
        Span<TWords> other = stackalloc TWords[Words];
        for (var i = 0; i < RoundConstants.Length; i += 2)
        {
            Round(state, other, RoundConstants[i]);
            Round(other, state, RoundConstants[i + 1]);
        }
    }

    // θ, then ρ and π while taking the words of each new row, then χ and ι on the row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(ReadOnlySpan<TWords> a, Span<TWords> to, ulong constant)
    {
        // Told once, the compiler need not ask at every word.
        if (a.Length != Words || to.Length != Words) throw new ArgumentException("A state has 25 words.", nameof(a));

        var c0 = L.Xor(L.Xor(a[0], a[5], a[10]), a[15], a[20]);
        var c1 = L.Xor(L.Xor(a[1], a[6], a[11]), a[16], a[21]);
        var c2 = L.Xor(L.Xor(a[2], a[7], a[12]), a[17], a[22]);
        var c3 = L.Xor(L.Xor(a[3], a[8], a[13]), a[18], a[23]);
        var c4 = L.Xor(L.Xor(a[4], a[9], a[14]), a[19], a[24]);
        var d0 = L.Xor(c4, L.RotateLeft(c1, 1));
        var d1 = L.Xor(c0, L.RotateLeft(c2, 1));
        var d2 = L.Xor(c1, L.RotateLeft(c3, 1));
        var d3 = L.Xor(c2, L.RotateLeft(c4, 1));
        var d4 = L.Xor(c3, L.RotateLeft(c0, 1));

        Chi(to[..5], L.Xor(a[0], d0), L.RotateLeft(L.Xor(a[6], d1), 44), L.RotateLeft(L.Xor(a[12], d2), 43), L.RotateLeft(L.Xor(a[18], d3), 21), L.RotateLeft(L.Xor(a[24], d4), 14));
        Chi(to[5..10], L.RotateLeft(L.Xor(a[3], d3), 28), L.RotateLeft(L.Xor(a[9], d4), 20), L.RotateLeft(L.Xor(a[10], d0), 3), L.RotateLeft(L.Xor(a[16], d1), 45), L.RotateLeft(L.Xor(a[22], d2), 61));
        Chi(to[10..15], L.RotateLeft(L.Xor(a[1], d1), 1), L.RotateLeft(L.Xor(a[7], d2), 6), L.RotateLeft(L.Xor(a[13], d3), 25), L.RotateLeft(L.Xor(a[19], d4), 8), L.RotateLeft(L.Xor(a[20], d0), 18));
        Chi(to[15..20], L.RotateLeft(L.Xor(a[4], d4), 27), L.RotateLeft(L.Xor(a[5], d0), 36), L.RotateLeft(L.Xor(a[11], d1), 10), L.RotateLeft(L.Xor(a[17], d2), 15), L.RotateLeft(L.Xor(a[23], d3), 56));
        Chi(to[20..25], L.RotateLeft(L.Xor(a[2], d2), 62), L.RotateLeft(L.Xor(a[8], d3), 55), L.RotateLeft(L.Xor(a[14], d4), 39), L.RotateLeft(L.Xor(a[15], d0), 41), L.RotateLeft(L.Xor(a[21], d1), 2));
        to[0] = L.Xor(to[0], L.All(constant));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(Span<TWords> row, TWords b0, TWords b1, TWords b2, TWords b3, TWords b4)
    {
        row[0] = L.Chi(b0, b1, b2);
        row[1] = L.Chi(b1, b2, b3);
        row[2] = L.Chi(b2, b3, b4);
        row[3] = L.Chi(b3, b4, b0);
        row[4] = L.Chi(b4, b0, b1);
    }
}
