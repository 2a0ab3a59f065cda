using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

public class LedgerEncodingTests
{
    private static readonly Address Anna = ((Person)"anna").Address;
    private static readonly Hash256 Hash = Hash256.Sha256("some"u8);
    private static readonly EventId Event = EventId.Of(Hash);

    private static readonly Ticket Full = new(
        new TicketIssue(Event, 365, Operation.MaxAmount, 5), 3, SeatName.Of("Row 7 \"left\" ~ of 32 characters."), TicketStatus.Redeemed, Anna, true, int.MaxValue, 6)
    {
        Listing = new Listing(long.MaxValue, Anna),
        IdentityCommitment = Hash,
        Redemption = new Redemption(Anna, 1, Hash),
    };

    private static readonly Ticket Bare = new(new TicketIssue(default, 0, 0, 0), 0, SeatName.Of("A"), default);

    private static readonly EventTerms FullTerms = new(
        7, Hash, 8, Anna, "Léo", "Paris", [new Session(DateOnly.MaxValue, new TimeOnly(23, 59)), new Session(DateOnly.MinValue, TimeOnly.MinValue)], "Europe/Paris", [Anna], [Anna, default], Anna, 9,
        new ResaleRules(false, ResaleMode.Free, 1_000, 100, Anna, [Anna], int.MaxValue, 1, 2, 3, 4), true);

    private static readonly EventTerms BareTerms = new(0, default, 0, default, string.Empty, string.Empty, [], null, [], [], default, null, ResaleRules.Default, false);

    private static readonly EventTally FullTally = new()
    {
        Issued = 1,
        Sold = 2,
        Sales = 3,
        Revenue = 4,
        OutsideRevenue = 5,
        Refunds = 6,
        Resales = 7,
        ResaleVolume = 8,
        ResalePremium = -9,
        Commission = 10,
        Returns = 11,
        Redeemed = 12,
        Revoked = 13,
    };

    private static readonly LedgerDelta Delta = new()
    {
        Supply = (1, 2),
        Balances = [new(Anna, 0, Operation.MaxAmount)],
        Events = [new(Event, null, FullTerms), new(Event, BareTerms, null)],
        Tallies = [new(Event, null, FullTally)],
        Tickets = [new(new TicketId(Event.Span), Bare, Full)],
        References = [Hash],
        Seen = [new NumberedHash(5, Hash)],
        Forgotten = [new NumberedHash(4, Hash), new NumberedHash(3, Hash)],
    };

    [Fact]
    public void What_was_written_is_read()
    {
        foreach (var ticket in new[] { Full, Bare, Full with { Listing = new Listing(0, null) } }) LedgerEncoding.DecodeDelta(Encode(ticket)).Tickets.Single().After.Should().Be(ticket);
        foreach (var terms in new[] { FullTerms, BareTerms }) LedgerEncoding.DecodeTerms(LedgerEncoding.Encode(terms)).Should().Be(terms);
        foreach (var tally in new[] { FullTally, EventTally.Empty }) LedgerEncoding.DecodeTally(LedgerEncoding.Encode(tally)).Should().Be(tally);
        LedgerEncoding.DecodeDelta(LedgerEncoding.Encode(Delta)).Should().Be(Delta);
    }

    [Fact]
    public void Every_field_is_written()
    {
        Different(Full, Encode, Bare);
        Different(FullTally, LedgerEncoding.Encode, EventTally.Empty);
        foreach (var status in Enum.GetValues<TicketStatus>()) LedgerEncoding.DecodeDelta(Encode(Bare with { Status = status })).Tickets.Single().After!.Status.Should().Be(status);
        foreach (var mode in Enum.GetValues<ResaleMode>()) LedgerEncoding.DecodeTerms(LedgerEncoding.Encode(BareTerms with { Resale = ResaleRules.Default with { Mode = mode } })).Resale.Mode.Should().Be(mode);
    }

    // What a broken disk gives is one kind of exception, and never a value that was not written whole.
    [Fact]
    public void Cut_off_or_changed_bytes_are_an_InvalidDataException_or_another_value_but_nothing_else()
    {
        var whole = LedgerEncoding.Encode(Delta);
        for (var length = 0; length < whole.Length; length++)
            Read(whole[..length]).Should().BeNull("{0} of {1} bytes", length, whole.Length);
        Read([.. whole, 0]).Should().BeNull();

        var random = new Random(6);
        for (var i = 0; i < 10_000; i++)
        {
            var changed = whole.ToArray();
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (Read(changed) is { } read) LedgerEncoding.Encode(read).AsSpan().SequenceEqual(changed).Should().BeTrue("of change {0}", i);
        }
    }

    // Tickets are written as a part of what a block changed.
    private static byte[] Encode(Ticket ticket) => LedgerEncoding.Encode(Delta with { Tickets = [new(new TicketId(Event.Span), null, ticket)] });

    private static LedgerDelta? Read(byte[] bytes)
    {
        try
        {
            return LedgerEncoding.DecodeDelta(bytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    // Sets each property in turn to what the other value has, and sees the bytes change.
    private static void Different<T>(T value, Func<T, byte[]> encode, T other)
        where T : class
    {
        var clone = typeof(T).GetMethod("<Clone>$")!;
        foreach (var property in typeof(T).GetProperties().Where(property => property.SetMethod is not null))
        {
            var changed = (T)clone.Invoke(value, null)!;
            property.SetValue(changed, property.GetValue(other));
            changed.Should().NotBe(value, "of {0}", property.Name);
            encode(changed).Should().NotEqual(encode(value), "of {0}", property.Name);
        }
    }
}
