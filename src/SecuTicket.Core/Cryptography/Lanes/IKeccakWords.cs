using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>What Keccak does to 64-bit words, done to several words side by side.</summary>
/// <typeparam name="TWords">One word of each lane.</typeparam>
internal interface IKeccakWords<TWords>
    where TWords : struct
{
    /// <summary>The same word in every lane.</summary>
    static abstract TWords All(ulong word);

    /// <summary>x ^ y.</summary>
    static abstract TWords Xor(TWords x, TWords y);

    /// <summary>x ^ y ^ z.</summary>
    static abstract TWords Xor(TWords x, TWords y, TWords z);

    /// <summary>x ^ (~y &amp; z).</summary>
    static abstract TWords Chi(TWords x, TWords y, TWords z);

    /// <summary>x turned left by 1 to 63 bits.</summary>
    static abstract TWords RotateLeft(TWords x, [ConstantExpected] byte bits);
}

/// <summary>One lane.</summary>
internal readonly struct ScalarWords : IKeccakWords<ulong>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong All(ulong word) => word;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong x, ulong y) => x ^ y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Xor(ulong x, ulong y, ulong z) => x ^ y ^ z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Chi(ulong x, ulong y, ulong z) => x ^ (~y & z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong RotateLeft(ulong x, [ConstantExpected] byte bits) => BitOperations.RotateLeft(x, bits);
}

/// <summary>Four lanes in a vector of 256 bits.</summary>
internal readonly struct Vector256Words : IKeccakWords<Vector256<ulong>>
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> All(ulong word) => Vector256.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> x, Vector256<ulong> y) => x ^ y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> z) => x ^ y ^ z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Chi(Vector256<ulong> x, Vector256<ulong> y, Vector256<ulong> z) => x ^ (~y & z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> RotateLeft(Vector256<ulong> x, [ConstantExpected] byte bits) => (x << bits) | (x >>> (64 - bits));
}

/// <summary>Eight lanes in a vector of 512 bits.</summary>
internal readonly struct Vector512Words : IKeccakWords<Vector512<ulong>>
{
    // The table of truth of x ^ (~y & z); the compiler sees the sums of three by itself.
    private const byte ChiTable = 0xd2;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> All(ulong word) => Vector512.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> x, Vector512<ulong> y) => x ^ y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> z) => x ^ y ^ z;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Chi(Vector512<ulong> x, Vector512<ulong> y, Vector512<ulong> z) => Avx512F.IsSupported ? Avx512F.TernaryLogic(x, y, z, ChiTable) : x ^ (~y & z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> RotateLeft(Vector512<ulong> x, [ConstantExpected] byte bits) => Avx512F.IsSupported ? Avx512F.RotateLeft(x, bits) : (x << bits) | (x >>> (64 - bits));
}
