using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using static System.Numerics.BitOperations;

namespace SecuTicket.Core.Cryptography;

/// <summary>Keccak-256 with the original 0x01 padding, as Ethereum uses it (not FIPS 202's SHA3-256, which pads with 0x06).</summary>
/// <remarks>
/// The platform offers SHA3-256 only, so this one hash is ours. Source: the Keccak reference, version 3.0, section 1 (rate 1088, capacity 512).
/// Every address that is read or written with its checksum costs one of these, and every signature's key one more: so the steps of a round are written out.
/// </remarks>
public static class Keccak256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    private const int Rate = 136;
    private const int Lanes = 25;

    private static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
        0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Writes the 32-byte digest of <paramref name="input"/> to <paramref name="digest"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public static void Hash(ReadOnlySpan<byte> input, Span<byte> digest)
    {
        if (digest.Length < Size) throw new ArgumentException("A Keccak-256 digest takes 32 bytes.", nameof(digest));

        Span<ulong> state = stackalloc ulong[Lanes];
        state.Clear();
        while (input.Length >= Rate)
        {
            Absorb(state, input[..Rate]);
            input = input[Rate..];
        }

        Span<byte> last = stackalloc byte[Rate];
        last.Clear();
        input.CopyTo(last);
        last[input.Length] = 0x01;
        last[Rate - 1] |= 0x80;
        Absorb(state, last);
        for (var i = 0; i < Size / 8; i++) BinaryPrimitives.WriteUInt64LittleEndian(digest[(i * 8)..], state[i]);
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < Rate / 8; i++) state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        Permute(state);
    }

    private static void Permute(Span<ulong> state)
    {
        Span<ulong> other = stackalloc ulong[Lanes];
        for (var i = 0; i < RoundConstants.Length; i += 2)
        {
            Round(state, other, RoundConstants[i]);
            Round(other, state, RoundConstants[i + 1]);
        }
    }

    // θ, then ρ and π while taking the lanes of each new row, then χ and ι on the row. Lane (x, y) is at x + 5y.
    private static void Round(ReadOnlySpan<ulong> a, Span<ulong> to, ulong constant)
    {
        // Told once, the compiler need not ask at every lane.
        if (a.Length != Lanes || to.Length != Lanes) throw new ArgumentException("A state has 25 lanes.", nameof(a));

        var c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
        var c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
        var c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
        var c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
        var c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
        var d0 = c4 ^ RotateLeft(c1, 1);
        var d1 = c0 ^ RotateLeft(c2, 1);
        var d2 = c1 ^ RotateLeft(c3, 1);
        var d3 = c2 ^ RotateLeft(c4, 1);
        var d4 = c3 ^ RotateLeft(c0, 1);

        Chi(to[..5], a[0] ^ d0, RotateLeft(a[6] ^ d1, 44), RotateLeft(a[12] ^ d2, 43), RotateLeft(a[18] ^ d3, 21), RotateLeft(a[24] ^ d4, 14));
        Chi(to[5..10], RotateLeft(a[3] ^ d3, 28), RotateLeft(a[9] ^ d4, 20), RotateLeft(a[10] ^ d0, 3), RotateLeft(a[16] ^ d1, 45), RotateLeft(a[22] ^ d2, 61));
        Chi(to[10..15], RotateLeft(a[1] ^ d1, 1), RotateLeft(a[7] ^ d2, 6), RotateLeft(a[13] ^ d3, 25), RotateLeft(a[19] ^ d4, 8), RotateLeft(a[20] ^ d0, 18));
        Chi(to[15..20], RotateLeft(a[4] ^ d4, 27), RotateLeft(a[5] ^ d0, 36), RotateLeft(a[11] ^ d1, 10), RotateLeft(a[17] ^ d2, 15), RotateLeft(a[23] ^ d3, 56));
        Chi(to[20..25], RotateLeft(a[2] ^ d2, 62), RotateLeft(a[8] ^ d3, 55), RotateLeft(a[14] ^ d4, 39), RotateLeft(a[15] ^ d0, 41), RotateLeft(a[21] ^ d1, 2));
        to[0] ^= constant;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Chi(Span<ulong> row, ulong b0, ulong b1, ulong b2, ulong b3, ulong b4)
    {
        row[0] = b0 ^ (~b1 & b2);
        row[1] = b1 ^ (~b2 & b3);
        row[2] = b2 ^ (~b3 & b4);
        row[3] = b3 ^ (~b4 & b0);
        row[4] = b4 ^ (~b0 & b1);
    }
}
