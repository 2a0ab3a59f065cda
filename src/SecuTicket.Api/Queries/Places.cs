using System.Buffers.Binary;

namespace SecuTicket.Api.Queries;

/// <summary>Where a page of a numbered list ended, as the text of a <see cref="Cursor"/>.</summary>
/// <param name="Number">The last item's number, not negative.</param>
public readonly record struct NumberPlace(long Number)
{
    /// <summary>What a client must give: see <see cref="QueryReader.Value{T}"/>.</summary>
    public const string Expected = "the next of a page of this list";

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NumberPlace place)
    {
        place = default;
        if (!Cursor.TryParse(text.ToString(), out var cursor) || cursor.Bytes.Length != sizeof(long)) return false;

        place = new NumberPlace(BinaryPrimitives.ReadInt64BigEndian(cursor.Bytes));
        return place.Number >= 0;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Number);
        return new Cursor(bytes).ToString();
    }
}

/// <summary>Where a page of a history ended, as the text of a <see cref="Cursor"/>: a block, a place in it, and how many items that waited were shown beyond.</summary>
/// <param name="BlockIndex">Index of the block; −1 before the first.</param>
/// <param name="Position">The place in the block.</param>
/// <param name="Waiting">Of items that waited, a count or a number; what it counts is the list's affair.</param>
public readonly record struct HistoryPlace(long BlockIndex, int Position, long Waiting)
{
    private const int Size = sizeof(long) + sizeof(int) + sizeof(long);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out HistoryPlace place)
    {
        place = default;
        if (!Cursor.TryParse(text.ToString(), out var cursor) || cursor.Bytes.Length != Size) return false;

        place = new HistoryPlace(
            BinaryPrimitives.ReadInt64BigEndian(cursor.Bytes),
            BinaryPrimitives.ReadInt32BigEndian(cursor.Bytes[sizeof(long)..]),
            BinaryPrimitives.ReadInt64BigEndian(cursor.Bytes[(sizeof(long) + sizeof(int))..]));
        return place is { BlockIndex: >= -1, Position: >= 0, Waiting: >= 0 };
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, BlockIndex);
        BinaryPrimitives.WriteInt32BigEndian(bytes[sizeof(long)..], Position);
        BinaryPrimitives.WriteInt64BigEndian(bytes[(sizeof(long) + sizeof(int))..], Waiting);
        return new Cursor(bytes).ToString();
    }
}
