using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Gates;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Gates;

public sealed class ReceiptBookTests : IDisposable
{
    private static readonly EventId Concert = new(Enumerable.Repeat((byte)1, EventId.Size).ToArray());
    private static readonly EventId Other = new(new byte[16]);
    private static readonly TicketId Ticket = new(Enumerable.Repeat((byte)2, TicketId.Size).ToArray());
    private static readonly GateSettings Limits = new();
    private static readonly GateScope North = new("test-chain", TestChain.Gate.Address, Concert);
    private static readonly GateScope South = new("test-chain", TestChain.Bob.Address, Concert);

    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;
    private ReceiptBook _book;

    public ReceiptBookTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
        _book = new ReceiptBook(_database);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_was_kept_is_there_after_a_restart_and_known_when_it_comes_again()
    {
        var first = Receipt(North, 100, GateResult.Valid);
        var second = Receipt(North, 101, GateResult.Invalid, first.Receipt.Receipt.Hash);
        States(first, second).Should().Equal(BookingState.Accepted, BookingState.Accepted);

        _database.Dispose();
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
        _book = new ReceiptBook(_database);

        States(second, first).Should().Equal(BookingState.Known, BookingState.Known);
        _book.Tallies(Concert).Should().Equal(new GateTally(North.Gate, 1, 1, 100, 101, 0, 0, 0));
        _book.Has(Concert, North.Gate).Should().BeTrue();
        _book.Has(Concert, South.Gate).Should().BeFalse();
        States(Receipt(North, 102, GateResult.Invalid, second.Receipt.Receipt.Hash)).Should().Equal(BookingState.Accepted);
    }

    [Fact]
    public void Of_a_chain_of_receipts_any_one_missing_is_a_gap_until_it_comes()
    {
        var chain = Chain(North, 5);
        for (var missing = 0; missing < 4; missing++)
        {
            using var folder = new TemporaryFolder();
            using var database = SqliteDatabase.Open(folder["ledger.db"]);
            var book = new ReceiptBook(database);

            book.Add([.. chain.Where((_, i) => i != missing)], Limits).Select(booking => booking.State).Should().Equal(
                Enumerable.Range(0, 5).Where(i => i != missing).Select(i => i == missing + 1 ? BookingState.Gap : BookingState.Accepted));
            book.Tallies(Concert).Single().Gaps.Should().Be(1);
            book.Add([chain[missing]], Limits).Single().State.Should().Be(BookingState.Accepted);
            book.Tallies(Concert).Single().Gaps.Should().Be(0);
        }
    }

    [Fact]
    public void Two_receipts_after_the_same_one_are_a_fork_but_not_those_of_two_gates_or_two_events()
    {
        States(Receipt(North, 1, GateResult.Invalid), Receipt(South, 1, GateResult.Invalid), Receipt(North with { Event = null }, 1, GateResult.Invalid))
            .Should().Equal(BookingState.Accepted, BookingState.Accepted, BookingState.Accepted);

        States(Receipt(North, 2, GateResult.Invalid), Receipt(North, 3, GateResult.Invalid)).Should().Equal(BookingState.Fork, BookingState.Fork);

        _book.Tallies(Concert).Select(tally => (tally.Gate, tally.Forks)).Should().BeEquivalentTo([(North.Gate, 2L), (South.Gate, 0L)]);
    }

    [Fact]
    public void A_receipt_that_follows_another_gates_is_a_gap()
    {
        var theirs = Receipt(South, 1, GateResult.Invalid);

        States(theirs, Receipt(North, 2, GateResult.Invalid, theirs.Receipt.Receipt.Hash)).Should().Equal(BookingState.Accepted, BookingState.Gap);

        _book.Tallies(Concert).Sum(tally => tally.Gaps).Should().Be(1);
    }

    [Fact]
    public void The_first_other_admission_is_told_whatever_came_first_over_the_network()
    {
        var (late, early) = (Receipt(South, 200, GateResult.Valid), Receipt(North, 100, GateResult.Valid));

        var bookings = _book.Add([late, early, late], Limits);

        bookings.Select(booking => booking.First?.Gate).Should().Equal(null, South.Gate, North.Gate);
        bookings[2].First.Should().Be(new BookedAdmission(Ticket, North.Gate, 100, early.Receipt.Receipt.Hash));
        _book.Admissions(Concert).Select(admission => admission.At).Should().Equal(100, 200);
    }

    [Fact]
    public void No_more_are_kept_of_an_event_than_may_be_and_others_are_not_touched_by_it()
    {
        var chain = Chain(North, 3);
        var other = Receipt(South, 1, GateResult.Invalid) with { Event = new EventId(new byte[16]) };

        _book.Add([.. chain, other, chain[0]], new GateSettings { ReceiptsPerEvent = 2 }).Select(booking => booking.State).Should().Equal(
            BookingState.Accepted, BookingState.Accepted, BookingState.Full, BookingState.Accepted, BookingState.Known);
        _book.Add([chain[2]], new GateSettings { ReceiptsPerEvent = 3 }).Single().State.Should().Be(BookingState.Accepted);
    }

    [Fact]
    public void No_more_are_kept_of_all_events_than_may_be_also_after_a_restart()
    {
        var chain = Chain(North, 3);
        var other = Receipt(South, 1, GateResult.Invalid) with { Event = new EventId(new byte[16]) };
        _book.Add([chain[0], other, chain[0], chain[1]], new GateSettings { Receipts = 2 }).Select(booking => booking.State).Should().Equal(
            BookingState.Accepted, BookingState.Accepted, BookingState.Known, BookingState.Full);

        _book = new ReceiptBook(_database);

        _book.Add([chain[1]], new GateSettings { Receipts = 2 }).Single().State.Should().Be(BookingState.Full);
        _book.Add(chain, new GateSettings { Receipts = 3 }).Select(booking => booking.State).Should().Equal(BookingState.Known, BookingState.Accepted, BookingState.Full);
    }

    [Fact]
    public void What_is_read_in_parts_is_whole_and_the_log_can_be_emptied_meanwhile()
    {
        var receipts = new[] { North, South }.SelectMany(scope => Enumerable.Range(0, 5).Select(i => Receipt(scope, 100 + (i % 3), i == 4 ? GateResult.Invalid : GateResult.Valid))).ToArray();
        _book.Add(receipts, Limits);
        var book = new ReceiptBook(_database, partRows: 2);
        var heard = new List<BookedAdmission>();

        foreach (var admission in book.Admissions(Concert))
        {
            heard.Add(admission);
            _book.Add([Receipt(North with { Event = null }, 1_000 + heard.Count, GateResult.Invalid) with { Event = Other }], Limits);
            _database.Checkpoint();
        }

        var kept = receipts.DistinctBy(one => one.Receipt.Receipt.Hash).Select(one => one.Receipt.Receipt).ToArray();
        heard.Select(one => one.Receipt).Should().BeEquivalentTo(kept.Where(one => one.Result == GateResult.Valid).Select(one => one.Hash)).And.OnlyHaveUniqueItems();
        heard.Select(one => one.At).Should().BeInAscendingOrder();
        book.Tallies(Concert).Should().Equal(_book.Tallies(Concert)).And.HaveCount(2);
        book.Tallies(Concert).Select(one => (one.Gate, one.Admitted, one.Refused, one.FirstAt, one.LastAt)).Should().Equal(
            new[] { North.Gate, South.Gate }.Order().Select(gate => (gate, (long)kept.Count(one => one.Scope.Gate == gate && one.Result == GateResult.Valid), 1L, (long?)100, (long?)102)));
    }

    private static BookedReceipt[] Chain(GateScope scope, int length)
    {
        var chain = new BookedReceipt[length];
        for (var i = 0; i < length; i++) chain[i] = Receipt(scope, 100 + i, GateResult.Invalid, i == 0 ? default : chain[i - 1].Receipt.Receipt.Hash);
        return chain;
    }

    private static BookedReceipt Receipt(GateScope scope, long at, GateResult result, Hash256 previous = default)
    {
        var receipt = new GateReceipt(scope, result == GateResult.Valid ? Ticket : null, at, result, "code", previous);
        return new BookedReceipt(new SignedReceipt(receipt, new ReceiptProof.Hmac(default)), Concert, null);
    }

    private IEnumerable<BookingState> States(params BookedReceipt[] receipts) => _book.Add(receipts, Limits).Select(booking => booking.State);
}
