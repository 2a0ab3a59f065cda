using System.Net.Http.Headers;
using System.Text.Json;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What the explorer's tests look at: an event of which one ticket was bought and resold above its face price, one is unsold, and both are in blocks.</summary>
internal sealed class ExplorerScene
{
    public const long FacePrice = 50_00;
    public const long ResalePrice = 55_00;

    private readonly NodeUnderTest _node;

    private ExplorerScene(NodeUnderTest node, string name, string seat, Wallet organiser, Wallet buyer, EventId @event)
    {
        (_node, Name, Seat, Organiser, Buyer, Event) = (node, name, seat, organiser, buyer, @event);
        Ticket = IssueTickets.TicketOf(@event, 0, seat);
    }

    /// <summary>The event's name; no other event's holds it.</summary>
    public string Name { get; }

    /// <summary>The resold ticket's seat; no other event has one.</summary>
    public string Seat { get; }

    public Wallet Organiser { get; }

    /// <summary>Who has the ticket at the end.</summary>
    public Wallet Buyer { get; }

    public EventId Event { get; }

    public TicketId Ticket { get; }

    /// <summary>The transaction of the resale.</summary>
    public string Resale { get; private set; } = "";

    public static async Task<ExplorerScene> PlayAsync(NodeUnderTest node)
    {
        var unique = Guid.NewGuid().ToString("N")[..8].ToUpperInvariant();
        using var authority = Wallet.ExchangeAuthority();
        var (organiser, seller, buyer) = (Wallet.Own($"{unique} organiser"), Wallet.Own($"{unique} seller"), Wallet.Own($"{unique} buyer"));
        var create = organiser.Payload("create_event", new
        {
            name = $"Concert {unique} <b>&",
            venue = "Salle Léo",
            sessions = new[] { new { date = SaleStage.Day, time = "19:00" } },
            resale = new { resale = "capped", max_price_percent = 110, commission_percent = 5 },
        }, DateTimeOffset.UtcNow);
        var id = EventId.Of(Hash256.Sha256(CanonicalJson.Write(create)));
        var scene = new ExplorerScene(node, $"Concert {unique} <b>&", $"S-{unique}", organiser, buyer, id);

        // What comes later may rest on what waits: only the last one is waited for.
        await scene.SendAsync(organiser.Prove(create));
        await scene.SendAsync(organiser, "issue_tickets", new { event_id = id.ToString(), session = 0, seats = new[] { scene.Seat, $"T-{unique}" }, price = FacePrice });
        foreach (var fan in new[] { seller, buyer }) await scene.SendAsync(authority, "top_up", new { recipient = fan.Id, amount = 100_00, reference = fan.Id });
        var ticket = scene.Ticket.ToString();
        await scene.SendAsync(seller, "purchase_ticket", new { ticket_id = ticket, max_price = FacePrice });
        await scene.SendAsync(seller, "list_ticket", new { ticket_id = ticket, price = ResalePrice });
        scene.Resale = await scene.SendAsync(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = ResalePrice }, wait: true);
        return scene;
    }

    /// <summary>Has the node make a block.</summary>
    public async Task MineAsync() => (await _node.Client.PostAsync("/mine", null)).EnsureSuccessStatusCode();

    /// <summary>What the contract answers.</summary>
    public async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await _node.Client.GetStringAsync(path)).RootElement;

    private Task<string> SendAsync(Wallet sender, string type, object fields, bool wait = false) => SendAsync(sender.Sign(type, fields, DateTimeOffset.UtcNow), wait);

    private async Task<string> SendAsync(JsonValue body, bool wait = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/transactions") { Content = new ByteArrayContent(CanonicalJson.Write(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (wait) request.Headers.Add("Prefer", "wait=30");
        var answer = await _node.Client.SendAsync(request);
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        answer.IsSuccessStatusCode.Should().BeTrue(json.ToString());
        if (wait) json.GetProperty("status").GetString().Should().Be("confirmed", json.ToString());
        return json.GetProperty("transaction_id").GetString()!;
    }
}
