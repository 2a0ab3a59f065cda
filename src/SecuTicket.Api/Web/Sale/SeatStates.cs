using System.Buffers;
using System.Text.Json;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Sale;

/// <summary>How the seats of an area stand: as JSON that all fans share, and its counts.</summary>
/// <remarks>
/// <c>{"offers":[[1,5500],[7,5000,"0x…"]],"states":"fot…"}</c>: one letter a seat, and of those that are offered by their holders place, price and, where only one may buy, who.
/// </remarks>
public sealed class SeatStates
{
    /// <summary>The organiser sells it.</summary>
    public const char Free = 'f';

    /// <summary>Its holder offers it.</summary>
    public const char Offered = 'o';

    /// <summary>Its holder offers it to one buyer alone.</summary>
    public const char Promised = 'p';

    /// <summary>Somebody has it.</summary>
    public const char Taken = 't';

    /// <summary>It was taken out of circulation.</summary>
    public const char Gone = 'x';

    private SeatStates(Trie<TicketId, Ticket> tickets, char[] letters, byte[] json)
    {
        (Tickets, Letters, Json) = (tickets, letters, json);
        FreeSeats = letters.Count(static letter => letter == Free);
        OfferedSeats = letters.Count(static letter => letter == Offered);
        Tag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(json).AsSpan(0, 16))}\"";
    }

    /// <summary>What it was read from.</summary>
    public Trie<TicketId, Ticket> Tickets { get; }

    /// <summary>One for each seat, in the order of <see cref="SeatArea.Seats"/>.</summary>
    public IReadOnlyList<char> Letters { get; }

    /// <summary>As it is sent.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Its entity tag: the same for the same content.</summary>
    public string Tag { get; }

    /// <summary>Seats that the organiser sells.</summary>
    public int FreeSeats { get; }

    /// <summary>Seats that their holders offer to anybody.</summary>
    public int OfferedSeats { get; }

    /// <summary>Reads an area's seats.</summary>
    public static SeatStates Of(SeatArea area, Trie<TicketId, Ticket> tickets)
    {
        var letters = new char[area.Count];
        var json = new ArrayBufferWriter<byte>(area.Count + 128);
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteStartArray("offers");
        var place = 0;
        foreach (var seat in area.Seats)
        {
            var ticket = tickets.Find(seat.Ticket);
            letters[place] = LetterOf(ticket);
            if (ticket?.Listing is { } offer) Write(writer, place, offer);
            place++;
        }

        writer.WriteEndArray();
        writer.WriteString("states", letters);
        writer.WriteEndObject();
        writer.Flush();
        return new SeatStates(tickets, letters, json.WrittenSpan.ToArray());
    }

    private static char LetterOf(Ticket? ticket) => ticket?.Status switch
    {
        TicketStatus.Unsold => Free,
        TicketStatus.Listed => ticket.Listing!.Buyer is null ? Offered : Promised,
        TicketStatus.Sold or TicketStatus.Redeemed => Taken,
        _ => Gone,
    };

    private static void Write(Utf8JsonWriter writer, int place, Listing offer)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(place);
        writer.WriteNumberValue(offer.Price);
        if (offer.Buyer is { } buyer) writer.WriteStringValue(buyer.ToString());
        writer.WriteEndArray();
    }
}
