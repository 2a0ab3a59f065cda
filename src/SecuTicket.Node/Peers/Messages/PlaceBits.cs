using System.Numerics;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>Rising places as bits, the first place in the highest bit of the first byte, without the zero bytes that would end it: one form for each set.</summary>
/// <remarks>Most of the places or few of them, the bits are never many: 125 bytes for all announced transactions, 1,250 for a block of 10,000.</remarks>
internal static class PlaceBits
{
    private const int BitsPerByte = 8;

    /// <summary>Most bytes for places below <paramref name="limit"/>.</summary>
    public static int Size(int limit) => (limit + BitsPerByte - 1) / BitsPerByte;

    /// <summary>Writes places that rise.</summary>
    public static byte[] Write(EquatableArray<int> places)
    {
        var bytes = new byte[places.Count == 0 ? 0 : Size(places[^1] + 1)];
        foreach (var place in places.Span) bytes[place / BitsPerByte] |= BitOf(place);
        return bytes;
    }

    /// <summary>Reads places below <paramref name="limit"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int limit, out EquatableArray<int> places)
    {
        places = [];
        if (bytes.IsEmpty) return true;
        if (bytes.Length > Size(limit) || bytes[^1] == 0 || (bytes.Length * BitsPerByte) - BitOperations.TrailingZeroCount(bytes[^1]) > limit) return false;

        var count = 0;
        foreach (var one in bytes) count += BitOperations.PopCount(one);
        var found = new int[count];
        for (var (place, at) = (0, 0); at < count; place++)
            if ((bytes[place / BitsPerByte] & BitOf(place)) != 0) found[at++] = place;

        places = new EquatableArray<int>(found);
        return true;
    }

    private static byte BitOf(int place) => (byte)(0x80 >> (place % BitsPerByte));
}
