using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A node with an event on it: a kept organiser with money, a gate, two kept fans with money, a fan with a key of their own, and three tickets.</summary>
internal sealed class Stage : IDisposable
{
    public const long Price = 5_000;

    private Stage(NodeFactory node)
    {
        Node = node;
        Organiser = node.KeepAccount();
        Fan = node.KeepAccount();
        Other = node.KeepAccount();
        Gate = node.OwnAccount("gate");
        Own = node.OwnAccount("own");
    }

    public NodeFactory Node { get; }

    public Wallet Organiser { get; }

    public Wallet Fan { get; }

    public Wallet Other { get; }

    /// <summary>The event's only gate; its key is its own.</summary>
    public Wallet Gate { get; }

    /// <summary>A fan whose key no node keeps, made of the seed «own».</summary>
    public Wallet Own { get; }

    public string EventId { get; private set; } = string.Empty;

    public IReadOnlyList<string> Tickets { get; private set; } = [];

    public static async Task<Stage> OpenAsync(params (string Key, string Value)[] settings)
    {
        var stage = new Stage(new NodeFactory(settings: settings));
        foreach (var account in new[] { stage.Organiser, stage.Fan, stage.Other, stage.Own }) await stage.Node.TopUpAsync(account, 100_000);
        stage.EventId = await stage.CreateEventAsync(stage.Gate);
        var issued = await stage.SendAsync(stage.Organiser, "issue_tickets", new { event_id = stage.EventId, session = 0, seats = new[] { "A-1", "A-2", "A-3" }, price = Price });
        stage.Tickets = [.. issued.GetProperty("ticket_ids").EnumerateArray().Select(id => id.GetString()!)];
        await stage.Node.SealAsync();
        return stage;
    }

    public async Task<string> CreateEventAsync(params Wallet[] gates)
    {
        var sessions = new[] { new { date = "2027-07-01", time = "19:30" } };
        var created = await SendAsync(Organiser, "create_event", new { name = "Opening night", venue = "Hall 1", sessions, gates = gates.Select(gate => gate.Id).ToArray() });
        return created.GetProperty("event_id").GetString()!;
    }

    public Task<JsonElement> SendAsync(Wallet sender, string type, object fields) => Node.Api.PostAsync("/transactions", sender, type, fields);

    public Task<JsonElement> BuyAsync(Wallet buyer, string ticket) => SendAsync(buyer, "purchase_ticket", new { ticket_id = ticket, max_price = 2 * Price });

    /// <summary>A code signed by the key made of a seed.</summary>
    public static GateCode CodeOf(string seed, string ticket, DateTimeOffset at, string chainId = DevelopmentChain.ChainId)
    {
        using var key = P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(seed)).Span);
        TicketId.TryParse(ticket, out var id).Should().BeTrue();
        var seconds = (uint)at.ToUnixTimeSeconds();
        Span<byte> point = stackalloc byte[PublicKey.Size];
        Span<byte> signature = stackalloc byte[Signature.Size];
        key.CopyPublicKey(point);
        key.Sign(GateCode.Digest(chainId, id, seconds).Span, signature);
        return new GateCode(id, seconds, new PublicKey(point), new Signature(signature));
    }

    /// <summary>The code that the node makes for a kept holder.</summary>
    public async Task<string> KeptCodeAsync(Wallet holder, string ticket)
    {
        using var answer = await Node.SendSignedAsync(holder, HttpMethod.Get, $"/tickets/{ticket}/code");
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue("{0}", text);
        return JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()!;
    }

    public Task<JsonElement> ScanAsync(string code, Wallet? gate = null) =>
        Node.Api.PostAsync("/gate/scan", new { code, gate = (gate ?? Gate).Id }, System.Net.HttpStatusCode.OK);

    public async Task<string?> ResultAsync(string code, Wallet? gate = null) => (await ScanAsync(code, gate)).GetProperty("result").GetString();

    public void Dispose() => Node.Dispose();
}
