using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Storage;

/// <summary>Where the store stands: read at the start of a commit, written at its end.</summary>
/// <param name="Tip">Index of the tip.</param>
/// <param name="Settled">The block after which the stored balances, events and tickets are; those at the tip follow from the undo records of the blocks after it.</param>
/// <param name="Supply">All coins at the tip, in minor units.</param>
/// <param name="NextSequence">Larger than any sequence used.</param>
/// <param name="Forgotten">Of the transactions seen, those up to this key are forgotten; no bytes when none is.</param>
/// <param name="Commits">Number of the last commit that changed this file; numbers grow and may leave gaps.</param>
internal sealed record StoreHead(long Tip, long Settled, long Supply, long NextSequence, byte[] Forgotten, long Commits);

/// <summary>Writes blocks of our branch and of others, undo records, and the head.</summary>
internal sealed class SqliteBlockTables(SqliteConnection connection) : IDisposable
{
    private const int WeightSize = 16;
    private const int MaxDeltaSize = 1 << 30;

    // A ticket before and after differ in a few bytes, so even the fastest setting takes two thirds of an undo record away.
    private const int CompressionQuality = 1;
    private const int CompressionWindow = 20;

    private readonly DirectStatement _readHead = new(connection, "SELECT tip, settled, supply, next_sequence, forgotten, commits FROM head WHERE id = 1");
    private readonly DirectStatement _writeHead = new(connection, "UPDATE head SET tip = ?, settled = ?, supply = ?, next_sequence = ?, forgotten = ?, commits = ? WHERE id = 1");
    private readonly DirectStatement _makeHead = new(connection, "INSERT INTO head (id, spec, tip, settled, supply, next_sequence, forgotten, has_resales) VALUES (1, ?, 0, 0, ?, 0, x'', 1)");
    private readonly DirectStatement _hashAt = new(connection, "SELECT hash FROM block WHERE block_index = ?");
    private readonly DirectStatement _insert = new(connection, "INSERT INTO block (block_index, hash, weight, header, body) VALUES (?, ?, ?, ?, ?)");
    private readonly DirectStatement _delete = new(connection, "DELETE FROM block WHERE block_index = ?");
    private readonly DirectStatement _insertSide = new(connection,
        "INSERT INTO side_block (block_index, hash, weight, header, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING");
    private readonly DirectStatement _copyToSide = new(connection,
        """
        INSERT INTO side_block (block_index, hash, weight, header, body) SELECT block_index, hash, weight, header, body FROM block WHERE block_index = ?
        ON CONFLICT (hash) DO NOTHING
        """);
    private readonly DirectStatement _deleteSide = new(connection, "DELETE FROM side_block WHERE hash = ?");
    private readonly DirectStatement _deleteOldSides = new(connection,
        "DELETE FROM side_block WHERE number IN (SELECT number FROM side_block WHERE block_index < ? ORDER BY block_index LIMIT ?)");
    private readonly DirectStatement _insertUndo = new(connection, "INSERT INTO undo (block_index, forgotten, accounts, delta) VALUES (?, ?, ?, ?)");
    private readonly DirectStatement _readUndo = new(connection, "SELECT forgotten, accounts FROM undo WHERE block_index = ?");
    private readonly DirectStatement _readDelta = new(connection, "SELECT delta FROM undo WHERE block_index = ?");
    private readonly DirectStatement _deleteUndo = new(connection, "DELETE FROM undo WHERE block_index = ?");

    /// <summary>The head as it was last written; null in an empty store.</summary>
    public StoreHead? ReadHead()
    {
        try
        {
            return _readHead.Step() ? new StoreHead(_readHead.Long(0), _readHead.Long(1), _readHead.Long(2), _readHead.Long(3), _readHead.Bytes(4).ToArray(), _readHead.Long(5)) : null;
        }
        finally
        {
            _readHead.Reset();
        }
    }

    /// <summary>Writes the head.</summary>
    public void WriteHead(StoreHead head) =>
        _writeHead.With(0, head.Tip).With(1, head.Settled).With(2, head.Supply).With(3, head.NextSequence).With(4, head.Forgotten).With(5, head.Commits).Run();

    /// <summary>Begins an empty store with its genesis.</summary>
    public void Begin(ChainSpec spec)
    {
        _makeHead.With(0, spec.Canonical.Span).With(1, LedgerState.Genesis(spec).Supply).Run();
        Write(_insert, spec.Genesis, UInt128.Zero);
    }

    /// <summary>Puts a block on top of our branch, and takes it out of the side blocks when it is one.</summary>
    /// <exception cref="InvalidOperationException">It does not follow the tip: the caller has a bug, and the disk must not keep it.</exception>
    public void Append(Block block, UInt128 weight, long tip)
    {
        if (block.Header.Index != tip + 1 || HashAt(tip) != block.Header.Previous)
            throw new InvalidOperationException($"Block {block.Header.Index} {block.Hash} does not follow the stored tip, block {tip}.");

        _deleteSide.With(0, block.Hash.Span).Run();
        Write(_insert, block, weight);
    }

    /// <summary>Makes the tip a side block.</summary>
    /// <exception cref="InvalidOperationException">It is not the tip.</exception>
    public void RemoveTip(Block block, long tip)
    {
        if (tip == 0 || block.Header.Index != tip || HashAt(tip) != block.Hash)
            throw new InvalidOperationException($"Block {block.Header.Index} {block.Hash} is not the stored tip, block {tip}.");

        _copyToSide.With(0, tip).Run();
        _delete.With(0, tip).Run();
    }

    /// <summary>Keeps a block of another branch, unless it is kept already.</summary>
    public void AddSide(Block block, UInt128 weight)
    {
        if (HashAt(block.Header.Index) != block.Hash) Write(_insertSide, block, weight);
    }

    /// <summary>Drops blocks of other branches that lie below <paramref name="oldest"/>: no reorganisation can reach them any more.</summary>
    /// <param name="oldest">The smallest index that is kept.</param>
    /// <param name="most">So many at a time, the oldest first: what one block costs is bounded, and what is left goes with the next ones.</param>
    public void DropSidesBelow(long oldest, int most)
    {
        if (oldest > 0) _deleteOldSides.With(0, oldest).With(1, most).Run();
    }

    /// <summary>Keeps what undoing the block takes, and drops what is too old to be undone.</summary>
    /// <param name="index">The block.</param>
    /// <param name="forgotten">The head's <see cref="StoreHead.Forgotten"/> before it.</param>
    /// <param name="accounts">Accounts that have a line for it in their history, 20 bytes each.</param>
    /// <param name="delta">What it changed.</param>
    /// <param name="final">The block that can not be undone any more.</param>
    public void WriteUndo(long index, ReadOnlySpan<byte> forgotten, ReadOnlySpan<byte> accounts, LedgerDelta delta, long final)
    {
        var packed = LedgerEncoding.Encode(delta with { Seen = [] }, Pack);
        _insertUndo.With(0, index).With(1, forgotten).With(2, accounts).With(3, packed).Run();
        ArrayPool<byte>.Shared.Return(packed.Array!);
        if (final > 0) _deleteUndo.With(0, final).Run();
    }

    /// <summary>Takes the undo record of a block out: the head's <see cref="StoreHead.Forgotten"/> before it, and the accounts with a line for it.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public (byte[] Forgotten, byte[] Accounts) TakeUndo(long index)
    {
        byte[] forgotten, accounts;
        try
        {
            if (!_readUndo.With(0, index).Step()) throw new InvalidOperationException($"Block {index} has no undo record: it is final.");
            (forgotten, accounts) = (_readUndo.Bytes(0).ToArray(), _readUndo.Bytes(1).ToArray());
        }
        finally
        {
            _readUndo.Reset();
        }

        _deleteUndo.With(0, index).Run();
        return (forgotten, accounts);
    }

    /// <summary>What a block changed, less the transactions seen.</summary>
    /// <exception cref="InvalidDataException">Its undo record is missing or damaged.</exception>
    public LedgerDelta ReadDelta(long index)
    {
        try
        {
            return _readDelta.With(0, index).Step() ? Unpack(_readDelta.Bytes(0)) : throw new InvalidDataException($"block {index} has no undo record");
        }
        finally
        {
            _readDelta.Reset();
        }
    }

    /// <summary>Hash of the block of our branch with this index.</summary>
    public Hash256? HashAt(long index)
    {
        try
        {
            return _hashAt.With(0, index).Step() ? new Hash256(_hashAt.Bytes(0)) : null;
        }
        finally
        {
            _hashAt.Reset();
        }
    }

    /// <summary>Reads a stored weight.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static UInt128 WeightOf(ReadOnlySpan<byte> bytes) =>
        bytes.Length == WeightSize ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : throw new InvalidDataException($"A weight takes {WeightSize} bytes, found {bytes.Length}.");

    /// <summary>A stored undo record's delta, less the transactions seen, which are in a table of their own.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static LedgerDelta Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.Length < sizeof(int) || BinaryPrimitives.ReadInt32BigEndian(packed) is < 0 or > MaxDeltaSize) throw new InvalidDataException("An undo record is cut short or too long.");

        var bytes = new byte[BinaryPrimitives.ReadInt32BigEndian(packed)];
        return BrotliDecoder.TryDecompress(packed[sizeof(int)..], bytes, out var written) && written == bytes.Length
            ? LedgerEncoding.DecodeDelta(bytes)
            : throw new InvalidDataException("An undo record can not be decompressed.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<DirectStatement>)
            [_readHead, _writeHead, _makeHead, _hashAt, _insert, _delete, _insertSide, _copyToSide, _deleteSide, _deleteOldSides, _insertUndo, _readUndo, _readDelta, _deleteUndo])
            statement.Dispose();
    }

    // Into borrowed memory, which whoever asks gives back.
    private static ArraySegment<byte> Pack(ReadOnlySpan<byte> bytes)
    {
        var packed = ArrayPool<byte>.Shared.Rent(sizeof(int) + BrotliEncoder.GetMaxCompressedLength(bytes.Length));
        BinaryPrimitives.WriteInt32BigEndian(packed, bytes.Length);
        return BrotliEncoder.TryCompress(bytes, packed.AsSpan(sizeof(int)), out var written, CompressionQuality, CompressionWindow)
            ? new ArraySegment<byte>(packed, 0, sizeof(int) + written)
            : throw new InvalidOperationException("The compressor needed more than the size it promised.");
    }

    // Borrowed: arrays of this size, new for each block, would each time bring on a collection of everything.
    private static void Write(DirectStatement insert, Block block, UInt128 weight)
    {
        Span<byte> weightBytes = stackalloc byte[WeightSize];
        BinaryPrimitives.WriteUInt128BigEndian(weightBytes, weight);
        var bytes = ArrayPool<byte>.Shared.Rent(block.Size);
        var size = block.Write(bytes);
        insert.With(0, block.Header.Index).With(1, block.Hash.Span).With(2, weightBytes).With(3, bytes.AsSpan(0, BlockHeader.Size)).With(4, bytes.AsSpan(BlockHeader.Size, size - BlockHeader.Size)).Run();
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
