using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>Sixteen lanes in a vector of 512 bits.</summary>
internal readonly struct Vector512Lanes : ILanes<Vector512<uint>>
{
    // Tables of truth of Ch and Maj; the compiler sees the sums of three by itself, and makes two operations of Ch.
    private const byte Choice = 0xca;
    private const byte Majority = 0xe8;

    /// <inheritdoc/>
    public static int Count => 16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> All(uint word) => Vector512.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> CountFrom(uint first) => Vector512.Create(first) + Vector512<uint>.Indices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Sum(Vector512<uint> x, Vector512<uint> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Plus(Vector512<uint> x, uint y) => x + Vector512.Create(y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Sigma0(Vector512<uint> x) => Avx512F.IsSupported
        ? Avx512F.RotateRight(x, 7) ^ Avx512F.RotateRight(x, 18) ^ (x >>> 3)
        : ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Sigma1(Vector512<uint> x) => Avx512F.IsSupported
        ? Avx512F.RotateRight(x, 17) ^ Avx512F.RotateRight(x, 19) ^ (x >>> 10)
        : ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Schedule(Vector512<uint> w, Vector512<uint> x, Vector512<uint> y, Vector512<uint> z) => w + Sigma0(x) + (y + Sigma1(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddChoice(Vector512<uint> h, Vector512<uint> e, Vector512<uint> f, Vector512<uint> g) => Avx512F.IsSupported
        ? h + ((Avx512F.RotateRight(e, 6) ^ Avx512F.RotateRight(e, 11) ^ Avx512F.RotateRight(e, 25)) + Avx512F.TernaryLogic(e, f, g, Choice))
        : h + ((((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddChoice(Vector512<uint> h, Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, uint k) => AddChoice(h + Vector512.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddChoice(Vector512<uint> h, Vector512<uint> e, Vector512<uint> f, Vector512<uint> g, Vector512<uint> w, uint k) => AddChoice(h + w + Vector512.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> AddMajority(Vector512<uint> t, Vector512<uint> a, Vector512<uint> b, Vector512<uint> c) => Avx512F.IsSupported
        ? t + ((Avx512F.RotateRight(a, 2) ^ Avx512F.RotateRight(a, 13) ^ Avx512F.RotateRight(a, 22)) + Avx512F.TernaryLogic(a, b, c, Majority))
        : t + ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LastByteThen(Vector512<uint> x, Vector512<uint> y) => (x << 24) | (y >>> 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadEven(ReadOnlySpan<uint> source) => Vector512.Narrow(Vector512.Create(source).AsUInt64(), Vector512.Create(source[Count..]).AsUInt64());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadOdd(ReadOnlySpan<uint> source) => Vector512.Narrow(Vector512.Create(source).AsUInt64() >>> 32, Vector512.Create(source[Count..]).AsUInt64() >>> 32);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> words, Span<uint> destination) => words.CopyTo(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyWithout(Vector512<uint> words, uint mask) => Vector512.EqualsAny(words & Vector512.Create(mask), Vector512<uint>.Zero);

    /// <inheritdoc/>
    public static int FirstWithout(Vector512<uint> words, uint mask) => BitOperations.TrailingZeroCount(Vector512.Equals(words & Vector512.Create(mask), Vector512<uint>.Zero).ExtractMostSignificantBits());
}
