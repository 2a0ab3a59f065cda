using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>A hash and the number it sorts by, a time or an index, as a key: 8 bytes big-endian and 32.</summary>
public readonly struct NumberedHash : ITrieKey<NumberedHash>
{
    /// <summary>Bytes of one.</summary>
    public const int Size = sizeof(long) + Hash256.Size;

    private readonly Bytes _bytes;

    /// <summary>The key of <paramref name="hash"/> at <paramref name="number"/>, which is not negative.</summary>
    public NumberedHash(long number, in Hash256 hash)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes, number);
        hash.Span.CopyTo(((Span<byte>)_bytes)[sizeof(long)..]);
    }

    /// <summary>Reads the 40 bytes.</summary>
    public NumberedHash(ReadOnlySpan<byte> bytes) => bytes[..Size].CopyTo(_bytes);

    /// <summary>What it sorts by first.</summary>
    public long Number => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>The hash.</summary>
    public Hash256 Hash => new(Span[sizeof(long)..]);

    /// <summary>The bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(NumberedHash left, NumberedHash right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(NumberedHash left, NumberedHash right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(NumberedHash other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NumberedHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Span[sizeof(long)..]);

    [InlineArray(Size)]
    private struct Bytes
    {
        private byte _first;
    }
}
