using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SecuTicket.Core.Primitives;

/// <summary>An account and the number it sorts by, such as a block's index, as a key: 8 bytes big-endian and 20.</summary>
public readonly struct NumberedAddress : ITrieKey<NumberedAddress>
{
    /// <summary>Bytes of one.</summary>
    public const int Size = sizeof(long) + Address.Size;

    private readonly Bytes _bytes;

    /// <summary>The key of <paramref name="account"/> at <paramref name="number"/>, which is not negative.</summary>
    public NumberedAddress(long number, in Address account)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes, number);
        account.Span.CopyTo(((Span<byte>)_bytes)[sizeof(long)..]);
    }

    /// <summary>What it sorts by first.</summary>
    public long Number => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <summary>The account.</summary>
    public Address Account => new(Span[sizeof(long)..]);

    /// <summary>The bytes.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(NumberedAddress left, NumberedAddress right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(NumberedAddress left, NumberedAddress right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(NumberedAddress other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NumberedAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Span[sizeof(long)..]);

    [InlineArray(Size)]
    private struct Bytes
    {
        private byte _first;
    }
}
