using System.Text.Json.Nodes;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Transactions;
using JsonValue = SecuTicket.Core.Encoding.JsonValue;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>A right payload of each type with its required fields only, to be changed one field at a time.</summary>
internal static class SamplePayload
{
    public const string Id = "00112233445566778899aabbccddeeff";
    public const string Checksummed = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    public const string Lower = "0x3f4d672bcdf5a8ec4e93d073ecd782d9e8d6b3ad";
    public const string WrongChecksum = "0x3F4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    public const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    public static readonly string Statement = new('0', 2 * 129);
    public const long Largest = 9_007_199_254_740_991;

    public static readonly string Control = "\u0000";

    private static Dictionary<string, string> Bodies => new()
    {
        ["create_event"] = """{"name":"n","venue":"v","sessions":[{"date":"2027-06-15","time":"19:00"}]}""",
        ["update_event"] = $$"""{"event_id":"{{Id}}","gates":[]}""",
        ["issue_tickets"] = $$"""{"event_id":"{{Id}}","session":0,"seats":["A-1"],"price":1}""",
        ["sell_ticket"] = $$"""{"ticket_id":"{{Id}}","recipient":"{{Checksummed}}"}""",
        ["purchase_ticket"] = $$"""{"ticket_id":"{{Id}}","max_price":1}""",
        ["transfer_ticket"] = $$"""{"ticket_id":"{{Id}}","recipient":"{{Checksummed}}"}""",
        ["list_ticket"] = $$"""{"ticket_id":"{{Id}}","price":1}""",
        ["unlist_ticket"] = $$"""{"ticket_id":"{{Id}}"}""",
        ["return_ticket"] = $$"""{"ticket_id":"{{Id}}"}""",
        ["redeem_ticket"] = $$"""{"ticket_id":"{{Id}}"}""",
        ["revoke_ticket"] = $$"""{"ticket_id":"{{Id}}"}""",
        ["cancel_event"] = $$"""{"event_id":"{{Id}}"}""",
        ["transfer"] = $$"""{"recipient":"{{Checksummed}}","amount":1}""",
        ["top_up"] = $$"""{"recipient":"{{Checksummed}}","amount":1,"reference":"r"}""",
        ["record"] = """{"data":null}""",
        ["stake"] = """{"amount":1}""",
        ["unstake"] = """{"amount":1}""",
        ["vote"] = $$"""{"source":"{{Hash}}","source_index":0,"target":"{{Hash}}","target_index":1}""",
        ["report"] = $$"""{"first":"{{Statement}}","second":"{{Statement}}"}""",
    };

    public static bool IsGood(string type, string field, JsonNode value) => Payload.From(Valid(type).With(field, Json(value))).IsAccepted;

    public static JsonValue Json(JsonNode value) => Wish.Parse(value);

    public static JsonValue Value(object? value) => value switch
    {
        null => JsonValue.Null,
        string text => JsonValue.Of(text),
        bool truth => JsonValue.Of(truth),
        _ => JsonValue.Of(Convert.ToInt64(value)),
    };

    public static JsonValue Valid(string type) => Parse(Bodies[type])
        .With("type", JsonValue.Of(type))
        .With("chain_id", JsonValue.Of("c"))
        .With("sender", JsonValue.Of(Checksummed))
        .With("nonce", JsonValue.Of("nonce-0000000000"))
        .With("valid_until", JsonValue.Of(1_813_000_000));

    /// <summary>A payload of so many bytes, some 64 KiB.</summary>
    public static JsonValue OfSize(int size)
    {
        // Names of a record's size can not fill it: many seats with long names and a few sellers can not either, so sellers and gates do.
        var create = Valid("create_event")
            .With("sellers", Json(new JsonArray([.. Enumerable.Range(0, 700).Select(i => (JsonNode)$"0x{i:x40}")])))
            .With("gates", Json(new JsonArray([.. Enumerable.Range(0, 700).Select(i => (JsonNode)$"0x{i:x40}")])));
        var sessions = ((size - CanonicalJson.Write(create).Length) / 37) + 1;
        var filled = create.With("sessions", Json(new JsonArray([.. Enumerable.Range(0, sessions).Select(_ => JsonNode.Parse("""{"date":"2027-06-15","time":"19:00"}"""))])));
        return filled.With("name", JsonValue.Of(new string('n', 1 + size - CanonicalJson.Write(filled).Length)));
    }

    public static JsonValue Parse(string json) => CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value;
}
