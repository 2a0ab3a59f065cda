using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The organiser brings tickets into being, one for each seat.</summary>
/// <param name="Event">The event.</param>
/// <param name="Session">Index of the session, from 0.</param>
/// <param name="Seats">1 to 1,000 different seats, each 1 to 32 printable ASCII characters.</param>
/// <param name="Price">Face price of each, in minor units.</param>
public sealed record IssueTickets(EventId Event, int Session, EquatableArray<string> Seats, long Price) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "issue_tickets";

    /// <summary>Most seats of one transaction.</summary>
    public const int MaxSeats = 1_000;

    /// <summary>Most characters of a seat's name.</summary>
    public const int MaxSeatLength = 32;

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static IssueTickets Read(FieldReader fields) => new(fields.Event("event_id"), (int)fields.Integer("session", 0, CreateEvent.MaxSessions - 1), ReadSeats(fields), fields.Integer("price", 0, MaxAmount));

    private static EquatableArray<string> ReadSeats(FieldReader fields)
    {
        var seats = fields.Texts("seats", 1, MaxSeats, 1, MaxSeatLength, character => character is >= ' ' and <= '~', "printable ASCII characters");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < seats.Count; i++)
            if (seats[i].Length > 0 && !seen.Add(seats[i])) fields.Refuse($"seats[{i}]", $"Seat {seats[i]} stands here twice.");
        return [.. seats];
    }

    /// <summary>The ids of its tickets, in the order of the seats.</summary>
    public TicketId[] TicketIds()
    {
        var ids = new TicketId[Seats.Count];
        SeatIdentities.Hash(Event, Session, Seats.Span, ids);
        return ids;
    }

    /// <summary>The id of the ticket for one seat of one session of an event, wherever and whenever it is issued.</summary>
    public static TicketId TicketOf(EventId eventId, int session, string seat)
    {
        var ids = new TicketId[1];
        SeatIdentities.Hash(eventId, session, [seat], ids);
        return ids[0];
    }
}
