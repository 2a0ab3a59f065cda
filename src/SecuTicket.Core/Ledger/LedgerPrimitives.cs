using System.Buffers;
using System.Buffers.Binary;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>Writes the primitives of <see cref="LedgerEncoding"/>, into borrowed memory: what a large block changed would else bring on a collection of everything.</summary>
internal sealed class LedgerWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(256);
    private int _count;

    /// <summary>What was written so far, until the writer is disposed of.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _count);

    public void Byte(byte value) => Next(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Next(bytes.Length));

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Next(sizeof(int)), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Next(sizeof(long)), value);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public void Text(string text) => Text(System.Text.Encoding.UTF8.GetBytes(text));

    public void Text(ReadOnlySpan<byte> utf8)
    {
        Int(utf8.Length);
        Bytes(utf8);
    }

    public void Moment(long? value)
    {
        Bool(value is not null);
        if (value is { } moment) Long(moment);
    }

    public void Limit(int? value)
    {
        Bool(value is not null);
        if (value is { } limit) Int(limit);
    }

    public void Account(Address? account)
    {
        Bool(account is not null);
        if (account is { } address) Bytes(address.Span);
    }

    public void Hash(Hash256? hash)
    {
        Bool(hash is not null);
        if (hash is { } value) Bytes(value.Span);
    }

    public void Optional<T>(T? value, Action<LedgerWriter, T> write)
        where T : class
    {
        Bool(value is not null);
        if (value is not null) write(this, value);
    }

    public void List<T>(EquatableArray<T> items, Action<LedgerWriter, T> write)
    {
        Int(items.Count);
        foreach (var item in items.Span) write(this, item);
    }

    private Span<byte> Next(int size)
    {
        if (_buffer.Length - _count < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, _count + size));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        _count += size;
        return _buffer.AsSpan(_count - size, size);
    }
}

/// <summary>Reads what <see cref="LedgerWriter"/> wrote; bytes that it did not write are a broken disk, hence exceptions.</summary>
internal ref struct LedgerReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public delegate T Read<T>(ref LedgerReader reader);

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw new InvalidDataException($"{_rest.Length} bytes follow a stored value.");
    }

    public byte Byte() => Take(1)[0];

    public byte Byte(byte maximum) => Byte() is var value && value <= maximum ? value : throw new InvalidDataException($"Expected at most {maximum}, found {value}.");

    public DateOnly Date() => Int() is var day && day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(day) : throw new InvalidDataException($"There is no day {day}.");

    public TimeOnly Time() => Long() is var ticks && ticks >= 0 && ticks <= TimeOnly.MaxValue.Ticks ? new TimeOnly(ticks) : throw new InvalidDataException($"There is no time {ticks}.");

    public bool Bool() => Byte() switch { 0 => false, 1 => true, var other => throw new InvalidDataException($"Expected 0 or 1, found {other}.") };

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public ReadOnlySpan<byte> Bytes(int length) => Take(length);

    public ReadOnlySpan<byte> Utf8() => Take(Int());

    public string Text()
    {
        var utf8 = Utf8();
        return System.Text.Unicode.Utf8.IsValid(utf8) ? System.Text.Encoding.UTF8.GetString(utf8) : throw new InvalidDataException("A stored text is not UTF-8.");
    }

    public long? Moment() => Bool() ? Long() : null;

    public int? Limit() => Bool() ? Int() : null;

    public Address Address() => new(Take(Primitives.Address.Size));

    public Address? Account() => Bool() ? Address() : null;

    public EventId EventId() => new(Take(Primitives.EventId.Size));

    public TicketId TicketId() => new(Take(Primitives.TicketId.Size));

    public Hash256 Hash() => new(Take(Hash256.Size));

    public Hash256? OptionalHash() => Bool() ? Hash() : null;

    public NumberedHash NumberedHash() => new(Take(Primitives.NumberedHash.Size));

    public T? Optional<T>(Read<T> read)
        where T : class => Bool() ? read(ref this) : null;

    public EquatableArray<T> List<T>(Read<T> read)
    {
        var count = Int();
        if (count < 0 || count > _rest.Length) throw new InvalidDataException($"A stored list says it has {count} items.");

        var items = new T[count];
        for (var i = 0; i < items.Length; i++) items[i] = read(ref this);
        return new EquatableArray<T>(items);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length) throw new InvalidDataException("A stored value is cut short.");

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
