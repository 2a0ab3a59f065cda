using System.Buffers.Text;
using SecuTicket.Core.Cryptography.Lanes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>Makes the ids of tickets: SHA-256 of the canonical <c>{"event_id","seat","session"}</c>, for many seats at once.</summary>
internal static class SeatIdentities
{
    private const int Batch = 64;

    // Of a seat's name two characters may take two bytes, and twenty more of a number are room enough.
    private const int MaxSize = 128 + (2 * IssueTickets.MaxSeatLength);

    /// <summary>Hashes some seats of one session of an event.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="session">Index of the session.</param>
    /// <param name="seats">Names as <see cref="IssueTickets"/> has them: at most 32 printable ASCII characters.</param>
    /// <param name="ids">Where the ids are put, in order.</param>
    public static void Hash(in EventId eventId, int session, ReadOnlySpan<string> seats, Span<TicketId> ids)
    {
        Span<byte> text = stackalloc byte[Math.Min(seats.Length, Batch) * MaxSize], digests = stackalloc byte[Batch * Hash256.Size];
        Span<TextPart> parts = stackalloc TextPart[Batch];
        for (var first = 0; first < seats.Length; first += Batch)
        {
            var some = seats[first..Math.Min(first + Batch, seats.Length)];
            for (var (i, at) = (0, 0); i < some.Length; i++)
            {
                parts[i] = new TextPart(at, Write(eventId, session, some[i], text[at..]));
                at += parts[i].Length;
            }

            ManyHashes.Hash(text, parts[..some.Length], digests);
            for (var i = 0; i < some.Length; i++) ids[first + i] = new TicketId(digests.Slice(i * Hash256.Size, TicketId.Size));
        }
    }

    private static int Write(in EventId eventId, int session, string seat, Span<byte> text)
    {
        var length = Append(text, 0, "{\"event_id\":\""u8);
        Convert.TryToHexStringLower(eventId.Span, text[length..], out var written);
        length = Append(text, length + written, "\",\"seat\":\""u8);
        foreach (var character in seat)
        {
            if (character is '"' or '\\') text[length++] = (byte)'\\';
            text[length++] = checked((byte)character);
        }

        length = Append(text, length, "\",\"session\":"u8);
        Utf8Formatter.TryFormat(session, text[length..], out written);
        return Append(text, length + written, "}"u8);
    }

    private static int Append(Span<byte> text, int length, ReadOnlySpan<byte> more)
    {
        more.CopyTo(text[length..]);
        return length + more.Length;
    }
}
