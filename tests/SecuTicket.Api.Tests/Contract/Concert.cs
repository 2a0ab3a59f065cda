using System.Text.Json;
using SecuTicket.Core.Blocks;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A node on which an organiser created an event of two sessions and issued seats of the first one, all in block 1; fans have money.</summary>
public sealed class Concert : IDisposable
{
    public const long FacePrice = 5_000;
    public const long Money = 100_000;

    private Concert(NodeFactory node)
    {
        Node = node;
        Organiser = node.KeepAccount();
        Alice = node.KeepAccount();
        Bob = node.OwnAccount("bob");
        Gate = node.OwnAccount("gate");
        Seller = node.OwnAccount("seller");
    }

    public NodeFactory Node { get; }

    public ApiClient Api => Node.Api;

    /// <summary>Kept by the node, as is <see cref="Alice"/>; the others have keys of their own.</summary>
    public Wallet Organiser { get; }

    public Wallet Alice { get; }

    public Wallet Bob { get; }

    public Wallet Gate { get; }

    public Wallet Seller { get; }

    public string EventId { get; private set; } = string.Empty;

    public string CreatedBy { get; private set; } = string.Empty;

    /// <summary>Ids of the seats …, in their order.</summary>
    public IReadOnlyList<string> Tickets { get; private set; } = [];

    /// <summary>A concert.</summary>
    /// <param name="seats">Seats of the first session.</param>
    /// <param name="resale">Rules; by default resale at up to 120 % with 10 % commission.</param>
    /// <param name="node">The node; by default a new one. It goes with the concert.</param>
    public static async Task<Concert> StartAsync(int seats = 5, object? resale = null, NodeFactory? node = null)
    {
        var concert = new Concert(node ?? new NodeFactory());
        await concert.CreateAsync(seats, resale ?? new { resale = "capped", max_price_percent = 120, commission_percent = 10 });
        return concert;
    }

    public Task<JsonElement> BuyAsync(Wallet buyer, string ticket, long maxPrice = Money) =>
        Api.PostAsync("/tickets/purchase", buyer, "purchase_ticket", new { ticket_id = ticket, max_price = maxPrice });

    public Task<JsonElement> ListAsync(Wallet holder, string ticket, long price) => Api.PostAsync("/tickets/list", holder, "list_ticket", new { ticket_id = ticket, price });

    public Task<JsonElement> ReturnAsync(Wallet holder, string ticket) => Api.PostAsync("/tickets/return", holder, "return_ticket", new { ticket_id = ticket });

    public Task<JsonElement> RedeemAsync(string ticket) => Api.PostAsync("/tickets/redeem", Gate, "redeem_ticket", new { ticket_id = ticket });

    public Task<JsonElement> RevokeAsync(string ticket) => Api.PostAsync("/tickets/revoke", Organiser, "revoke_ticket", new { ticket_id = ticket });

    public Task<JsonElement> CancelAsync() => Api.PostAsync("/events/cancel", Organiser, "cancel_event", new { event_id = EventId });

    public async Task<IReadOnlyList<string>> IssueAsync(int session, params string[] seats)
    {
        var issued = await Api.PostAsync("/tickets", Organiser, "issue_tickets", new { event_id = EventId, session, seats, price = FacePrice });
        return [.. issued.GetProperty("ticket_ids").EnumerateArray().Select(id => id.GetString()!)];
    }

    public Task<VerifiedBlock> SealAsync() => Node.SealAsync();

    public void Dispose() => Node.Dispose();

    private async Task CreateAsync(int seats, object resale)
    {
        foreach (var rich in new[] { Organiser, Alice, Bob }) await Node.TopUpAsync(rich, Money);
        var created = await Api.PostAsync("/events", Organiser, "create_event", new
        {
            name = "Les Élans",
            venue = "Grand Hall",
            sessions = new[] { new { date = "2027-06-15", time = "19:00" }, new { date = "2027-06-16", time = "20:30" } },
            time_zone = "Europe/Paris",
            gates = new[] { Gate.Id },
            sellers = new[] { Seller.Id },
            resale,
        });
        EventId = created.GetProperty("event_id").GetString()!;
        CreatedBy = created.GetProperty("transaction_id").GetString()!;
        Tickets = await IssueAsync(0, [.. Enumerable.Range(1, seats).Select(seat => $"A-{seat}")]);
        await SealAsync();
    }
}
