using System.Buffers;

namespace SecuTicket.Core.Primitives;

/// <summary>Hex digits to bytes, strictly: one text for one value.</summary>
public static class Hex
{
    /// <summary>Reads lower-case hex digits, exactly two for each byte of <paramref name="destination"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination) =>
        !text.ContainsAnyInRange('A', 'F') && TryDecodeAnyCase(text, destination);

    /// <summary>Reads hex digits of either case, exactly two for each byte of <paramref name="destination"/>.</summary>
    public static bool TryDecodeAnyCase(ReadOnlySpan<char> text, Span<byte> destination) =>
        text.Length == 2 * destination.Length
        && Convert.FromHexString(text, destination, out _, out var written) == OperationStatus.Done
        && written == destination.Length;
}
