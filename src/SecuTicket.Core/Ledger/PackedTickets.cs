using System.Runtime.CompilerServices;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>A ticket and where a store keeps it.</summary>
/// <param name="Place">The event's ordinal × 2^32 + the ticket's.</param>
/// <param name="Id">Its id.</param>
/// <param name="Ticket">What it is; null where there is none any more.</param>
public readonly record struct PlacedTicket(long Place, TicketId Id, Ticket? Ticket);

/// <summary>Up to 16 neighbouring tickets of one event as bytes, for a node's own disk: not signed, not hashed, not sent.</summary>
/// <remarks>
/// <para>A start reads every ticket, and a row of its own for each takes the store longer than all else that is done with it. Sales go from one seat to the next, so what changes lies together too.</para>
/// <para>
/// A page is the number of issues (1 byte) and each of them (session 4, face price 8, block 8); then, in the order of places, for each ticket its place in the page (1), the length of what follows
/// (1), the number of its issue (1), its form (1: the status, 8 when paid on the chain, 16 with resales, 32 with what few tickets have), id, owner, the block that changed it (8), seat (1 and its
/// characters), and what the form says. Integers are big-endian.
/// </para>
/// </remarks>
public static class PackedTickets
{
    /// <summary>Places of a page.</summary>
    public const int Places = 1 << Shift;

    private const int Shift = 4;
    private const int IssueSize = sizeof(int) + sizeof(long) + sizeof(long);
    private const int StatusMask = 7;
    private const int Paid = 8;
    private const int Resold = 16;
    private const int Rare = 32;

    /// <summary>The page that a place is in: pages of one event follow each other.</summary>
    public static long NumberOf(long place) => place >> Shift;

    /// <summary>The ordinal of the event whose tickets a page has.</summary>
    public static long EventOf(long number) => number >> (32 - Shift);

    /// <summary>Reads the tickets of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="number">Its number.</param>
    /// <param name="eventId">Its event.</param>
    /// <param name="issue">What the last ticket that was read was issued with; tickets of one issue lie together, and share it.</param>
    /// <param name="tickets">Where they are put, from the start; room for <see cref="Places"/>.</param>
    /// <returns>How many there are.</returns>
    /// <exception cref="InvalidDataException">The bytes are no page.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(ReadOnlySpan<byte> page, long number, in EventId eventId, ref TicketIssue? issue, Span<KeyValuePair<TicketId, Ticket>> tickets)
    {
        var issues = IssuesOf(page);
        var (known, place, count) = (-1, -1, 0);
        var reader = new LedgerReader(page[(1 + issues.Length)..]);
        while (!reader.IsAtEnd)
        {
            place = NextPlace(ref reader, place);
            var record = new LedgerReader(reader.Bytes(reader.Byte()));
            var of = record.Byte();
            if (of != known)
            {
                var fields = IssueAt(issues, known = of);
                if (issue is null || issue.Event != eventId || Issue.Of(issue) != fields) issue = new TicketIssue(eventId, fields.Session, fields.FacePrice, fields.Block);
            }

            tickets[count++] = ReadTicket(ref record, issue!, (int)(number << Shift) + place);
        }

        return count;
    }

    /// <summary>A page with some of its tickets changed.</summary>
    /// <param name="page">The page as it was; nothing where there was none.</param>
    /// <param name="changes">Tickets of this page, in the order of their places, each once.</param>
    /// <returns>The page as it is then; nothing when no ticket is left.</returns>
    /// <exception cref="InvalidDataException">The bytes are no page.</exception>
    public static byte[] With(ReadOnlySpan<byte> page, ReadOnlySpan<PlacedTicket> changes)
    {
        Span<Range> kept = stackalloc Range[Places];
        kept.Clear();
        var former = page.IsEmpty ? default : IssuesOf(page);
        if (!page.IsEmpty) Find(page, 1 + former.Length, kept);

        // Where each ticket's issue stands among those that are still needed.
        Span<Issue> issues = stackalloc Issue[Places];
        var (count, next) = (0, 0);
        using var records = new LedgerWriter();
        for (var place = 0; place < Places; place++)
        {
            var isChanged = next < changes.Length && (changes[next].Place & (Places - 1)) == place;
            var ticket = isChanged ? changes[next].Ticket : null;
            var record = page[kept[place]];
            if (isChanged ? ticket is not null : !record.IsEmpty)
            {
                var issue = ticket is not null ? Issue.Of(ticket.Issue) : IssueAt(former, record[0]);
                var number = issues[..count].IndexOf(issue);
                if (number < 0) issues[number = count++] = issue;
                records.Byte((byte)place);
                if (ticket is not null) Write(records, changes[next].Id, ticket, number);
                else Copy(records, record, number);
            }

            if (isChanged) next++;
        }

        if (next < changes.Length) throw new ArgumentException($"{changes.Length - next} tickets are not of this page, or not in its order.", nameof(changes));
        return count == 0 ? [] : Joined(issues[..count], records.Written);
    }

    private static byte[] Joined(ReadOnlySpan<Issue> issues, ReadOnlySpan<byte> records)
    {
        using var writer = new LedgerWriter();
        writer.Byte((byte)issues.Length);
        foreach (ref readonly var issue in issues)
        {
            writer.Int(issue.Session);
            writer.Long(issue.FacePrice);
            writer.Long(issue.Block);
        }

        writer.Bytes(records);
        return writer.Written.ToArray();
    }

    private static void Find(ReadOnlySpan<byte> page, int at, Span<Range> records)
    {
        var place = -1;
        while (at < page.Length)
        {
            var reader = new LedgerReader(page[at..]);
            place = NextPlace(ref reader, place);
            var length = reader.Byte();
            reader.Bytes(length);
            records[place] = (at + 2)..(at + 2 + length);
            at += 2 + length;
        }
    }

    private static ReadOnlySpan<byte> IssuesOf(ReadOnlySpan<byte> page)
    {
        var reader = new LedgerReader(page);
        return reader.Bytes(reader.Byte() * IssueSize);
    }

    private static Issue IssueAt(ReadOnlySpan<byte> issues, int number)
    {
        if ((number + 1) * IssueSize > issues.Length) throw new InvalidDataException($"A page has no issue {number}.");

        var reader = new LedgerReader(issues[(number * IssueSize)..]);
        return new Issue(reader.Int(), reader.Long(), reader.Long());
    }

    private static int NextPlace(ref LedgerReader reader, int last) =>
        reader.Byte() is var place && place > last && place < Places ? place : throw new InvalidDataException($"Place {place} follows place {last}.");

    private static void Copy(LedgerWriter writer, ReadOnlySpan<byte> record, int issue)
    {
        writer.Byte((byte)record.Length);
        writer.Byte((byte)issue);
        writer.Bytes(record[1..]);
    }

    private static void Write(LedgerWriter writer, in TicketId id, Ticket ticket, int issue)
    {
        var isRare = ticket.IdentityCommitment is not null || ticket.Listing is not null || ticket.Redemption is not null;
        using var record = new LedgerWriter();
        record.Byte((byte)issue);
        record.Byte((byte)((int)ticket.Status | (ticket.PaidOnChain ? Paid : 0) | (ticket.Resales != 0 ? Resold : 0) | (isRare ? Rare : 0)));
        record.Bytes(id.Span);
        record.Bytes(ticket.Owner.Span);
        record.Long(ticket.ChangedIn);
        record.Byte((byte)ticket.Seat.Ascii.Length);
        record.Bytes(ticket.Seat.Ascii);
        if (ticket.Resales != 0) record.Int(ticket.Resales);
        if (isRare) LedgerEncoding.WriteRare(record, ticket);
        writer.Byte(checked((byte)record.Written.Length));
        writer.Bytes(record.Written);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static KeyValuePair<TicketId, Ticket> ReadTicket(ref LedgerReader reader, TicketIssue issue, int ordinal)
    {
        var form = reader.Byte(StatusMask | Paid | Resold | Rare);
        if ((form & StatusMask) > (int)TicketStatus.Revoked) throw new InvalidDataException($"A ticket has status {form & StatusMask}.");

        var id = reader.TicketId();
        var (owner, changedIn) = (reader.Address(), reader.Long());
        var seat = new SeatName(reader.Bytes(reader.Byte()));
        var resales = (form & Resold) != 0 ? reader.Int() : 0;
        var ticket = new Ticket(issue, ordinal, seat, (TicketStatus)(form & StatusMask), owner, (form & Paid) != 0, resales, changedIn);
        if ((form & Rare) != 0) ticket = LedgerEncoding.ReadRare(ref reader, ticket);
        reader.End();
        return KeyValuePair.Create(id, ticket);
    }

    // What tickets of one issue have in common beside their event.
    private readonly record struct Issue(int Session, long FacePrice, long Block)
    {
        public static Issue Of(TicketIssue issue) => new(issue.Session, issue.FacePrice, issue.Block);
    }
}
