using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using JsonValue = SecuTicket.Core.Encoding.JsonValue;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>What somebody in a test wants: a payload without its common fields. Fields that are null are left out.</summary>
internal sealed record Wish(string Type, object Fields)
{
    public const string DefaultNonce = "nonce-0000000000";

    private static readonly JsonSerializerOptions Writing = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new TextConverter<Address>(), new TextConverter<TicketId>(), new TextConverter<EventId>(), new TextConverter<Hash256>(), new TextConverter<Person>() },
    };

    public static Wish CreateEvent(object? resale = null, Person[]? sellers = null, Person[]? gates = null, Person? eventKey = null, long? saleOpensAt = null, int sessions = 1, string name = "Concert") => new("create_event", new
    {
        name,
        venue = "Hall",
        sessions = Enumerable.Range(0, sessions).Select(i => new { date = new DateOnly(2027, 6, 15).AddDays(i).ToString("yyyy-MM-dd"), time = "19:00" }),
        sellers,
        gates,
        event_key = eventKey,
        sale_opens_at = saleOpensAt,
        resale,
    });

    public static Wish UpdateEvent(EventId id, object? resale = null, Person[]? sellers = null, Person[]? gates = null, long? saleOpensAt = null) =>
        new("update_event", new { event_id = id, resale, sellers, gates, sale_opens_at = saleOpensAt });

    public static Wish CancelEvent(EventId id) => new("cancel_event", new { event_id = id });

    public static Wish Issue(EventId id, long price, params string[] seats) => new("issue_tickets", new { event_id = id, session = 0, seats, price });

    public static Wish IssueIn(EventId id, int session, long price, params string[] seats) => new("issue_tickets", new { event_id = id, session, seats, price });

    public static Wish Sell(TicketId ticket, Person recipient, long? price = null, string? reference = null, Hash256? commitment = null) =>
        new("sell_ticket", new { ticket_id = ticket, recipient, price, reference, identity_commitment = commitment });

    public static Wish Purchase(TicketId ticket, long maxPrice, Hash256? commitment = null) => new("purchase_ticket", new { ticket_id = ticket, max_price = maxPrice, identity_commitment = commitment });

    public static Wish Give(TicketId ticket, Person recipient, Hash256? commitment = null) => new("transfer_ticket", new { ticket_id = ticket, recipient, identity_commitment = commitment });

    public static Wish List(TicketId ticket, long price, Person? buyer = null) => new("list_ticket", new { ticket_id = ticket, price, buyer });

    public static Wish Unlist(TicketId ticket) => new("unlist_ticket", new { ticket_id = ticket });

    public static Wish Return(TicketId ticket) => new("return_ticket", new { ticket_id = ticket });

    public static Wish Redeem(TicketId ticket) => new("redeem_ticket", new { ticket_id = ticket });

    public static Wish Revoke(TicketId ticket) => new("revoke_ticket", new { ticket_id = ticket });

    public static Wish Pay(Person recipient, long amount) => new("transfer", new { recipient, amount });

    public static Wish TopUp(Person recipient, long amount, string reference) => new("top_up", new { recipient, amount, reference });

    public static Wish Record(object data) => new("record", new { data });

    /// <summary>The payload with its common fields.</summary>
    public JsonValue Json(Person sender, long validUntil, string nonce = DefaultNonce, string chainId = "test-chain")
    {
        var json = JsonSerializer.SerializeToNode(Fields, Writing)!.AsObject();
        json["type"] = Type;
        json["chain_id"] = chainId;
        json["sender"] = sender.Address.ToString();
        json["nonce"] = nonce;
        json["valid_until"] = validUntil;
        return Parse(json);
    }

    public static JsonValue Parse(JsonNode json) => CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString())).Value;

    /// <summary>The payload with its common fields and one signature.</summary>
    public Transaction Sign(Person sender, long validUntil, string nonce = DefaultNonce, string chainId = "test-chain")
    {
        var payload = Payload.From(Json(sender, validUntil, nonce, chainId)).Value;
        return new Transaction(payload, [sender.Sign(payload.Id)]);
    }

    private sealed class TextConverter<T> : JsonConverter<T>
        where T : notnull
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
