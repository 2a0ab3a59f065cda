using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>A position in an order of arrival, 0 to 2^63−1, as a key: 8 bytes big-endian, so that byte order is number order.</summary>
public readonly struct Ordinal : ITrieKey<Ordinal>
{
    private readonly Bytes _bytes;

    /// <summary>The key of position <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
    public Ordinal(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BinaryPrimitives.WriteInt64BigEndian(_bytes, value);
    }

    /// <summary>The position.</summary>
    public long Value => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>The bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same position.</summary>
    public static bool operator ==(Ordinal left, Ordinal right) => left.Equals(right);

    /// <summary>Another position.</summary>
    public static bool operator !=(Ordinal left, Ordinal right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Ordinal other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Ordinal other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    [InlineArray(8)]
    private struct Bytes
    {
        private byte _first;
    }
}
