using System.Buffers.Binary;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>SHA-256's constants, and its rounds for one message.</summary>
/// <remarks>The platform hashes whole messages only; what is prepared once for many hashes begins or ends in the middle of one. FIPS 180-4, sections 4.2.2, 5.3.3 and 6.2.</remarks>
internal static class Sha256Rounds
{
    /// <summary>Words of a state, and of a digest.</summary>
    public const int StateWords = 8;

    /// <summary>Words of a block.</summary>
    public const int BlockWords = 16;

    /// <summary>Bytes of a block.</summary>
    public const int BlockSize = BlockWords * sizeof(uint);

    /// <summary>Rounds of a compression.</summary>
    public const int Count = 64;

    /// <summary>The state that a hash begins with.</summary>
    public static ReadOnlySpan<uint> InitialState => [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

    /// <summary>The constant of each round.</summary>
    public static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Takes one block into a state.</summary>
    /// <param name="state">Eight words.</param>
    /// <param name="block">64 bytes.</param>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[Count];
        for (var t = 0; t < BlockWords; t++) words[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
        for (var t = BlockWords; t < Count; t++) words[t] = ScalarLane.Schedule(words[t - 16], words[t - 15], words[t - 7], words[t - 2]);

        Span<uint> worked = stackalloc uint[StateWords];
        state.CopyTo(worked);
        for (var t = 0; t < Count; t++) Round(worked, words[t], t);
        for (var i = 0; i < StateWords; i++) state[i] += worked[i];
    }

    /// <summary>One round.</summary>
    /// <param name="state">The words a to h.</param>
    /// <param name="word">The round's word of the message schedule.</param>
    /// <param name="t">Which round, from 0.</param>
    public static void Round(Span<uint> state, uint word, int t)
    {
        var sum = ScalarLane.AddChoice(state[7], state[4], state[5], state[6], word, Constants[t]);
        var a = ScalarLane.AddMajority(sum, state[0], state[1], state[2]);
        state[..7].CopyTo(state[1..]);
        state[4] += sum;
        state[0] = a;
    }
}
