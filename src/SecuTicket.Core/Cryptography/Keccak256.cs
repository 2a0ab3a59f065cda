using System.Buffers.Binary;
using SecuTicket.Core.Cryptography.Lanes;

namespace SecuTicket.Core.Cryptography;

/// <summary>Keccak-256 with the original 0x01 padding, as Ethereum uses it (not FIPS 202's SHA3-256, which pads with 0x06).</summary>
/// <remarks>
/// The platform offers SHA3-256 only, so this one hash is ours. Source: the Keccak reference, version 3.0, section 1 (rate 1088, capacity 512).
/// Every address that is read or written with its checksum costs one of these, and every signature's key one more; those of a whole block are made side by side (<see cref="ManyKeccaks"/>).
/// </remarks>
public static class Keccak256
{
    /// <summary>Bytes of a digest.</summary>
    public const int Size = 32;

    private const int Rate = 136;
    private const int Lanes = 25;

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
        KeccakPermutation<ScalarWords, ulong>.Permute(state);
    }
}
