using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>A transaction that is on the chain, as a key that sorts by the time after which it can not come again: 40 bytes.</summary>
/// <remarks>
/// An id may occur once for ever. After <c>valid_until</c> the expiry rule alone sees to that, so the ledger forgets an id when no later block can
/// be timed before it: what must be remembered is bounded by 30 days, not by the chain's length.
/// </remarks>
public readonly struct SeenTransaction : ITrieKey<SeenTransaction>
{
    /// <summary>Bytes of one.</summary>
    public const int Size = sizeof(long) + Hash256.Size;

    private readonly Bytes _bytes;

    /// <summary>The key of one transaction.</summary>
    public SeenTransaction(long validUntil, in Hash256 id)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes, validUntil);
        id.Span.CopyTo(((Span<byte>)_bytes)[sizeof(long)..]);
    }

    /// <summary>Reads the 40 bytes.</summary>
    public SeenTransaction(ReadOnlySpan<byte> bytes) => bytes[..Size].CopyTo(_bytes);

    /// <summary>Unix seconds after which the expiry rule keeps it out.</summary>
    public long ValidUntil => BinaryPrimitives.ReadInt64BigEndian(_bytes);

    /// <inheritdoc/>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(SeenTransaction left, SeenTransaction right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(SeenTransaction left, SeenTransaction right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SeenTransaction other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SeenTransaction other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(Span[sizeof(long)..]);

    [InlineArray(Size)]
    private struct Bytes
    {
        private byte _first;
    }
}
