using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Storage;

/// <summary>Reads single transactions out of the stored bodies of our branch's blocks, without reading the rest of the block.</summary>
/// <remarks>The last body stays open: the lines of a history often lie in one block.</remarks>
internal sealed class SqliteBodyReader(ReadLease lease, string file) : IDisposable
{
    // Most transactions fit, so that one read gets them.
    private const int Guess = 768;

    private SqliteBlob? _body;
    private long _open = -1;

    /// <summary>The transaction whose bytes start at <paramref name="offset"/> of the body of block <paramref name="index"/>.</summary>
    /// <exception cref="StorageException">No transaction starts there: the file is damaged.</exception>
    public Transaction Read(long index, long offset)
    {
        var body = Open(index);
        Span<byte> head = stackalloc byte[Guess];
        if (offset < 0 || offset > body.Length - sizeof(int)) throw Damaged(index, "it ends before it");

        var bytes = head[..(int)Math.Min(Guess, body.Length - offset)];
        Fill(body, offset, bytes);
        if (!Transaction.TryMeasure(bytes, out var payload, out var list))
        {
            var most = sizeof(int) + (long)BinaryPrimitives.ReadUInt32BigEndian(bytes) + TransactionSignature.MaxListSize;
            bytes = new byte[Math.Min(most, body.Length - offset)];
            Fill(body, offset, bytes);
            if (!Transaction.TryMeasure(bytes, out payload, out list)) throw Damaged(index, "it is cut short");
        }

        return Transaction.Decode(bytes[..(sizeof(int) + payload + list)]).TryGet(out var transaction, out var refusal) ? transaction : throw Damaged(index, refusal.Detail);
    }

    /// <summary>What is said of a file that holds something else than what was written.</summary>
    public static StorageException Damaged(string file, string what) => new(StorageFault.Damaged, $"'{file}' is damaged: {what}. {SqliteFailure.WayOut(file)}");

    /// <inheritdoc/>
    public void Dispose() => _body?.Dispose();

    private SqliteBlob Open(long index)
    {
        if (_open == index) return _body!;

        _body?.Dispose();
        (_body, _open) = (null, -1);
        _body = new SqliteBlob(lease.Connection, "block", "body", index, readOnly: true);
        _open = index;
        return _body;
    }

    private static void Fill(SqliteBlob body, long offset, Span<byte> destination)
    {
        body.Position = offset;
        body.ReadExactly(destination);
    }

    private StorageException Damaged(long index, string why) => Damaged(file, $"a transaction of block {index} can not be read ({why})");
}
