using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>Tickets as versions of the store before 4 kept them: each in a row of its own.</summary>
internal static class FormerTickets
{
    /// <summary>Asks for all of them, in the order of their places.</summary>
    public const string Select =
        """
        SELECT t.place, t.id, e.id, t.session, t.seat, t.status, t.owner, t.face_price, t.paid_on_chain, t.resales, t.issued_in, t.changed_in,
            t.identity, t.listing_price, t.listing_buyer, t.gate, t.redeemed_at, t.redeemed_by
        FROM ticket t LEFT JOIN event e ON e.ordinal = t.place >> 32 ORDER BY t.place
        """;

    /// <summary>Reads one.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    public static PlacedTicket Read(DirectStatement row)
    {
        var (place, id) = (row.Long(0), new TicketId(row.Bytes(1)));
        if (row.IsNull(2)) throw new InvalidDataException($"Ticket {id} is of no stored event.");
        if (row.Long(5) is < 0 or > (long)TicketStatus.Revoked) throw new InvalidDataException($"Ticket {id} has status {row.Long(5)}.");

        var issue = new TicketIssue(new EventId(row.Bytes(2)), (int)row.Long(3), row.Long(7), row.Long(10));
        return new PlacedTicket(place, id, new Ticket(issue, (int)(uint)place, new SeatName(row.Bytes(4)), (TicketStatus)row.Long(5), new Address(row.Bytes(6)), row.Long(8) != 0, (int)row.Long(9), row.Long(11))
        {
            IdentityCommitment = row.IsNull(12) ? null : new Hash256(row.Bytes(12)),
            Listing = row.IsNull(13) ? null : new Listing(row.Long(13), row.IsNull(14) ? null : new Address(row.Bytes(14))),
            Redemption = row.IsNull(15) ? null : new Redemption(new Address(row.Bytes(15)), row.Long(16), new Hash256(row.Bytes(17))),
        });
    }
}
