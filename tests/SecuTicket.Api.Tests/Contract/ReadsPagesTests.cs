using System.Text.Json;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Events;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Tickets;
using SecuTicket.Api.Transactions;
using SecuTicket.Node.Certificates;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsPagesTests
{
    [Fact]
    public void A_page_holds_as_many_items_as_asked_for_and_no_more_bytes_than_allowed()
    {
        var byCount = new PageBuilder<int>(2);
        byCount.Fits(1).Should().BeTrue();
        byCount.Add(1, 1);
        byCount.Add(2, 1);
        byCount.Fits(1).Should().BeFalse();

        var bySize = new PageBuilder<int>(1000);
        bySize.Add(1, PageBuilder<int>.MaxBytes - 10);
        bySize.Fits(10).Should().BeTrue();
        bySize.Fits(11).Should().BeFalse();
        new PageBuilder<int>(1).Fits(int.MaxValue).Should().BeTrue("one item is given whatever its size");
        PageBuilder<int>.MaxBytes.Should().Be(4 * 1024 * 1024);
    }

    [Fact]
    public async Task The_sizes_of_items_are_never_underestimated()
    {
        using var concert = await Concert.StartAsync(seats: 1, resale: new { resellers = new[] { Wallet.Own("a").Id, Wallet.Own("b").Id } });
        // Characters that JSON writes with six bytes each.
        var seat = new string('<', 32);
        await concert.Api.PostAsync("/events", concert.Bob, "create_event", new
        {
            name = string.Concat(Enumerable.Repeat("\uD83C\uDFAB", 100)),
            venue = new string('é', 200),
            sessions = Enumerable.Range(0, 366).Select(_ => new { date = "2027-06-15", time = "19:00" }),
            sellers = Enumerable.Range(0, 50).Select(i => Wallet.Own($"{i}").Id),
            gates = Enumerable.Range(50, 50).Select(i => Wallet.Own($"{i}").Id),
            time_zone = "America/Argentina/ComodRivadavia",
            sale_opens_at = 9_007_199_254_740,
        });
        var ticket = (await concert.IssueAsync(0, seat))[0];
        await concert.Api.PostAsync("/tickets/purchase", concert.Alice, "purchase_ticket", new { ticket_id = ticket, max_price = Concert.Money, identity_commitment = new string('f', 64) });
        await concert.RedeemAsync(ticket);
        await concert.SealAsync();
        var view = new LedgerView(concert.Node.Node.Snapshot, IsPending: false);
        var longest = CertificateStanding.None with { Status = CertificateStatus.Verified, Name = new string('é', CertificateBundle.MaxNameLength) };

        foreach (var (id, terms) in view.State.Events)
            JsonSerializer.SerializeToUtf8Bytes(EventContract.Of(id, terms, view, longest), ApiJson.Default.EventContract).Length.Should().BeLessThanOrEqualTo(EventContract.SizeOf(terms));
        foreach (var (id, one) in view.State.Tickets)
            JsonSerializer.SerializeToUtf8Bytes(TicketContract.Of(id, one, view), ApiJson.Default.TicketContract).Length.Should().BeLessThanOrEqualTo(TicketContract.MaxBytes);
        foreach (var stored in concert.Node.Node.Store.AccountTransactions(concert.Organiser.Address, null, 100))
        {
            var answer = TransactionAnswer.Of(stored.Transaction, TransactionStatus.Confirmed, long.MaxValue);
            JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Default.TransactionAnswer).Length.Should().BeLessThanOrEqualTo(TransactionAnswer.SizeOf(stored.Transaction));
        }
    }

    [Fact]
    public void A_place_is_read_back_as_it_was_written_and_in_no_other_form()
    {
        var random = new Random(20_271_615);
        for (var i = 0; i < 1_000; i++)
        {
            var number = new NumberPlace(random.NextInt64(0, long.MaxValue));
            NumberPlace.TryParse(number.ToString(), out var readNumber).Should().BeTrue();
            readNumber.Should().Be(number);
            HistoryPlace.TryParse(number.ToString(), out _).Should().BeFalse();

            var history = new HistoryPlace(random.NextInt64(-1, long.MaxValue), random.Next(), random.NextInt64(0, long.MaxValue));
            HistoryPlace.TryParse(history.ToString(), out var readHistory).Should().BeTrue();
            readHistory.Should().Be(history);
            NumberPlace.TryParse(history.ToString(), out _).Should().BeFalse();
            HistoryPlace.TryParse(history.ToString() + "A", out _).Should().BeFalse();
        }
    }

    [Fact]
    public void A_page_says_next_also_when_there_is_none()
    {
        JsonSerializer.Serialize(new Page<TicketChangeContract>([], null), ApiJson.Default.PageTicketChangeContract).Should().Be("""{"items":[],"next":null}""");
    }
}
