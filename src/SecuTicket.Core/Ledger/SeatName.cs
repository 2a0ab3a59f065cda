using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>A seat's name, 1 to 32 ASCII characters: 33 bytes and no object of its own, because there is one in each ticket.</summary>
public readonly struct SeatName : IEquatable<SeatName>
{
    private readonly Bytes _bytes;
    private readonly byte _length;

    /// <summary>The name that these ASCII characters are.</summary>
    /// <exception cref="InvalidDataException">There are none, more than 32, or others: no transaction that was read has such a name.</exception>
    public SeatName(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length is 0 or > IssueTickets.MaxSeatLength || !System.Text.Ascii.IsValid(ascii))
            throw new InvalidDataException($"{ascii.Length} bytes are no seat's name: it takes 1 to {IssueTickets.MaxSeatLength} ASCII characters.");

        ascii.CopyTo(_bytes);
        _length = (byte)ascii.Length;
    }

    /// <summary>The name that a transaction gives.</summary>
    /// <exception cref="InvalidDataException">As <see cref="SeatName(ReadOnlySpan{byte})"/>.</exception>
    public static SeatName Of(string name)
    {
        Span<byte> bytes = stackalloc byte[IssueTickets.MaxSeatLength];
        return new SeatName(System.Text.Encoding.UTF8.TryGetBytes(name, bytes, out var written) ? bytes[..written] : System.Text.Encoding.UTF8.GetBytes(name));
    }

    /// <summary>Its characters.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Ascii => ((ReadOnlySpan<byte>)_bytes)[.._length];

    /// <summary>The same name.</summary>
    public static bool operator ==(SeatName left, SeatName right) => left.Equals(right);

    /// <summary>Another name.</summary>
    public static bool operator !=(SeatName left, SeatName right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(SeatName other) => Ascii.SequenceEqual(other.Ascii);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SeatName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Ascii);
        return hash.ToHashCode();
    }

    /// <summary>The name.</summary>
    public override string ToString() => System.Text.Encoding.ASCII.GetString(Ascii);

    [InlineArray(IssueTickets.MaxSeatLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
