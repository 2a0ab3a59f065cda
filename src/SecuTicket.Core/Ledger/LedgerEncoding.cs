using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>The ledger's values as bytes, for a node's own disk: not signed, not hashed, not sent. The layout may change with the store's version.</summary>
/// <remarks>Integers are big-endian; texts and lists begin with their length; what may be absent begins with 0 or 1.</remarks>
public static class LedgerEncoding
{
    /// <summary>The bytes of a ticket.</summary>
    public static byte[] Encode(Ticket ticket)
    {
        using var writer = new LedgerWriter();
        Write(writer, ticket);
        return writer.Written.ToArray();
    }

    /// <summary>The bytes of an event.</summary>
    public static byte[] Encode(EventTerms terms)
    {
        using var writer = new LedgerWriter();
        Write(writer, terms);
        return writer.Written.ToArray();
    }

    /// <summary>Reads <see cref="Encode(EventTerms)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an event.</exception>
    public static EventTerms DecodeTerms(ReadOnlySpan<byte> bytes)
    {
        var reader = new LedgerReader(bytes);
        var terms = ReadTerms(ref reader);
        reader.End();
        return terms;
    }

    /// <summary>The bytes of an event's counts and sums.</summary>
    public static byte[] Encode(EventTally tally)
    {
        using var writer = new LedgerWriter();
        Write(writer, tally);
        return writer.Written.ToArray();
    }

    /// <summary>Reads <see cref="Encode(EventTally)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a tally.</exception>
    public static EventTally DecodeTally(ReadOnlySpan<byte> bytes)
    {
        var reader = new LedgerReader(bytes);
        var tally = ReadTally(ref reader);
        reader.End();
        return tally;
    }

    /// <summary>The bytes of what a block changed.</summary>
    public static byte[] Encode(LedgerDelta delta)
    {
        using var writer = new LedgerWriter();
        Write(writer, delta);
        return writer.Written.ToArray();
    }

    /// <summary>As <see cref="Encode(LedgerDelta)"/>, in borrowed memory.</summary>
    /// <param name="delta">What a block changed.</param>
    /// <param name="use">Takes the bytes, which are there as long as it runs.</param>
    public static T Encode<T>(LedgerDelta delta, Func<ReadOnlySpan<byte>, T> use)
    {
        using var writer = new LedgerWriter();
        Write(writer, delta);
        return use(writer.Written);
    }

    private static void Write(LedgerWriter writer, LedgerDelta delta)
    {
        writer.Long(delta.Supply.Before);
        writer.Long(delta.Supply.After);
        writer.List(delta.Balances, static (w, change) =>
        {
            w.Bytes(change.Key.Span);
            w.Long(change.Before);
            w.Long(change.After);
        });
        writer.List(delta.Events, static (w, change) => WriteChange(w, change.Key.Span, change.Before, change.After, Write));
        writer.List(delta.Tallies, static (w, change) => WriteChange(w, change.Key.Span, change.Before, change.After, Write));
        writer.List(delta.Tickets, static (w, change) => WriteChange(w, change.Key.Span, change.Before, change.After, Write));
        writer.List(delta.References, static (w, reference) => w.Bytes(reference.Span));
        writer.List(delta.Seen, static (w, seen) => w.Bytes(seen.Span));
        writer.List(delta.Forgotten, static (w, forgotten) => w.Bytes(forgotten.Span));

        // Nothing where there is none: the bytes are those of a store that knew no stakes.
        if (delta.Stakes is { } stakes) StakeEncoding.Write(writer, stakes);
    }

    /// <summary>Reads <see cref="Encode(LedgerDelta)"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a delta.</exception>
    public static LedgerDelta DecodeDelta(ReadOnlySpan<byte> bytes)
    {
        var reader = new LedgerReader(bytes);
        var delta = new LedgerDelta
        {
            Supply = (reader.Long(), reader.Long()),
            Balances = reader.List(static (ref LedgerReader r) => new Change<Address, long>(r.Address(), r.Long(), r.Long())),
            Events = reader.List(static (ref LedgerReader r) => new Change<EventId, EventTerms>(r.EventId(), r.Optional(ReadTerms), r.Optional(ReadTerms))),
            Tallies = reader.List(static (ref LedgerReader r) => new Change<EventId, EventTally>(r.EventId(), r.Optional(ReadTally), r.Optional(ReadTally))),
            Tickets = reader.List(static (ref LedgerReader r) => new Change<TicketId, Ticket>(r.TicketId(), r.Optional(ReadTicket), r.Optional(ReadTicket))),
            References = reader.List(static (ref LedgerReader r) => r.Hash()),
            Seen = reader.List(static (ref LedgerReader r) => r.NumberedHash()),
            Forgotten = reader.List(static (ref LedgerReader r) => r.NumberedHash()),
            Stakes = reader.IsAtEnd ? null : StakeEncoding.ReadDelta(ref reader),
        };
        reader.End();
        return delta;
    }

    private static void WriteChange<T>(LedgerWriter writer, ReadOnlySpan<byte> key, T? before, T? after, Action<LedgerWriter, T> write)
        where T : class
    {
        writer.Bytes(key);
        writer.Optional(before, write);
        writer.Optional(after, write);
    }

    private static void Write(LedgerWriter writer, Ticket ticket)
    {
        writer.Bytes(ticket.Event.Span);
        writer.Int(ticket.Ordinal);
        writer.Int(ticket.Session);
        writer.Text(ticket.Seat.Ascii);
        writer.Byte((byte)ticket.Status);
        writer.Bytes(ticket.Owner.Span);
        writer.Long(ticket.FacePrice);
        writer.Bool(ticket.PaidOnChain);
        writer.Optional(ticket.Listing, Write);
        writer.Int(ticket.Resales);
        writer.Hash(ticket.IdentityCommitment);
        writer.Optional(ticket.Redemption, Write);
        writer.Long(ticket.IssuedIn);
        writer.Long(ticket.ChangedIn);
    }

    private static Ticket ReadTicket(ref LedgerReader reader)
    {
        var eventId = reader.EventId();
        var ordinal = reader.Int();
        var session = reader.Int();
        var seat = new SeatName(reader.Utf8());
        var status = (TicketStatus)reader.Byte((byte)TicketStatus.Revoked);
        var owner = reader.Address();
        var facePrice = reader.Long();
        var paidOnChain = reader.Bool();
        var listing = reader.Optional(ReadListing);
        var resales = reader.Int();
        var identity = reader.OptionalHash();
        var redemption = reader.Optional(ReadRedemption);
        return new Ticket(new TicketIssue(eventId, session, facePrice, reader.Long()), ordinal, seat, status, owner, paidOnChain, resales, reader.Long())
        {
            Listing = listing,
            IdentityCommitment = identity,
            Redemption = redemption,
        };
    }

    /// <summary>What few tickets have.</summary>
    internal static void WriteRare(LedgerWriter writer, Ticket ticket)
    {
        writer.Hash(ticket.IdentityCommitment);
        writer.Optional(ticket.Listing, Write);
        writer.Optional(ticket.Redemption, Write);
    }

    /// <summary>The ticket with what <see cref="WriteRare"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such thing.</exception>
    internal static Ticket ReadRare(ref LedgerReader reader, Ticket ticket) => ticket with
    {
        IdentityCommitment = reader.OptionalHash(),
        Listing = reader.Optional(ReadListing),
        Redemption = reader.Optional(ReadRedemption),
    };

    private static void Write(LedgerWriter writer, Listing listing)
    {
        writer.Long(listing.Price);
        writer.Account(listing.Buyer);
    }

    private static void Write(LedgerWriter writer, Redemption redemption)
    {
        writer.Bytes(redemption.Gate.Span);
        writer.Long(redemption.At);
        writer.Bytes(redemption.Transaction.Span);
    }

    private static Listing ReadListing(ref LedgerReader reader) => new(reader.Long(), reader.Account());

    private static Redemption ReadRedemption(ref LedgerReader reader) => new(reader.Address(), reader.Long(), reader.Hash());

    private static void Write(LedgerWriter writer, EventTerms terms)
    {
        writer.Int(terms.Ordinal);
        writer.Bytes(terms.CreatedBy.Span);
        writer.Long(terms.CreatedIn);
        writer.Bytes(terms.Organiser.Span);
        writer.Text(terms.Name);
        writer.Text(terms.Venue);
        writer.List(terms.Sessions, static (w, session) =>
        {
            w.Int(session.Date.DayNumber);
            w.Long(session.Time.Ticks);
        });
        writer.Optional(terms.TimeZone, static (w, zone) => w.Text(zone));
        writer.List(terms.Sellers, static (w, seller) => w.Bytes(seller.Span));
        writer.List(terms.Gates, static (w, gate) => w.Bytes(gate.Span));
        writer.Bytes(terms.EventKey.Span);
        writer.Moment(terms.SaleOpensAt);
        Write(writer, terms.Resale);
        writer.Bool(terms.Cancelled);
    }

    private static EventTerms ReadTerms(ref LedgerReader reader) => new(
        reader.Int(),
        reader.Hash(),
        reader.Long(),
        reader.Address(),
        reader.Text(),
        reader.Text(),
        reader.List(static (ref LedgerReader r) => new Session(r.Date(), r.Time())),
        reader.Optional(static (ref LedgerReader r) => r.Text()),
        reader.List(static (ref LedgerReader r) => r.Address()),
        reader.List(static (ref LedgerReader r) => r.Address()),
        reader.Address(),
        reader.Moment(),
        ReadRules(ref reader),
        reader.Bool());

    private static void Write(LedgerWriter writer, ResaleRules rules)
    {
        writer.Bool(rules.TransferAllowed);
        writer.Byte((byte)rules.Mode);
        writer.Int(rules.MaxPricePercent);
        writer.Int(rules.CommissionPercent);
        writer.Account(rules.CommissionTo);
        writer.Bool(rules.Resellers is not null);
        if (rules.Resellers is { } resellers) writer.List(resellers, static (w, reseller) => w.Bytes(reseller.Span));
        writer.Limit(rules.MaxResales);
        writer.Moment(rules.OpensAt);
        writer.Moment(rules.ClosesAt);
        writer.Int(rules.RefundPercent);
        writer.Moment(rules.ReturnUntil);
    }

    private static ResaleRules ReadRules(ref LedgerReader reader) => new(
        reader.Bool(),
        (ResaleMode)reader.Byte((byte)ResaleMode.Free),
        reader.Int(),
        reader.Int(),
        reader.Account(),
        reader.Bool() ? reader.List(static (ref LedgerReader r) => r.Address()) : null,
        reader.Limit(),
        reader.Moment(),
        reader.Moment(),
        reader.Int(),
        reader.Moment());

    private static void Write(LedgerWriter writer, EventTally tally)
    {
        writer.Int(tally.Issued);
        writer.Int(tally.Sold);
        writer.Int(tally.Sales);
        writer.Long(tally.Revenue);
        writer.Long(tally.OutsideRevenue);
        writer.Long(tally.Refunds);
        writer.Int(tally.Resales);
        writer.Long(tally.ResaleVolume);
        writer.Long(tally.ResalePremium);
        writer.Long(tally.Commission);
        writer.Int(tally.Returns);
        writer.Int(tally.Redeemed);
        writer.Int(tally.Revoked);
    }

    private static EventTally ReadTally(ref LedgerReader reader) => new()
    {
        Issued = reader.Int(),
        Sold = reader.Int(),
        Sales = reader.Int(),
        Revenue = reader.Long(),
        OutsideRevenue = reader.Long(),
        Refunds = reader.Long(),
        Resales = reader.Int(),
        ResaleVolume = reader.Long(),
        ResalePremium = reader.Long(),
        Commission = reader.Long(),
        Returns = reader.Int(),
        Redeemed = reader.Int(),
        Revoked = reader.Int(),
    };
}
