using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>An event with its people: an organiser, an official seller, a gate, two fans with money, and twelve seats at 5,000.</summary>
internal sealed class WritesScenario : IDisposable
{
    public const long Price = 5_000;
    public const long Money = 100_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private WritesScenario(NodeFactory node, bool areKept)
    {
        Node = node;
        Organiser = Make("organiser");
        Seller = Make("seller");
        Gate = Make("gate");
        Fan = Make("fan");
        Other = Make("other");
        EventKey = node.OwnAccount("event key");

        Wallet Make(string name) => areKept ? node.KeepAccount() : node.OwnAccount(name);
    }

    public NodeFactory Node { get; }

    public Wallet Organiser { get; }

    public Wallet Seller { get; }

    public Wallet Gate { get; }

    public Wallet Fan { get; }

    public Wallet Other { get; }

    /// <summary>The event's own key, which no node keeps.</summary>
    public Wallet EventKey { get; }

    public string EventId { get; private set; } = string.Empty;

    public IReadOnlyList<string> Tickets { get; private set; } = [];

    public NodeSnapshot Snapshot => Node.Node.Snapshot;

    /// <summary>Opens the sale: all of it is confirmed in one block.</summary>
    /// <param name="areKept">Whether the node keeps the people's accounts; else they have keys of their own.</param>
    /// <param name="resale">The event's rules; none for the default ones.</param>
    /// <param name="node">The node; by default a new one.</param>
    public static async Task<WritesScenario> OpenAsync(bool areKept = false, object? resale = null, NodeFactory? node = null)
    {
        var scenario = new WritesScenario(node ?? new NodeFactory(), areKept);
        await scenario.Node.TopUpAsync(scenario.Organiser, Money);
        await scenario.Node.TopUpAsync(scenario.Fan, Money);
        await scenario.Node.TopUpAsync(scenario.Other, Money);
        (scenario.EventId, scenario.Tickets) = await scenario.CreateAsync(resale, 12);
        await scenario.Node.SealAsync();
        return scenario;
    }

    /// <summary>Creates an event with its tickets, pending until the next block.</summary>
    public async Task<(string EventId, IReadOnlyList<string> Tickets)> CreateAsync(object? resale, int seats, object? more = null)
    {
        var fields = Wallet.Json(new
        {
            name = "Concert",
            venue = "Hall",
            sessions = new[] { new { date = "2027-06-15", time = "19:00" } },
            sellers = new[] { Seller.Id },
            gates = new[] { Gate.Id },
            event_key = EventKey.Id,
        });
        if (resale is not null) fields = fields.With("resale", Wallet.Json(resale));
        if (more is not null) fields = Wallet.Json(more).Members.Aggregate(fields, (json, field) => json.With(field.Name, field.Value));
        var created = await PostAsync(Organiser, "create_event", fields);
        var id = created.GetProperty("event_id").GetString()!;
        var issued = await PostAsync(Organiser, "issue_tickets", new { event_id = id, session = 0, seats = Enumerable.Range(1, seats).Select(i => $"A-{i}"), price = Price });
        return (id, [.. issued.GetProperty("ticket_ids").EnumerateArray().Select(ticket => ticket.GetString()!)]);
    }

    /// <summary>Lets time pass that something waits for: not before its timer runs, which may start a little after the answer that speaks of it.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        await UntilAsync(() => Node.Clock.NextDueAt <= Node.Clock.Now + time);
        Node.Clock.Advance(time);
    }

    /// <summary>Waits for what another thread is about to do.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"It did not come true in {Patience.TotalSeconds} s.");
            await Task.Yield();
        }
    }

    public JsonValue Sign(Wallet sender, string type, object fields, params Wallet[] others) => sender.Sign(type, fields, Node.Clock.Now, others);

    /// <summary>Posts a transaction that must be admitted.</summary>
    public Task<JsonElement> PostAsync(Wallet sender, string type, object fields, params Wallet[] others) => Node.Api.PostAsync("/transactions", sender, type, fields, others);

    /// <summary>Posts a transaction that must be refused, and must leave everything as it was.</summary>
    public Task<JsonElement> PostRefusedAsync(Wallet sender, string type, object fields, int status, string code, params Wallet[] others) =>
        PostRefusedAsync("/transactions", Sign(sender, type, fields, others), status, code);

    public async Task<JsonElement> PostRefusedAsync(string path, object body, int status, string code)
    {
        var before = Snapshot;
        var problem = await Node.Api.PostRefusedAsync(path, body, (HttpStatusCode)status, code);
        Snapshot.Should().Be(before, "a refused request changes nothing");
        return problem;
    }

    /// <summary>A fan buys a ticket from the organiser, or from whoever lists it.</summary>
    public Task<JsonElement> BuyAsync(Wallet buyer, string ticket, long maxPrice = Price) => PostAsync(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = maxPrice });

    /// <summary>A ticket as it is with what waits applied.</summary>
    public Ticket TicketOf(string id) => Snapshot.Pending.State.Tickets.Find(Id(id))!;

    /// <summary>Money with what waits applied.</summary>
    public long BalanceOf(Wallet wallet) => Snapshot.Pending.State.BalanceOf(wallet.Address);

    /// <summary>The id of a body's transaction, computed as any client would.</summary>
    public static Hash256 IdOf(JsonValue body) => Hash256.Sha256(CanonicalJson.Write(body.Without("hmac").Without("signatures")));

    public static TicketId Id(string ticket) => TicketId.TryParse(ticket, out var id) ? id : throw new FormatException(ticket);

    /// <summary>The id of the ticket for a seat, computed as any client would.</summary>
    public static string TicketOf(string eventId, int session, string seat) =>
        IssueTickets.TicketOf(Core.Primitives.EventId.TryParse(eventId, out var id) ? id : throw new FormatException(eventId), session, seat).ToString();

    public void Dispose() => Node.Dispose();
}
