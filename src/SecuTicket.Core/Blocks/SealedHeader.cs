using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A header, and the sealer's signature where the chain asks for one: a block without its body.</summary>
/// <param name="Header">The header.</param>
/// <param name="Seal">The signature of its hash, or null.</param>
public sealed record SealedHeader(BlockHeader Header, TransactionSignature? Seal)
{
    /// <summary>Bytes of the longest: 310.</summary>
    public static readonly int MaxSize = BlockHeader.Size + TransactionSignature.ListSize(1);

    /// <summary>Bytes of the stored and peer form.</summary>
    public int Size => BlockHeader.Size + TransactionSignature.ListSize(Seal is null ? 0 : 1);

    /// <summary>Writes the stored and peer form: header ‖ seal as a signature list of none or one.</summary>
    /// <returns>The bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        Header.Write(destination);
        TransactionSignature.WriteList(Seal is { } seal ? [seal] : [], destination[BlockHeader.Size..]);
        return Size;
    }

    /// <summary>Reads the stored and peer form that starts <paramref name="source"/> and says how many bytes it took.</summary>
    public static Verdict<SealedHeader> Read(ReadOnlySpan<byte> source, out int read)
    {
        read = 0;
        if (source.Length < BlockHeader.Size) return new Refusal(RefusalCodes.InvalidBlock, "The block is cut short.");
        if (!BlockHeader.Decode(source[..BlockHeader.Size]).TryGet(out var header, out var refusal)) return refusal;
        if (!TransactionSignature.ReadList(source[BlockHeader.Size..], out var listSize).TryGet(out var seal, out refusal)) return refusal;
        if (seal.Count > 1) return new Refusal(RefusalCodes.InvalidBlock, "A block has one seal at most.");
        if (seal.Count == 1 && seal[0].Scheme != SignatureScheme.P256) return new Refusal(RefusalCodes.InvalidBlock, "A block is sealed with a plain key: no passkey makes blocks.");

        read = BlockHeader.Size + listSize;
        return new SealedHeader(header, seal.Count == 1 ? seal[0] : null);
    }
}
