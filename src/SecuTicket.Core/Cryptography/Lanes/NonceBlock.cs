using System.Buffers.Binary;

namespace SecuTicket.Core.Cryptography.Lanes;

/// <summary>What SHA-256 of a message that ends with a nonce of 8 bytes has to do but once for all nonces with the same upper half.</summary>
/// <remarks>
/// <para>The message's last block holds 52 bytes of it, so the nonce is in words 11 and 12 and 13 to 15 are padding: only word 12 differs from nonce to nonce.
/// So all blocks before, rounds 0 to 11 and half of round 12 are done here, and of the schedule's words 16 to 40 everything that word 12 has no part in. A word that
/// it has no part in at all (16, 17, 18, 20, 22, 24) is kept with its round's constant added. Miners of Bitcoin do the same with its header, whose nonce is in word 3.</para>
/// </remarks>
internal sealed class NonceBlock
{
    /// <summary>Bytes of the message that its last block holds.</summary>
    public const int TailSize = 52;

    private const int NonceWord = 12;
    private const int LastPrepared = 40;

    /// <summary>The first word of the state before the last block: it is added to the first word of the digest.</summary>
    public readonly uint Initial;

    /// <summary>The state after round 11, as far as it is used after round 12: what are a, b, c, e and f then.</summary>
    public readonly uint A, B, C, E, F;

    /// <summary>a and e after round 12, less the nonce.</summary>
    public readonly uint SumA, SumE;

    /// <summary>What stands in h in rounds 13 to 15, with word and constant added.</summary>
    public readonly uint Sum13, Sum14, Sum15;

    /// <summary>Words without the nonce, with their round's constant added.</summary>
    public readonly uint Round16, Round17, Round18, Round20, Round22, Round24;

    /// <summary>Of the other words, what the nonce has no part in.</summary>
    public readonly uint Word19, Word21, Word23, Word25, Word26, Word27, Word28, Word29, Word30, Word31, Word32, Word33, Word34, Word35, Word36, Word37, Word38, Word39, Word40;

    /// <summary>Prepares a message.</summary>
    /// <param name="message">A multiple of 64 bytes and 52 more; whatever nonce is in the last 8.</param>
    /// <param name="upper">The nonce's upper half.</param>
    /// <exception cref="ArgumentException">The message has another length.</exception>
    public NonceBlock(ReadOnlySpan<byte> message, uint upper)
    {
        if (message.Length % Sha256Rounds.BlockSize != TailSize) throw new ArgumentException("The nonce must lie in the words 11 and 12 of the last block.", nameof(message));

        Span<uint> state = stackalloc uint[Sha256Rounds.StateWords];
        Sha256Rounds.InitialState.CopyTo(state);
        var tail = message;
        for (; tail.Length > TailSize; tail = tail[Sha256Rounds.BlockSize..]) Sha256Rounds.Compress(state, tail);
        Initial = state[0];

        Span<uint> words = stackalloc uint[LastPrepared + 1];
        for (var t = 0; t < NonceWord - 1; t++) words[t] = BinaryPrimitives.ReadUInt32BigEndian(tail[(t * sizeof(uint))..]);
        words[11] = upper;
        words[13] = 0x80000000;
        words[15] = (uint)message.Length * 8;

        for (var t = 0; t < NonceWord; t++) Sha256Rounds.Round(state, words[t], t);
        (A, B, C, E, F) = (state[0], state[1], state[2], state[4], state[5]);
        var k = Sha256Rounds.Constants;
        (Sum13, Sum14, Sum15) = (state[6] + words[13] + k[13], state[5] + words[14] + k[14], state[4] + words[15] + k[15]);
        Sha256Rounds.Round(state, 0, NonceWord);
        (SumA, SumE) = (state[0], state[4]);

        Span<bool> varies = stackalloc bool[LastPrepared + 1];
        varies[NonceWord] = true;
        for (var t = Sha256Rounds.BlockWords; t <= LastPrepared; t++)
        {
            varies[t] = varies[t - 16] || varies[t - 15] || varies[t - 7] || varies[t - 2];
            words[t] = (varies[t - 16] ? 0 : words[t - 16])
                + (varies[t - 15] ? 0 : ScalarLane.Sigma0(words[t - 15]))
                + (varies[t - 7] ? 0 : words[t - 7])
                + (varies[t - 2] ? 0 : ScalarLane.Sigma1(words[t - 2]));
        }

        (Round16, Round17, Round18) = (words[16] + k[16], words[17] + k[17], words[18] + k[18]);
        (Round20, Round22, Round24) = (words[20] + k[20], words[22] + k[22], words[24] + k[24]);
        (Word19, Word21, Word23, Word25, Word26, Word27, Word28, Word29) = (words[19], words[21], words[23], words[25], words[26], words[27], words[28], words[29]);
        (Word30, Word31, Word32, Word33, Word34, Word35, Word36, Word37) = (words[30], words[31], words[32], words[33], words[34], words[35], words[36], words[37]);
        (Word38, Word39, Word40) = (words[38], words[39], words[40]);
    }
}
