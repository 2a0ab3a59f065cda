using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>Four lanes in a vector of 128 bits.</summary>
internal readonly struct Vector128Lanes : ILanes<Vector128<uint>>
{
    /// <inheritdoc/>
    public static int Count => 4;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> All(uint word) => Vector128.Create(word);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> CountFrom(uint first) => Vector128.Create(first) + Vector128<uint>.Indices;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Sum(Vector128<uint> x, Vector128<uint> y) => x + y;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Plus(Vector128<uint> x, uint y) => x + Vector128.Create(y);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Sigma0(Vector128<uint> x) => ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Sigma1(Vector128<uint> x) => ((x >>> 17) | (x << 15)) ^ ((x >>> 19) | (x << 13)) ^ (x >>> 10);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Schedule(Vector128<uint> w, Vector128<uint> x, Vector128<uint> y, Vector128<uint> z) => w + Sigma0(x) + (y + Sigma1(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddChoice(Vector128<uint> h, Vector128<uint> e, Vector128<uint> f, Vector128<uint> g) => h + ((((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + (g ^ (e & (f ^ g))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddChoice(Vector128<uint> h, Vector128<uint> e, Vector128<uint> f, Vector128<uint> g, uint k) => AddChoice(h + Vector128.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddChoice(Vector128<uint> h, Vector128<uint> e, Vector128<uint> f, Vector128<uint> g, Vector128<uint> w, uint k) => AddChoice(h + w + Vector128.Create(k), e, f, g);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> AddMajority(Vector128<uint> t, Vector128<uint> a, Vector128<uint> b, Vector128<uint> c) => t + ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) | (c & (a | b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LastByteThen(Vector128<uint> x, Vector128<uint> y) => (x << 24) | (y >>> 8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadEven(ReadOnlySpan<uint> source) => Vector128.Narrow(Vector128.Create(source).AsUInt64(), Vector128.Create(source[Count..]).AsUInt64());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadOdd(ReadOnlySpan<uint> source) => Vector128.Narrow(Vector128.Create(source).AsUInt64() >>> 32, Vector128.Create(source[Count..]).AsUInt64() >>> 32);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> words, Span<uint> destination) => words.CopyTo(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyWithout(Vector128<uint> words, uint mask) => Vector128.EqualsAny(words & Vector128.Create(mask), Vector128<uint>.Zero);

    /// <inheritdoc/>
    public static int FirstWithout(Vector128<uint> words, uint mask) => BitOperations.TrailingZeroCount(Vector128.Equals(words & Vector128.Create(mask), Vector128<uint>.Zero).ExtractMostSignificantBits());
}
