using Microsoft.Extensions.Options;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Organise;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What organisers' pages read, and how much of it.</summary>
public sealed class OrganiseTests
{
    private readonly FormFaults _faults = new();

    private Typed Typed => new(_faults, new NameOnly());

    [Theory]
    [InlineData("A", "C", "A B C")]
    [InlineData("y", "ab", "Y Z AA AB")]
    [InlineData("8", "11", "8 9 10 11")]
    [InlineData("C", "A", null)]
    [InlineData("A", "3", null)]
    [InlineData("", "A", null)]
    [InlineData("1", "201", null)]
    [InlineData("AAA", "AAB", null)]
    public void Rows_are_letters_or_numbers_in_order_and_few(string first, string last, string? rows) =>
        (SeatRows.Between(first, last) is { } found ? string.Join(' ', found) : null).Should().Be(rows);

    [Fact]
    public void A_plan_counts_tickets_money_and_transactions_over_all_sessions()
    {
        var form = new SeatsForm();
        (form.Blocks[0].LastRow, form.Blocks[0].LastSeat, form.Blocks[0].Price) = ("Z", "50", "50");
        form.Add();
        (form.Blocks[1].Section, form.Blocks[1].LastSeat, form.Blocks[1].Price, form.Blocks[1].Session) = ("Balcony", "10", "49,90", "1");

        var plan = form.Read(Typed, sessions: 2);

        _faults.Count.Should().Be(0);
        (plan.Tickets, plan.Worth, plan.Transactions).Should().Be((2_610, (2_600 * 50_00) + (10 * 49_90), (2 * 2) + 1));
        plan.Blocks[1].Names().Should().StartWith("Balcony AA-1").And.HaveCount(10);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "0", true)]
    [InlineData("0", "", true)]
    [InlineData("1", "0", false)]
    public void A_seat_stands_once_in_a_session(string first, string second, bool isTwice)
    {
        var form = new SeatsForm();
        form.Add();
        foreach (var block in form.Blocks) (block.FirstRow, block.LastRow, block.Price) = ("A", "A", "1");
        (form.Blocks[0].Session, form.Blocks[1].Session) = (first, second);

        form.Read(Typed, sessions: 2);

        _faults["blocks[1].first_row"].Should().Be(isTwice ? "fault.seat_twice A-1" : null);
    }

    [Fact]
    public void A_plan_has_a_most_of_tickets_and_of_blocks()
    {
        var form = new SeatsForm();
        (form.Blocks[0].FirstRow, form.Blocks[0].LastRow, form.Blocks[0].LastSeat, form.Blocks[0].Price) = ("1", "100", "500", "1");
        form.Read(Typed, sessions: 1).Tickets.Should().Be(SeatsForm.MaxTickets);
        _faults.Count.Should().Be(0);

        form.Read(Typed, sessions: 2);
        _faults["blocks[0].last_seat"].Should().Be($"fault.tickets {SeatsForm.MaxTickets}");
        for (var i = 0; i < 2 * SeatsForm.MaxBlocks; i++) form.Add();
        form.Blocks.Should().HaveCount(SeatsForm.MaxBlocks);
    }

    [Theory]
    [InlineData("50", 5_000L)]
    [InlineData("49,90", 4_990L)]
    [InlineData("0", 0L)]
    [InlineData("90071992547409.91", Operation.MaxAmount)]
    [InlineData("90071992547409.92", null)]
    [InlineData("1.005", 100_500L)]
    [InlineData("0.005", null)]
    [InlineData("-1", null)]
    [InlineData("1e3", null)]
    [InlineData("999999999999999999999999999999", null)]
    public void A_price_is_read_to_the_minor_unit_or_not_at_all(string typed, long? amount)
    {
        var read = Typed.Price("price", typed);

        (_faults.Count == 0 ? read : (long?)null).Should().Be(amount);
    }

    [Theory]
    [InlineData("A-1", "A-1")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData(" @SUM(A1)", "' @SUM(A1)")]
    [InlineData("-2", "'-2")]
    [InlineData("Box \"1\", left", "\"Box \"\"1\"\", left\"")]
    public void A_cell_is_never_a_formula(string seat, string cell) => CsvText.Of(seat).Should().Be(cell);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(11, 5)]
    [InlineData(50, 10)]
    [InlineData(51, 20)]
    [InlineData(60_000, 20_000)]
    [InlineData(int.MaxValue, 500_000_000)]
    public void A_charts_lines_stand_for_whole_tickets_and_are_few(int most, int step) => DeskCharts.StepOf(most).Should().Be(step);

    [Fact]
    public void A_search_looks_at_so_many_tickets_and_says_when_there_are_more()
    {
        Address.TryParse("0x0000000000000000000000000000000000000001", out var organiser).Should().BeTrue();
        var terms = new EventTerms(0, default, 1, organiser, "Event", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [], [], organiser, null, ResaleRules.Default, false);
        var issue = new TicketIssue(terms.Id, 0, 50_00, 1);
        var tickets = Enumerable.Range(0, 30).Select(i => KeyValuePair.Create(
            IssueTickets.TicketOf(terms.Id, 0, $"A-{i}"), new Ticket(issue, i, SeatName.Of($"A-{i}"), organiser) with { Status = i % 3 == 0 ? TicketStatus.Revoked : TicketStatus.Unsold }));
        var state = LedgerState.Of(
            0, Trie<Address, long>.Empty, [terms], Trie<Core.Primitives.EventId, EventTally>.Empty.Set(terms.Id, EventTally.Empty with { Issued = 30, Revoked = 10 }), [.. tickets], Trie<Hash256, Present>.Empty, () => Trie<NumberedHash, Present>.Empty);

        string[] Seats(TicketFilter filter, int skip, out FoundTickets page, int maxLooked = TicketFinder.MaxLooked)
        {
            page = new TicketFinder(state, terms.Id, maxLooked).Find(filter, skip, take: 3);
            return [.. page.Rows.Select(row => row.Ticket.Seat.ToString())];
        }

        Seats(TicketFilter.All, 20, out var all).Should().Equal("A-20", "A-21", "A-22");
        (all.Count, all.IsComplete).Should().Be((30, true));
        Seats(new TicketFilter(TicketStatus.Revoked, null, ""), 8, out var revoked).Should().Equal("A-24", "A-27");
        (revoked.Count, revoked.IsComplete).Should().Be((10, true));
        Seats(new TicketFilter(null, 0, "a-2"), 1, out var begins).Should().Equal("A-20", "A-21", "A-22");
        begins.Count.Should().Be(11);
        Seats(new TicketFilter(null, null, "A-2"), 0, out var cut, maxLooked: 21).Should().Equal("A-2", "A-20");
        (cut.Count, cut.IsComplete).Should().Be((2, false));
        Seats(new TicketFilter(TicketStatus.Revoked, null, ""), 3, out var few, maxLooked: 4).Should().Equal("A-9");
        (few.Count, few.IsComplete).Should().Be((4, false));
    }

    [Fact]
    public void So_many_interactive_pages_are_open_at_once_and_one_that_goes_makes_room()
    {
        var open = new OpenCircuits(Options.Create(new LimitOptions { InteractivePages = 3 }));
        for (var i = 0; i < 3; i++) open.Enter().Should().BeTrue();

        open.Enter().Should().BeFalse();
        open.Leave();
        open.Leave();

        open.Enter().Should().BeTrue();
    }

    [Fact]
    public async Task A_page_counts_once_and_one_that_was_refused_leaves_too()
    {
        var open = new OpenCircuits(Options.Create(new LimitOptions { InteractivePages = 1 }));
        CircuitLimit first = new(open), second = new(open), third = new(open), never = new(open);
        await first.OnCircuitOpenedAsync(null!, default);

        await FluentActions.Awaiting(() => second.OnCircuitOpenedAsync(null!, default)).Should().ThrowAsync<InvalidOperationException>().WithMessage("1 interactive pages are open*");
        await second.OnCircuitClosedAsync(null!, default);
        await never.OnCircuitClosedAsync(null!, default);
        await FluentActions.Awaiting(() => third.OnCircuitOpenedAsync(null!, default)).Should().ThrowAsync<InvalidOperationException>("the first one is still open");
        await third.OnCircuitClosedAsync(null!, default);
        await first.OnCircuitClosedAsync(null!, default);
        await first.OnCircuitClosedAsync(null!, default);

        open.Enter().Should().BeTrue();
        open.Enter().Should().BeFalse();
    }

    [Fact]
    public async Task A_page_hears_of_another_state_once_a_second_and_of_none_when_nothing_happened()
    {
        using var node = new NodeFactory();
        using var gone = new CancellationTokenSource();
        await using var changes = new TipWatch(node.Node, node.Clock).ChangesAsync(node.Node.Snapshot, gone.Token).GetAsyncEnumerator(gone.Token);
        var next = changes.MoveNextAsync().AsTask();
        await node.TopUpAsync(node.OwnAccount("fan"), 1);
        await node.TopUpAsync(node.OwnAccount("other"), 1);

        next.IsCompleted.Should().BeFalse("a second has not passed");
        node.Clock.Advance(TipWatch.Pace);

        (await next).Should().BeTrue();
        changes.Current.Should().BeSameAs(node.Node.Snapshot);
        next = changes.MoveNextAsync().AsTask();
        node.Clock.Advance(TipWatch.Pace);
        await gone.CancelAsync();
        (await next).Should().BeFalse("nothing happened in that second");
    }
}
