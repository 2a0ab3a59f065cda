using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>Eight lanes in a vector of 256 bits.</summary>
internal readonly struct Vector256Lanes : ILanes<Vector256<uint>>
{
    /// <inheritdoc/>
    public static int Count => 8;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> All(uint word) => Vector256.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> CountFrom(uint first) => Vector256.Create(first) + Vector256<uint>.Indices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Sum(Vector256<uint> x, Vector256<uint> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Plus(Vector256<uint> x, uint y) => x + Vector256.Create(y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Sigma0(Vector256<uint> x) => ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Sigma1(Vector256<uint> x) => ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Schedule(Vector256<uint> w, Vector256<uint> x, Vector256<uint> y, Vector256<uint> z) => w + Sigma0(x) + (y + Sigma1(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddChoice(Vector256<uint> h, Vector256<uint> e, Vector256<uint> f, Vector256<uint> g) => h + ((((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddChoice(Vector256<uint> h, Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, uint k) => AddChoice(h + Vector256.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddChoice(Vector256<uint> h, Vector256<uint> e, Vector256<uint> f, Vector256<uint> g, Vector256<uint> w, uint k) => AddChoice(h + w + Vector256.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> AddMajority(Vector256<uint> t, Vector256<uint> a, Vector256<uint> b, Vector256<uint> c) => t + ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LastByteThen(Vector256<uint> x, Vector256<uint> y) => (x << 24) | (y >>> 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadEven(ReadOnlySpan<uint> source) => Vector256.Narrow(Vector256.Create(source).AsUInt64(), Vector256.Create(source[Count..]).AsUInt64());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadOdd(ReadOnlySpan<uint> source) => Vector256.Narrow(Vector256.Create(source).AsUInt64() >>> 32, Vector256.Create(source[Count..]).AsUInt64() >>> 32);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> words, Span<uint> destination) => words.CopyTo(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyWithout(Vector256<uint> words, uint mask) => Vector256.EqualsAny(words & Vector256.Create(mask), Vector256<uint>.Zero);

    /// <inheritdoc/>
    public static int FirstWithout(Vector256<uint> words, uint mask) => BitOperations.TrailingZeroCount(Vector256.Equals(words & Vector256.Create(mask), Vector256<uint>.Zero).ExtractMostSignificantBits());
}
