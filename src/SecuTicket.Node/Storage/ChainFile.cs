using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>A chain in one file, from genesis on: magic ‖ format version ‖ length and canonical specification ‖ <see cref="BlockFrames"/>.</summary>
/// <remarks>It says which chain it holds, so that whoever gets it needs nothing else; and nothing in it is believed: see <see cref="ChainReplay"/>.</remarks>
public sealed class ChainFile : IDisposable
{
    /// <summary>The format's version.</summary>
    public const byte Version = 1;

    private readonly Stream _source;
    private Refusal? _fault;

    private ChainFile(Stream source, ChainSpec spec)
    {
        _source = source;
        Spec = spec;
    }

    /// <summary>What a file begins with, 7 ASCII characters.</summary>
    public static ReadOnlySpan<byte> Magic => "STCHAIN"u8;

    /// <summary>The specification of the chain that the file holds.</summary>
    public ChainSpec Spec { get; }

    /// <summary>Begins a file; its blocks follow with <see cref="BlockFrames.Write"/>.</summary>
    public static void Begin(Stream destination, ChainSpec spec)
    {
        destination.Write(Magic);
        destination.WriteByte(Version);
        BlockFrames.Write(destination, spec.Canonical.Span);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="source">The file, at its start; disposed with the answer.</param>
    /// <returns>The file at its first block, or <c>invalid_block</c> (no such file, or of a later version), or what is wrong with its specification.</returns>
    public static Verdict<ChainFile> Open(Stream source)
    {
        Span<byte> head = stackalloc byte[Magic.Length + 1 + BlockFrames.LengthSize];
        if (source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.StartsWith(Magic)) return NotOurs("it does not begin as one");
        if (head[Magic.Length] != Version) return NotOurs($"its format is version {head[Magic.Length]}, this program reads version {Version}");

        var length = BinaryPrimitives.ReadUInt32BigEndian(head[(Magic.Length + 1)..]);
        if (length > CanonicalJson.MaxSize) return NotOurs($"its specification would take {length} bytes");

        var canonical = new byte[length];
        if (source.ReadAtLeast(canonical, canonical.Length, throwOnEndOfStream: false) < canonical.Length) return NotOurs("it ends within its specification");
        if (!ChainSpec.Parse(canonical).TryGet(out var spec, out var refusal)) return refusal;

        return spec.Canonical.Span.SequenceEqual(canonical) ? new ChainFile(source, spec) : new Refusal(RefusalCodes.NotCanonical, "The file's specification is not in its canonical form.");
    }

    /// <summary>Reads the next blocks, at most <see cref="ChainReplay.BatchBlocks"/>.</summary>
    /// <returns>Their stored form, none at the end; or <c>invalid_block</c>, after all blocks before it were given: the file is torn there.</returns>
    /// <exception cref="IOException">The disk failed.</exception>
    public Verdict<EquatableArray<ReadOnlyMemory<byte>>> ReadBatch()
    {
        var blocks = new List<ReadOnlyMemory<byte>>();
        for (var size = 0L; _fault is null && blocks.Count < ChainReplay.BatchBlocks && size < ChainReplay.BatchSize;)
        {
            if (Next() is not { } block) break;

            blocks.Add(block);
            size += block.Length;
        }

        return blocks.Count == 0 && _fault is not null ? _fault : new EquatableArray<ReadOnlyMemory<byte>>([.. blocks]);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    private ReadOnlyMemory<byte>? Next()
    {
        Span<byte> head = stackalloc byte[BlockFrames.LengthSize];
        var read = _source.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (read == 0) return null;

        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        if (read < head.Length) _fault = BlockFrames.CutShort;
        else if (length > Spec.MaxBlockSize) _fault = BlockFrames.TooLong(length, Spec.MaxBlockSize);
        if (_fault is not null) return null;

        var block = new byte[length];
        if (_source.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) == block.Length) return block;

        _fault = BlockFrames.CutShort;
        return null;
    }

    private static Refusal NotOurs(string why) => new(RefusalCodes.InvalidBlock, $"This is no file of a SecuTicket chain: {why}.");
}
