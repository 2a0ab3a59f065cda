using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Demo;

/// <summary>Some events half sold, so that whoever opens the site for the first time sees what it looks like in use. Comes after <see cref="DemoWalk"/>.</summary>
/// <param name="client">Does what the people in it do.</param>
public sealed class DemoSeason(DemoClient client)
{
    /// <summary>What the first event is called; by this name a second start knows the season again.</summary>
    public const string FirstName = "An Evening at the Lake";

    private const int Fans = 24;
    private const long Pocket = 4_000_00;

    // Steps through all seats in an order that looks like people's: the step shares no divisor with the number of seats of any event below.
    private const int Stride = 37;

    private static readonly Show[] Shows =
    [
        new(FirstName, "Lakeside Stage", 45, 'L', 24, [85_00, 65_00, 45_00], "capped", SoldPercent: 62, OfferedPercent: 5, PricePercent: 108),
        new("City Derby", "North Stadium", 21, 'T', 40, [60_00, 40_00], "free", SoldPercent: 34, OfferedPercent: 3, PricePercent: 130),
        new("Chamber Recital", "Old Mill", 12, 'E', 8, [28_00], "face_value", SoldPercent: 100, OfferedPercent: 8, PricePercent: 100),
        new("Open-Air Cinema", "Castle Yard", 60, 'F', 15, [12_00], "forbidden", SoldPercent: 10, OfferedPercent: 0, PricePercent: 0) { IsCancelled = true },
    ];

    /// <summary>Fills the season and says so; where it was before, or where no money can come in, does nothing.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="stopping">The node stops.</param>
    public async Task RunAsync(TextWriter output, CancellationToken stopping)
    {
        if (!client.HasExchange || client.Node.Snapshot.Pending.State.EventOrder.Any(entry => client.Node.Snapshot.Pending.State.Events.Find(entry.Value)!.Name == FirstName)) return;

        try
        {
            var organiser = client.Open("box office");
            DemoAccount[] fans = [.. Enumerable.Range(1, Fans).Select(number => client.Open($"guest {number}"))];
            foreach (var fan in fans) await client.TopUpAsync(fan, Pocket, stopping);
            await client.MineAsync(stopping);
            foreach (var show in Shows) await SellAsync(show, organiser, fans, stopping);
            await output.WriteLineAsync($"Season: {Shows.Length} more events, half sold, for the site to show.");
        }
        catch (DemoStoppedException stopped)
        {
            await output.WriteLineAsync($"The season ends here. {stopped.Message}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await output.WriteLineAsync("The season ends here: the node stops.");
        }

        await output.FlushAsync(CancellationToken.None);
    }

    private async Task SellAsync(Show show, DemoAccount organiser, DemoAccount[] fans, CancellationToken stopping)
    {
        var id = await CreateAsync(show, organiser, stopping);
        await client.MineAsync(stopping);

        string[] order = [.. Enumerable.Range(0, show.Seats).Select(i => show.SeatOf(i * Stride % show.Seats))];
        var sold = order[..(show.Seats * show.SoldPercent / 100)];
        var offered = sold[..(show.Seats * show.OfferedPercent / 100)];
        await client.SendAllAsync(sold.Select((seat, i) => Buy(fans[i % Fans], TicketOf(id, seat), show.PriceOf(seat))), stopping);
        await client.MineAsync(stopping);
        await client.SendAllAsync(offered.Select((seat, i) => new DemoAct(fans[i % Fans], ListTicket.TypeName, Ticket(id, seat), new("price", JsonValue.Of(show.OfferOf(seat))))), stopping);
        await client.MineAsync(stopping);

        // Half of what is offered finds its buyer.
        await client.SendAllAsync(offered.Take(offered.Length / 2).Select((seat, i) => Buy(fans[(i + 1) % Fans], TicketOf(id, seat), show.OfferOf(seat))), stopping);
        if (show.IsCancelled) await client.SendAsync(organiser, CancelEvent.TypeName, stopping, new JsonMember("event_id", JsonValue.Of(id.ToString())));
        await client.MineAsync(stopping);
    }

    private async Task<EventId> CreateAsync(Show show, DemoAccount organiser, CancellationToken stopping)
    {
        var session = JsonValue.Object(
        [
            new("date", JsonValue.Of(client.DayIn(show.InDays).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
            new("time", JsonValue.Of("20:00")),
        ]);
        JsonMember[] resale = [new("resale", JsonValue.Of(show.Resale)), new("commission_percent", JsonValue.Of(5))];
        if (show.Resale == "capped") resale = [.. resale, new("max_price_percent", JsonValue.Of(110))];
        var payload = await client.SendAsync(
            organiser,
            CreateEvent.TypeName,
            stopping,
            new("name", JsonValue.Of(show.Name)),
            new("venue", JsonValue.Of(show.Venue)),
            new("sessions", JsonValue.Array([session])),
            new("resale", JsonValue.Object(resale)));
        var id = EventId.Of(payload.Id);
        var byPrice = Enumerable.Range(0, show.Seats).Select(show.SeatOf).GroupBy(show.PriceOf);
        await client.SendAllAsync(byPrice.Select(group => new DemoAct(
            organiser,
            IssueTickets.TypeName,
            new("event_id", JsonValue.Of(id.ToString())),
            new("session", JsonValue.Of(0)),
            new("seats", JsonValue.Array(group.Select(JsonValue.Of))),
            new("price", JsonValue.Of(group.Key)))), stopping);
        return id;
    }

    private static DemoAct Buy(DemoAccount fan, TicketId ticket, long price) =>
        new(fan, PurchaseTicket.TypeName, new("ticket_id", JsonValue.Of(ticket.ToString())), new("max_price", JsonValue.Of(price)));

    private static JsonMember Ticket(EventId id, string seat) => new("ticket_id", JsonValue.Of(TicketOf(id, seat).ToString()));

    private static TicketId TicketOf(EventId id, string seat) => IssueTickets.TicketOf(id, 0, seat);

    /// <summary>An event of the season.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Venue">Where it is.</param>
    /// <param name="InDays">Days from now.</param>
    /// <param name="LastRow">Rows are named from A to this.</param>
    /// <param name="SeatsInRow">Seats of each.</param>
    /// <param name="Prices">From the front to the back, minor units; each for an equal part of the rows.</param>
    /// <param name="Resale">The rule of resale, as payloads name it.</param>
    /// <param name="SoldPercent">How much of it is sold.</param>
    /// <param name="OfferedPercent">How much of it is offered again.</param>
    /// <param name="PricePercent">At what part of its face price.</param>
    private sealed record Show(
        string Name, string Venue, int InDays, char LastRow, int SeatsInRow, long[] Prices, string Resale, int SoldPercent, int OfferedPercent, int PricePercent)
    {
        public bool IsCancelled { get; init; }

        public int Seats => Rows * SeatsInRow;

        private int Rows => LastRow - 'A' + 1;

        public string SeatOf(int index) => $"{(char)('A' + (index / SeatsInRow))}-{(index % SeatsInRow) + 1}";

        public long PriceOf(string seat) => Prices[(seat[0] - 'A') * Prices.Length / Rows];

        public long OfferOf(string seat) => PriceOf(seat) * PricePercent / 100;
    }
}
