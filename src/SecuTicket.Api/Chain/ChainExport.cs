using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Chain;

/// <summary>A part of the chain as it is stored, byte for byte.</summary>
/// <param name="Bytes">Whole blocks, see <see cref="BlockFrames"/>; none beyond the tip.</param>
/// <param name="Next">Index of the block after it; null when it ends with the tip.</param>
internal sealed record ChainExport(byte[] Bytes, long? Next)
{
    /// <summary>What an export is: bytes.</summary>
    public const string MediaType = "application/octet-stream";

    /// <summary>The header that says where to read on.</summary>
    public const string NextHeader = "SecuTicket-Next";

    /// <summary>Most bytes of an export; one block is given whatever its size.</summary>
    public const int MaxSize = 4 * 1024 * 1024;

    /// <summary>Reads a part, as one consistent read.</summary>
    /// <param name="store">Where blocks are.</param>
    /// <param name="snapshot">Which tip the chain has.</param>
    /// <param name="from">Index of the first block.</param>
    /// <param name="maxSize">Most bytes.</param>
    /// <remarks>Bytes are given as the disk holds them, changed ones too: whoever gets them checks them. They are read at once and not while a slow client takes them, which would keep a connection of the database.</remarks>
    public static ChainExport Read(IBlockStore store, NodeSnapshot snapshot, long from, int maxSize = MaxSize)
    {
        using var bytes = new MemoryStream();
        foreach (var stored in store.ReadChain(from).TakeWhile(stored => stored.Index <= snapshot.Tip.Index))
        {
            if (bytes.Length > 0 && bytes.Length + BlockFrames.LengthSize + stored.Bytes.Length > maxSize) return new ChainExport(bytes.ToArray(), stored.Index);

            BlockFrames.Write(bytes, stored.Bytes.Span);
        }

        return new ChainExport(bytes.ToArray(), null);
    }
}
