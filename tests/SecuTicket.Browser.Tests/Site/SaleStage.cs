using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>An event of its own on the shared node, made by HTTP as an organiser would; and money, and accounts, for those who come to it.</summary>
internal sealed class SaleStage
{
    /// <summary>Minor units.</summary>
    public const long FacePrice = 5_000;

    /// <summary>When events take place: pages ask the machine's clock whether they are over, which nobody who runs these tests shall see.</summary>
    public const string Day = "2090-06-15";

    private readonly NodeUnderTest _node;

    private SaleStage(NodeUnderTest node) => _node = node;

    public Wallet Organiser { get; } = Wallet.Own($"organiser {Guid.NewGuid()}");

    public Wallet Gate { get; } = Wallet.Own($"gate {Guid.NewGuid()}");

    public string EventId { get; private set; } = string.Empty;

    /// <summary>Ids of the seats, in their order.</summary>
    public IReadOnlyList<string> Tickets { get; private set; } = [];

    /// <summary>Makes the event and issues its seats.</summary>
    /// <param name="site">The shared node.</param>
    /// <param name="seats">Names, at most 1,000.</param>
    /// <param name="resale">Rules; by default resale at up to 110 %, 5 % commission.</param>
    /// <param name="name">What it is called.</param>
    public static async Task<SaleStage> OpenAsync(SiteFixture site, string[] seats, object? resale = null, string name = "Les Élans")
    {
        var stage = new SaleStage(await site.NodeAsync());
        var created = await stage.SendAsync(stage.Organiser, "create_event", new
        {
            name,
            venue = "Grand Hall",
            sessions = new[] { new { date = Day, time = "19:00" } },
            gates = new[] { stage.Gate.Id },
            resale = resale ?? new { resale = "capped", max_price_percent = 110, commission_percent = 5 },
        });
        stage.EventId = created.GetProperty("event_id").GetString()!;
        var issued = await stage.SendAsync(stage.Organiser, "issue_tickets", new { event_id = stage.EventId, session = 0, seats, price = FacePrice });
        stage.Tickets = [.. issued.GetProperty("ticket_ids").EnumerateArray().Select(id => id.GetString()!)];
        return stage;
    }

    /// <summary>Seats <c>A-1</c> to the last of a row.</summary>
    public static string[] Rows(string rows, int seats) => [.. rows.SelectMany(row => Enumerable.Range(1, seats).Select(seat => $"{row}-{seat}"))];

    /// <summary>Signs and posts a transaction, and waits until it is in a block.</summary>
    public async Task<JsonElement> SendAsync(Wallet sender, string type, object fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/transactions")
        {
            Content = new StringContent(Encoding.UTF8.GetString(CanonicalJson.Write(sender.Sign(type, fields, DateTimeOffset.UtcNow))), Encoding.UTF8, "application/json"),
            Headers = { { "Prefer", "wait=30" } },
        };
        using var answer = await _node.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var json = JsonDocument.Parse(text).RootElement;
        json.TryGetProperty("status", out var status).Should().BeTrue(text);
        status.ToString().Should().Be("confirmed", text);
        return json;
    }

    /// <summary>An account that the node keeps, with money.</summary>
    public async Task<(Wallet Wallet, string Secret)> KeptAsync(long money = 100_000)
    {
        using var answer = await _node.Client.PostAsJsonAsync("/accounts", new { });
        var created = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        var secret = created.GetProperty("secret").GetString()!;
        Address.TryParse(created.GetProperty("address").GetString()!, out var address).Should().BeTrue();
        await PayAsync(address.ToString(), money);
        return (Wallet.Kept(address, secret), secret);
    }

    /// <summary>Brings money in.</summary>
    public async Task PayAsync(string address, long money)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/accounts/{address}/top-up") { Content = JsonContent.Create(new { amount = money, reference = Guid.NewGuid().ToString() }), Headers = { { "Prefer", "wait=30" } } };
        using var answer = await _node.Client.SendAsync(request);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Buys from outside of any page.</summary>
    public Task<JsonElement> BuyAsync(Wallet buyer, string ticket, long most = 2 * FacePrice) => SendAsync(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = most });

    /// <summary>What the node answers to a read.</summary>
    public async Task<JsonElement> ReadAsync(string path) => JsonDocument.Parse(await _node.Client.GetStringAsync(path)).RootElement;

    /// <summary>What a gate reads off a code.</summary>
    public async Task<string> ScanAsync(string code)
    {
        using var answer = await _node.Client.PostAsJsonAsync("/gate/scan", new { code, gate = Gate.Id });
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("result").GetString()!;
    }

    /// <summary>Gives a browser a wallet with a key of its own and money.</summary>
    public async Task<string> EquipAsync(SitePage page, long money = 100_000)
    {
        await page.OpenAsync("/sale");
        var address = await page.Page.EvaluateAsync<string>("""async () => (await (await import("/web/js/wallets.js")).createBrowserKey("Anna", null)).address""");
        await PayAsync(address, money);
        return address;
    }

    /// <summary>Gives a browser a kept account.</summary>
    public static async Task EquipAsync(SitePage page, Wallet wallet, string secret, string name = "Kept")
    {
        await page.OpenAsync("/sale");
        await page.Page.EvaluateAsync("""async ([name, address, secret]) => { const wallets = await import("/web/js/wallets.js"); await wallets.add(await wallets.keptWallet(name, address, secret)); }""", new[] { name, wallet.Id, secret });
    }
}
