using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>Fans with keys of their own who buy, resell, give and return at all nodes at once, and remember what each node acknowledged.</summary>
internal sealed class Crowd(IReadOnlyList<StormNode> nodes, int seed) : IDisposable
{
    private const int Fans = 12;
    private const int Seats = 40;
    private const long FacePrice = 5_000;
    private const long Money = 1_000_000;

    // A crowd that never waits would only measure how fast this machine signs.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(80);

    // What a node may say to one who comes too late, or while it starts or stops; all else is a fault.
    private static readonly HashSet<string> Expected =
    [
        "ticket_not_available", "not_holder", "price_above_max", "insufficient_funds", "reference_used", "not_ready", "return_forbidden", "invalid_field",
    ];

    private readonly Wallet _authority = Wallet.ExchangeAuthority();
    private readonly Wallet _organiser = Wallet.Own($"{seed} organiser");
    private readonly Wallet[] _fans = [.. Enumerable.Range(0, Fans).Select(fan => Wallet.Own($"{seed} fan {fan}"))];
    private readonly ConcurrentDictionary<string, long> _topUps = new(StringComparer.Ordinal);
    private int _references;
    private volatile bool _hasBegun;

    public IReadOnlyList<string> Tickets { get; private set; } = [];

    /// <summary>What was answered with success, and by which node.</summary>
    public ConcurrentBag<(string Transaction, int Node)> Acknowledged { get; } = [];

    /// <summary>How often each type was acknowledged and each code was refused.</summary>
    public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers that no node should give.</summary>
    public ConcurrentBag<string> Faults { get; } = [];

    /// <summary>Amounts of all top-ups that were sent, whatever was answered, by transaction.</summary>
    public IReadOnlyDictionary<string, long> TopUps => _topUps;

    /// <summary>Money for fans, an event and its tickets, all at the first node.</summary>
    public async Task BeginAsync()
    {
        foreach (var fan in _fans) await TopUpAsync(fan, Money, [0]);
        var created = await SendAsync(0, "/events", Sign(_organiser, "create_event", new
        {
            name = "Storm",
            venue = "Grand Hall",
            sessions = new[] { new { date = "2027-06-15", time = "19:00" } },
            resale = new { resale = "capped", max_price_percent = 120, commission_percent = 10 },
        }));
        var seats = Enumerable.Range(1, Seats).Select(static seat => $"A-{seat}").ToArray();
        var issued = await SendAsync(0, "/tickets", Sign(_organiser, "issue_tickets", new { event_id = created!.Value.GetProperty("event_id").GetString(), session = 0, seats, price = FacePrice }));
        Tickets = [.. issued!.Value.GetProperty("ticket_ids").EnumerateArray().Select(static id => id.GetString()!)];
        _hasBegun = true;
    }

    /// <summary>One client of one node, until it is told to stop.</summary>
    public async Task TradeAsync(int node, CancellationToken stop)
    {
        var random = new Random((seed * 31) + node);
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pace, CancellationToken.None);
            await ActAsync(node, random);
        }
    }

    public void Dispose()
    {
        foreach (var wallet in (Wallet[])[_authority, _organiser, .. _fans]) wallet.Dispose();
    }

    private async Task ActAsync(int node, Random random)
    {
        var other = (node + random.Next(1, nodes.Count)) % nodes.Count;
        if (random.Next(12) == 0)
        {
            // One transaction at two nodes: it must count once.
            await TopUpAsync(Any(random), random.Next(1, 10_000), [node, other]);
            return;
        }

        var ticket = Tickets[random.Next(Tickets.Count)];
        if (await LookAsync(node, ticket) is not { } seen) return;

        var holder = Array.Find(_fans, fan => fan.Id == seen.Owner);
        if (seen.Price is { } price)
        {
            // Two want one seat, at one node or at two.
            var buyers = _fans.Where(fan => fan != holder).OrderBy(_ => random.Next()).Take(2).ToArray();
            await Task.WhenAll(BuyAsync(node, buyers[0], ticket, price), random.Next(2) == 0 ? BuyAsync(other, buyers[1], ticket, price) : Task.FromResult<JsonElement?>(null));
        }
        else if (holder is not null)
        {
            await (random.Next(6) switch
            {
                0 => SendAsync(node, "/tickets/transfer", Sign(holder, "transfer_ticket", new { ticket_id = ticket, recipient = Any(random).Id })),
                1 => SendAsync(node, "/tickets/return", Sign(holder, "return_ticket", new { ticket_id = ticket })),
                _ => SendAsync(node, "/tickets/list", Sign(holder, "list_ticket", new { ticket_id = ticket, price = FacePrice * random.Next(80, 121) / 100 })),
            });
        }
    }

    private Wallet Any(Random random) => _fans[random.Next(_fans.Length)];

    private Task<JsonElement?> BuyAsync(int node, Wallet buyer, string ticket, long price) => SendAsync(node, "/tickets/purchase", Sign(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = price }));

    private async Task TopUpAsync(Wallet recipient, long amount, IEnumerable<int> at)
    {
        var reference = string.Create(CultureInfo.InvariantCulture, $"storm-{Interlocked.Increment(ref _references)}");
        var signed = Sign(_authority, "top_up", new { recipient = recipient.Id, amount, reference });
        _topUps[signed.Id] = amount;
        await Task.WhenAll(at.Select(node => SendAsync(node, "/transactions", signed)));
    }

    private static Signed Sign(Wallet sender, string type, object fields)
    {
        var payload = sender.Payload(type, Wallet.Json(fields).With("chain_id", JsonValue.Of(Cluster.ChainId)), TimeProvider.System.GetUtcNow());
        return new Signed(type, Hash256.Sha256(CanonicalJson.Write(payload)).ToString(), Encoding.UTF8.GetString(CanonicalJson.Write(sender.Prove(payload))));
    }

    private async Task<(string Owner, long? Price)?> LookAsync(int node, string ticket)
    {
        try
        {
            using var answer = await ClientOf(node).GetAsync($"/tickets/{ticket}?pending=true");
            if (answer.StatusCode != HttpStatusCode.OK) return null;

            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            var price = json.GetProperty("price");
            return (json.GetProperty("owner").GetString()!, price.ValueKind == JsonValueKind.Number ? price.GetInt64() : null);
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    private async Task<JsonElement?> SendAsync(int node, string path, Signed signed)
    {
        try
        {
            using var content = new StringContent(signed.Body, Encoding.UTF8, "application/json");
            using var answer = await ClientOf(node).PostAsync(path, content);
            var text = await answer.Content.ReadAsStringAsync();
            var json = JsonDocument.Parse(text).RootElement;
            if (answer.IsSuccessStatusCode)
            {
                Count(signed.Type);
                if (json.GetProperty("transaction_id").GetString() != signed.Id) Faults.Add($"node {node} gave {signed.Id} another id: {text}");
                Acknowledged.Add((signed.Id, node));
                return json;
            }

            var code = json.GetProperty("code").GetString()!;
            Count(code);
            if (!Expected.Contains(code)) Faults.Add($"node {node} answered {path} with {text}");
        }
        catch (Exception lost) when (lost is HttpRequestException or OperationCanceledException or IOException)
        {
            Count("no answer");
        }

        return null;
    }

    // What the storm begins with must be there, however long that takes.
    private HttpClient ClientOf(int node) => _hasBegun ? nodes[node].FansClient : nodes[node].Client;

    private void Count(string what) => Answers.AddOrUpdate(what, 1, static (_, count) => count + 1);

    private sealed record Signed(string Type, string Id, string Body);
}
