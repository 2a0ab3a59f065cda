using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>An event: the first 16 bytes of the id of the transaction that created it, written as 32 lower-case hex digits.</summary>
public readonly struct EventId : ITrieKey<EventId>, IComparable<EventId>
{
    /// <summary>Bytes of one: 16.</summary>
    public const int Size = 16;

    private readonly Bytes _bytes;

    /// <summary>Copies 16 bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 16 bytes long.</exception>
    public EventId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"EventId takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(EventId left, EventId right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(EventId left, EventId right) => !left.Equals(right);

    /// <summary>Earlier in byte order.</summary>
    public static bool operator <(EventId left, EventId right) => left.CompareTo(right) < 0;

    /// <summary>Later in byte order.</summary>
    public static bool operator >(EventId left, EventId right) => left.CompareTo(right) > 0;

    /// <summary>Not later in byte order.</summary>
    public static bool operator <=(EventId left, EventId right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in byte order.</summary>
    public static bool operator >=(EventId left, EventId right) => left.CompareTo(right) >= 0;

    /// <summary>The id of the event that the transaction <paramref name="transactionId"/> creates.</summary>
    public static EventId Of(Hash256 transactionId) => new(transactionId.Span[..Size]);

    /// <summary>Reads 32 lower-case hex digits; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EventId value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var read = Hex.TryDecode(text, bytes);
        value = read ? new EventId(bytes) : default;
        return read;
    }

    /// <summary>32 lower-case hex digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span);

    /// <inheritdoc/>
    public bool Equals(EventId other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public int CompareTo(EventId other) => TrieKeys.Compare(this, other);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EventId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Some of these bytes are chosen by strangers; HashCode is seeded a process, so they can not aim at one bucket.
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    [InlineArray(16)]
    private struct Bytes
    {
        private byte _first;
    }
}
