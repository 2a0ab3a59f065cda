using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

public class SeatIdentityTests
{
    // The longest name, and one that takes twice its length because JSON escapes it.
    private static readonly string[] Names = ["A-1", string.Empty, " ", "~", "\"", "\\", new('x', IssueTickets.MaxSeatLength), new('"', IssueTickets.MaxSeatLength), "Block \"7\"\\3"];

    [Fact]
    public void Many_at_once_are_the_hashes_of_their_canonical_JSON()
    {
        var id = new EventId([.. Enumerable.Range(0, 16).Select(static i => (byte)(i * 17))]);
        foreach (var count in new[] { 1, 2, 63, 64, 65, 150 })
        {
            foreach (var session in new[] { 0, 9, 365, int.MaxValue })
            {
                string[] seats = [.. Enumerable.Range(0, count).Select(i => Names[i % Names.Length])];
                new IssueTickets(id, session, [.. seats], 5).TicketIds().Should().Equal(seats.Select(seat => Reference(id, session, seat)));
            }
        }
    }

    [Fact]
    public void One_alone_is_the_same()
    {
        var id = new EventId(new byte[16]);
        foreach (var seat in Names) IssueTickets.TicketOf(id, 3, seat).Should().Be(Reference(id, 3, seat));
    }

    private static TicketId Reference(EventId id, int session, string seat)
    {
        var identity = JsonValue.Object([new("event_id", JsonValue.Of(id.ToString())), new("seat", JsonValue.Of(seat)), new("session", JsonValue.Of(session))]);
        return new TicketId(Hash256.Sha256(CanonicalJson.Write(identity)).Span[..TicketId.Size]);
    }
}
