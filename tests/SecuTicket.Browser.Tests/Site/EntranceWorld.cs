using System.Buffers.Text;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>An event with holders, made over HTTP beside the browser: keys that the test has, so it can make any code.</summary>
internal sealed class EntranceWorld : IDisposable
{
    /// <summary>What the event is called.</summary>
    public const string Name = "A night at the gate";

    private const int Seats = 6;

    // Seconds that a code is made ahead of now. It is good for thirty on either side: on a machine that has better to do some pass before it is scanned.
    private const int Ahead = 20;

    private readonly HttpClient _client;
    private readonly P256PrivateKey _organiser = P256PrivateKey.Generate();
    private readonly P256PrivateKey _holder = P256PrivateKey.Generate();
    private string _chainId = "";
    private string _node = "";

    private EntranceWorld(HttpClient client) => _client = client;

    /// <summary>The event.</summary>
    public string Event { get; private set; } = "";

    /// <summary>Its tickets, one for each of the seats; all but the last are the holder's.</summary>
    public IReadOnlyList<string> Tickets { get; private set; } = [];

    /// <summary>Makes an event, issues its tickets and sells all but one of them.</summary>
    public static async Task<EntranceWorld> MakeAsync(HttpClient client)
    {
        var world = new EntranceWorld(client);
        var info = await client.GetFromJsonAsync<JsonElement>("/info");
        (world._chainId, world._node) = (info.GetProperty("chain_id").GetString()!, info.GetProperty("node").GetString()!);
        var session = JsonValue.Object([new("date", JsonValue.Of("2027-06-15")), new("time", JsonValue.Of("19:00"))]);
        var made = await world.WriteAsync(world._organiser, "/events", CreateEvent.TypeName, ("name", JsonValue.Of(Name)), ("venue", JsonValue.Of("Hall")), ("sessions", JsonValue.Array([session])));
        world.Event = made.GetProperty("event_id").GetString()!;
        var seats = JsonValue.Array(Enumerable.Range(1, Seats).Select(static seat => JsonValue.Of($"A-{seat}")));
        var issued = await world.WriteAsync(world._organiser, "/tickets", IssueTickets.TypeName, ("event_id", JsonValue.Of(world.Event)), ("session", JsonValue.Of(0)), ("seats", seats), ("price", JsonValue.Of(0)));
        world.Tickets = [.. issued.GetProperty("ticket_ids").EnumerateArray().Select(static id => id.GetString()!)];
        foreach (var ticket in world.Tickets.SkipLast(1)) await world.WriteAsync(world._holder, "/tickets/purchase", PurchaseTicket.TypeName, ("ticket_id", JsonValue.Of(ticket)), ("max_price", JsonValue.Of(0)));
        return world;
    }

    /// <summary>A one-time code for a gate.</summary>
    public async Task<string> InviteAsync() => (await AskAsync(HttpMethod.Post, $"/events/{Event}/gate-pairings")).GetProperty("code").GetString()!;

    /// <summary>The gates that used a code.</summary>
    public async Task<string[]> ClaimsAsync() =>
        [.. (await AskAsync(HttpMethod.Get, $"/events/{Event}/gate-pairings")).GetProperty("items").EnumerateArray().Select(static claim => claim.GetProperty("gate").GetString()!)];

    /// <summary>What the organiser reads of the gates.</summary>
    public Task<JsonElement> ReportAsync() => AskAsync(HttpMethod.Get, $"/events/{Event}/gate-report");

    /// <summary>Lists gates, in the place of all before.</summary>
    public Task ListAsync(params string[] gates) =>
        WriteAsync(_organiser, "/transactions", UpdateEvent.TypeName, ("event_id", JsonValue.Of(Event)), ("gates", JsonValue.Array(gates.Select(JsonValue.Of))));

    /// <summary>Takes a ticket out of circulation.</summary>
    public Task RevokeAsync(string ticket) => WriteAsync(_organiser, "/tickets/revoke", RevokeTicket.TypeName, ("ticket_id", JsonValue.Of(ticket)));

    /// <summary>Calls the event off.</summary>
    public Task CancelAsync() => WriteAsync(_organiser, "/transactions", CancelEvent.TypeName, ("event_id", JsonValue.Of(Event)));

    /// <summary>What the node says of a code.</summary>
    public async Task<string> JudgeAsync(string code, string gate)
    {
        using var answer = await _client.PostAsJsonAsync("/gate/scan", new { code, gate });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("result").GetString()!;
    }

    /// <summary>A code by the holder's key; no two are alike, as signatures are drawn.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="age">How many seconds ago it was made; left out, it is good for longest.</param>
    /// <param name="by">Who signs it; the holder when left out.</param>
    public string Code(string ticket, int age = -Ahead, P256PrivateKey? by = null)
    {
        var at = (uint)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - age);
        TicketId.TryParse(ticket, out var id).Should().BeTrue();
        var (key, value) = Sign(by ?? _holder, GateCode.Digest(_chainId, id, at));
        return new GateCode(id, at, key, value).Format();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _organiser.Dispose();
        _holder.Dispose();
    }

    private static (PublicKey Key, Signature Value) Sign(P256PrivateKey key, in Hash256 digest)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        Span<byte> signature = stackalloc byte[Signature.Size];
        key.Sign(digest.Span, signature);
        return (new PublicKey(point), new Signature(signature));
    }

    private static string AddressOf(P256PrivateKey key)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        return Address.Of(new PublicKey(point)).ToString();
    }

    private static JsonValue Signed(P256PrivateKey by, JsonValue payload)
    {
        var (key, value) = Sign(by, Hash256.Sha256(CanonicalJson.Write(payload)));
        var signature = JsonValue.Object([new("scheme", JsonValue.Of("p256")), new("public_key", JsonValue.Of(key.ToString())), new("signature", JsonValue.Of(value.ToString()))]);
        return payload.With("signatures", JsonValue.Array([signature]));
    }

    private async Task<JsonElement> WriteAsync(P256PrivateKey by, string route, string type, params (string Name, JsonValue Value)[] fields)
    {
        var payload = JsonValue.Object(
        [
            .. fields.Select(static field => new JsonMember(field.Name, field.Value)),
            new("type", JsonValue.Of(type)),
            new("chain_id", JsonValue.Of(_chainId)),
            new("sender", JsonValue.Of(AddressOf(by))),
            new("nonce", JsonValue.Of(RandomNumberGenerator.GetHexString(32, lowercase: true))),
            new("valid_until", JsonValue.Of(DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds())),
        ]);
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new StringContent(Signed(by, payload).ToString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("Prefer", "wait=30");
        return await SendAsync(request);
    }

    private async Task<JsonElement> AskAsync(HttpMethod method, string path)
    {
        var proof = JsonValue.Object(
        [
            new("type", JsonValue.Of("request")),
            new("method", JsonValue.Of(method.Method)),
            new("path", JsonValue.Of(path)),
            new("sender", JsonValue.Of(AddressOf(_organiser))),
            new("at", JsonValue.Of(DateTimeOffset.UtcNow.ToUnixTimeSeconds())),
            new("body_sha256", JsonValue.Of(Hash256.Sha256([]).ToString())),
            new("chain_id", JsonValue.Of(_chainId)),
            new("node", JsonValue.Of(_node)),
        ]);
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Authorization", $"SecuTicket {Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Signed(_organiser, proof).ToString()))}");
        return await SendAsync(request);
    }

    private async Task<JsonElement> SendAsync(HttpRequestMessage request)
    {
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.Should().BeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }
}
