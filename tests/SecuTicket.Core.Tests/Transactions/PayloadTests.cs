using System.Text.Json.Nodes;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using JsonValue = SecuTicket.Core.Encoding.JsonValue;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Every field of API.md at its bounds.</summary>
public class PayloadTests
{
    private const string Id = "00112233445566778899aabbccddeeff";
    private const string Checksummed = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    private const string Lower = "0x3f4d672bcdf5a8ec4e93d073ecd782d9e8d6b3ad";
    private const string WrongChecksum = "0x3F4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    private const long Largest = 9_007_199_254_740_991;

    private static readonly string Control = "\u0000";

    private static readonly string[] Common = ["chain_id", "nonce", "sender", "type", "valid_until"];

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
    };

    public static IEnumerable<object[]> Types => OperationTypes.All.Select(type => new object[] { type });

    public static TheoryData<string, string, object?, bool> Fields
    {
        get
        {
            var data = new TheoryData<string, string, object?, bool>();
            void Add(string type, string name, object?[] good, object?[] bad)
            {
                foreach (var value in good) data.Add(type, name, value, true);
                foreach (var value in bad) data.Add(type, name, value, false);
            }

            object?[] addresses = [Checksummed, Lower, "0x0000000000000000000000000000000000000000"];
            object?[] noAddresses = [WrongChecksum, Checksummed[..41], Checksummed + "0", Checksummed[2..], "", 1, null, true];
            object?[] ids = [Id, new string('0', 32)];
            object?[] noIds = [Id[..31], Id + "0", Id.ToUpperInvariant(), Id[..31] + "g", "", 1, null];
            object?[] amounts = [1, Largest];
            object?[] noAmounts = [0, -1, "1", true, null];
            object?[] prices = [0, 1, Largest];
            object?[] noPrices = [-1, "1", null];
            object?[] moments = [0, Largest / 1_000];
            object?[] noMoments = [-1, (Largest / 1_000) + 1, "0", null];
            object?[] references = ["r", new string('r', 64), string.Concat(Enumerable.Repeat("😀", 64)), " "];
            object?[] noReferences = ["", new string('r', 65), "a\tb", Control, "\u007f", "\u0085", 1, null];

            Add("record", "nonce", [new string('a', 16), new string('a', 64), "ABCXYZabcxyz019_-"], [new string('a', 15), new string('a', 65), "aaaaaaaaaaaaaaa.", "aaaaaaaaaaaaaaa ", "aaaaaaaaaaaaaaaé", "aaa", 1234567890123456, null]);
            Add("record", "valid_until", [0, Largest], [-1, "1813000000", true, null]);
            Add("record", "chain_id", ["c", new string('c', 64)], ["", new string('c', 65), "a b", "é", 1, null]);
            Add("record", "sender", addresses, noAddresses);
            Add("record", "type", [], ["", "Record", "records", "stake", new string('t', 33), 1, null]);
            Add("create_event", "name", ["n", new string('n', 200), string.Concat(Enumerable.Repeat("😀", 200)), "a b"], ["", new string('n', 201), string.Concat(Enumerable.Repeat("😀", 201)), "a\nb", Control, "\u007f", "\u009f", 1, null]);
            Add("create_event", "venue", ["v", new string('v', 200)], ["", new string('v', 201), "\u001f", null]);
            Add("create_event", "time_zone", ["Europe/Paris", "Etc/GMT+1", "America/Port-au-Prince", "UTC", new string('z', 64)], ["", new string('z', 65), "Europe Paris", "é", null]);
            Add("create_event", "event_key", addresses, noAddresses);
            Add("create_event", "sale_opens_at", moments, noMoments);
            Add("update_event", "event_id", ids, noIds);
            Add("update_event", "sale_opens_at", moments, noMoments);
            Add("issue_tickets", "event_id", ids, noIds);
            Add("issue_tickets", "session", [0, 365], [-1, 366, "0", null]);
            Add("issue_tickets", "price", prices, noPrices);
            Add("sell_ticket", "ticket_id", ids, noIds);
            Add("sell_ticket", "recipient", addresses, noAddresses);
            Add("sell_ticket", "price", prices, noPrices);
            Add("sell_ticket", "reference", references, noReferences);
            Add("sell_ticket", "identity_commitment", [new string('a', 64)], [new string('a', 63), new string('a', 65), new string('A', 64), "", 1, null]);
            Add("purchase_ticket", "ticket_id", ids, noIds);
            Add("purchase_ticket", "max_price", prices, noPrices);
            Add("purchase_ticket", "identity_commitment", [new string('0', 64)], [new string('0', 63), null]);
            Add("transfer_ticket", "ticket_id", ids, noIds);
            Add("transfer_ticket", "recipient", addresses, noAddresses);
            Add("transfer_ticket", "identity_commitment", [new string('0', 64)], [new string('0', 63), null]);
            Add("list_ticket", "ticket_id", ids, noIds);
            Add("list_ticket", "price", prices, noPrices);
            Add("list_ticket", "buyer", addresses, noAddresses);
            foreach (var type in new[] { "unlist_ticket", "return_ticket", "redeem_ticket", "revoke_ticket" }) Add(type, "ticket_id", ids, noIds);
            Add("cancel_event", "event_id", ids, noIds);
            Add("transfer", "recipient", addresses, noAddresses);
            Add("transfer", "amount", amounts, noAmounts);
            Add("top_up", "recipient", addresses, noAddresses);
            Add("top_up", "amount", amounts, noAmounts);
            Add("top_up", "reference", references, noReferences);
            return data;
        }
    }

    public static TheoryData<string, string?, string> Rules => new()
    {
        { """{}""", null, "" },
        { """{"transfer":"allowed","resale":"free"}""", null, "" },
        { """{"transfer":"forbidden","resale":"forbidden"}""", null, "" },
        { """{"max_price_percent":0,"commission_percent":0,"max_resales":0,"return":{"refund_percent":0}}""", null, "" },
        { """{"max_price_percent":1000,"commission_percent":100,"max_resales":2147483647,"return":{"refund_percent":1000,"until":0}}""", null, "" },
        { """{"opens_at":5,"closes_at":4}""", null, "" },
        { """{"resellers":[],"return":{}}""", null, "" },
        { """{"max_price_percent":1001}""", "resale.max_price_percent", "" },
        { """{"max_price_percent":-1}""", "resale.max_price_percent", "" },
        { """{"commission_percent":101}""", "resale.commission_percent", "" },
        { """{"commission_percent":-1}""", "resale.commission_percent", "" },
        { """{"max_resales":-1}""", "resale.max_resales", "" },
        { """{"max_resales":2147483648}""", "resale.max_resales", "" },
        { """{"return":{"refund_percent":1001}}""", "resale.return.refund_percent", "" },
        { """{"return":{"until":-1}}""", "resale.return.until", "" },
        { """{"return":100}""", "resale.return", "" },
        { """{"transfer":true}""", "resale.transfer", "" },
        { """{"transfer":"Allowed"}""", "resale.transfer", "" },
        { """{"resale":"face value"}""", "resale.resale", "" },
        { """{"resale":null}""", "resale.resale", "" },
        { """{"commission_to":"0x"}""", "resale.commission_to", "" },
        { """{"resellers":["0x"]}""", "resale.resellers[0]", "" },
        { """{"resellers":"0x"}""", "resale.resellers", "" },
        { """{"opens_at":-1}""", "resale.opens_at", "" },
        { """{"closes_at":"1"}""", "resale.closes_at", "" },
        { """[]""", "resale", "" },
        { """{"cap":1}""", "resale.cap", "unknown_field" },
        { """{"return":{"percent":1}}""", "resale.return.percent", "unknown_field" },
    };

    public static TheoryData<string, string?, string> Sessions => new()
    {
        { """[{"date":"2027-06-15","time":"00:00"}]""", null, "" },
        { """[{"date":"2028-02-29","time":"23:59"}]""", null, "" },
        { """[{"date":"9999-12-31","time":"19:00"}]""", null, "" },
        { """[{"date":"2027-06-15","time":"19:00"},{"date":"2027-06-15","time":"19:00"}]""", null, "" },
        { """[{"date":"2027-02-31","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-02-29","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-13-01","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-00-10","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"0000-01-01","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"15-06-2027","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-6-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027/06/15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":" 027-06-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"+027-06-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":20270615,"time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-06-15","time":"19:00"},{"date":"2027-06-16","time":"25:00"}]""", "sessions[1].time", "" },
        { """[{"date":"2027-06-15","time":"24:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19:60"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"7:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19h00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19:00:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"１９:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15"}]""", "sessions[0].time", "missing_field" },
        { """[{"date":"2027-06-15","time":"19:00","hall":1}]""", "sessions[0].hall", "unknown_field" },
        { """["2027-06-15"]""", "sessions[0]", "" },
        { """[]""", "sessions", "" },
        { """{}""", "sessions", "" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_type_is_read_with_its_required_fields_only(string type)
    {
        var payload = Payload.From(Valid(type));

        payload.Refusal.Should().BeNull();
        payload.Value.Operation.Type.Should().Be(type);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_required_field_is_missed_by_name_and_an_unknown_one_is_named(string type)
    {
        var valid = Valid(type);
        foreach (var field in valid.Members.Select(member => member.Name).Where(name => name != "type" && (type, name) != ("update_event", "gates")))
        {
            var refusal = Payload.From(valid.Without(field)).Refusal!;
            (refusal.Code, refusal.Field).Should().Be(("missing_field", field));
            refusal.Detail.Should().Be($"Missing: {field}.");
        }

        Payload.From(valid.With("unknown", JsonValue.Null)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "unknown_field" && refusal.Field == "unknown");
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_takes_what_the_contract_says_and_nothing_beyond(string type, string field, object? value, bool good)
    {
        var verdict = Payload.From(Valid(type).With(field, Value(value)));

        if (good)
        {
            verdict.Refusal.Should().BeNull();
            return;
        }

        verdict.IsAccepted.Should().BeFalse("{0} is no {1}", value, field);
        (verdict.Refusal!.Code, verdict.Refusal.Field, verdict.Refusal.Kind).Should().Be(("invalid_field", field, RefusalKind.Invalid));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Resale_rules_are_read_to_their_bounds(string resale, string? field, string code) => Check("create_event", "resale", resale, field, code);

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_rules_of_an_update_are_read_like_those_of_a_creation(string resale, string? field, string code) => Check("update_event", "resale", resale, field, code);

    // S0.1: dates are validated.
    [Theory]
    [MemberData(nameof(Sessions))]
    public void Sessions_are_days_and_times_that_exist(string sessions, string? field, string code) => Check("create_event", "sessions", sessions, field, code);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(366, true)]
    [InlineData(367, false)]
    public void An_event_has_1_to_366_sessions(int count, bool good) =>
        IsGood("create_event", "sessions", new JsonArray([.. Enumerable.Range(0, count).Select(_ => JsonNode.Parse("""{"date":"2027-06-15","time":"19:00"}"""))])).Should().Be(good);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1_000, true)]
    [InlineData(1_001, false)]
    public void One_to_1000_seats_are_issued_at_once(int count, bool good) =>
        IsGood("issue_tickets", "seats", new JsonArray([.. Enumerable.Range(0, count).Select(i => (JsonNode)$"S{i}")])).Should().Be(good);

    [Theory]
    [InlineData("A", true)]
    [InlineData("~ !\"#", true)]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData("é", false)]
    [InlineData("a\tb", false)]
    [InlineData("\u007f", false)]
    public void A_seat_is_1_to_32_printable_ASCII_characters(string seat, bool good)
    {
        var refusal = Payload.From(Valid("issue_tickets").With("seats", JsonValue.Array([JsonValue.Of("good"), JsonValue.Of(seat)]))).Refusal;

        refusal?.Field.Should().Be("seats[1]");
        (refusal is null).Should().Be(good);
    }

    [Fact]
    public void The_same_seat_twice_is_named_where_it_stands_again() =>
        Payload.From(Valid("issue_tickets").With("seats", JsonValue.Array([JsonValue.Of("A"), JsonValue.Of("B"), JsonValue.Of("A")]))).Refusal!.Field.Should().Be("seats[2]");

    [Theory]
    [InlineData("sellers")]
    [InlineData("gates")]
    public void A_list_of_accounts_names_each_once_and_a_thousand_at_most(string field)
    {
        // A thousand addresses nearly fill a payload: the rest of it is kept short.
        static JsonArray Accounts(int count) => new([.. Enumerable.Range(0, count).Select(i => (JsonNode)$"0x{i:x40}")]);

        IsGood("update_event", field, Accounts(0)).Should().BeTrue();
        IsGood("update_event", field, Accounts(1_000)).Should().BeTrue();
        Payload.From(Valid("update_event").With(field, Wish(Accounts(1_001)))).Refusal!.Field.Should().Be(field);
        IsGood("create_event", field, new JsonArray(Checksummed, Lower)).Should().BeFalse("it is one account twice");
        Payload.From(Valid("create_event").With(field, Wish(new JsonArray(Checksummed, WrongChecksum)))).Refusal!.Field.Should().Be($"{field}[1]");
        IsGood("create_event", field, Checksummed).Should().BeFalse();
    }

    [Fact]
    public void An_update_must_change_something_and_says_only_what_is_wrong()
    {
        Payload.From(Valid("update_event").Without("gates")).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == "event_id");
        Payload.From(Valid("update_event").With("gates", JsonValue.Of(1))).Refusal!.Faults.Select(fault => fault.Field).Should().Equal("gates");
    }

    [Theory]
    [InlineData(4_094, true)]
    [InlineData(4_095, false)]
    public void A_record_holds_4_KiB_in_canonical_form(int characters, bool good)
    {
        // Two bytes are the quotes.
        IsGood("record", "data", new string('x', characters)).Should().Be(good);
        IsGood("record", "data", new JsonObject { ["k"] = new string('x', characters - 6) }).Should().Be(good);
    }

    [Fact]
    public void A_payload_takes_64_KiB_in_canonical_form()
    {
        // Names of a record's size can not fill it: many seats with long names and a few sellers can not either, so sellers and gates do.
        var create = Valid("create_event")
            .With("sellers", Wish(new JsonArray([.. Enumerable.Range(0, 700).Select(i => (JsonNode)$"0x{i:x40}")])))
            .With("gates", Wish(new JsonArray([.. Enumerable.Range(0, 700).Select(i => (JsonNode)$"0x{i:x40}")])));
        var room = CanonicalJson.MaxSize - CanonicalJson.Write(create).Length;
        room.Should().BeInRange(0, 3_000);
        var sessions = (room / 37) + 1;
        var filled = create.With("sessions", Wish(new JsonArray([.. Enumerable.Range(0, sessions).Select(_ => JsonNode.Parse("""{"date":"2027-06-15","time":"19:00"}"""))])));
        var rest = CanonicalJson.MaxSize - CanonicalJson.Write(filled).Length;
        rest.Should().BeInRange(0, 190);

        Payload.From(filled.With("name", JsonValue.Of(new string('n', 1 + rest)))).Value.Canonical.Length.Should().Be(CanonicalJson.MaxSize);
        Payload.From(filled.With("name", JsonValue.Of(new string('n', 2 + rest)))).Refusal!.Code.Should().Be("too_large");
    }

    [Theory]
    [InlineData("""{"amount":9007199254740992}""", "invalid_field")]
    [InlineData("""{"amount":1.0}""", "invalid_field")]
    [InlineData("""{"amount":1e3}""", "invalid_field")]
    [InlineData("""{"amount":-0}""", "invalid_field")]
    [InlineData("""{"amount":1,"amount":1}""", "duplicate_key")]
    [InlineData("""{"amount":}""", "malformed_json")]
    public void What_is_no_number_of_the_contract_does_not_even_reach_the_fields(string json, string code) =>
        CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Refusal!.Code.Should().Be(code);

    // S2.2: missing values are 400, naming what is missing.
    [Fact]
    public void All_faults_are_named_at_once_the_missing_first()
    {
        var refusal = Payload.From(Parse("""{"type":"transfer","chain_id":"c","nonce":"short","extra":1,"amount":0}""")).Refusal!;

        (refusal.Code, refusal.Field, refusal.Detail).Should().Be(("missing_field", "sender", "Missing: sender, valid_until, recipient."));
        refusal.Faults.Select(fault => fault.Field).Should().Equal("sender", "nonce", "valid_until", "recipient", "amount", "extra");
        refusal.Faults.Should().OnlyContain(fault => fault.Message.Length > 0);
    }

    [Fact]
    public void Without_a_type_the_missing_common_fields_are_named()
    {
        Payload.From(Parse("{}")).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "missing_field" && refusal.Detail == "Missing: type, chain_id, sender, nonce, valid_until.");
        Payload.From(Valid("transfer").Without("type")).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "missing_field" && refusal.Detail == "Missing: type.");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"transfer\"")]
    [InlineData("1")]
    public void What_is_no_object_is_no_payload(string json) =>
        Payload.From(Parse(json)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Detail == "Expected a JSON object.");

    [Fact]
    public void An_answer_lists_20_faults_at_most()
    {
        var many = Enumerable.Range(0, 100).Aggregate(Valid("record"), (json, i) => json.With($"extra{i}", JsonValue.Null));

        Payload.From(many).Refusal!.Faults.Should().HaveCount(20);
    }

    [Fact]
    public void A_payload_is_kept_as_it_was_sent()
    {
        var checksummed = Payload.From(Valid("transfer")).Value;
        var lower = Payload.From(Valid("transfer").With("recipient", JsonValue.Of(Lower))).Value;

        lower.Operation.Should().Be(checksummed.Operation);
        lower.Id.Should().NotBe(checksummed.Id, "addresses are signed as sent");
        System.Text.Encoding.UTF8.GetString(lower.Canonical.Span).Should().Contain(Lower);
        Payload.From(Valid("create_event")).Value.Canonical.Length.Should().Be(CanonicalJson.Write(Valid("create_event")).Length, "no defaults are inserted");
    }

    [Fact]
    public void The_stored_form_is_the_canonical_form_and_no_other()
    {
        var canonical = CanonicalJson.Write(Valid("transfer"));
        var text = System.Text.Encoding.UTF8.GetString(canonical);

        Payload.Decode(canonical).Value.Id.Should().Be(Hash256.Sha256(canonical));
        Payload.Decode(System.Text.Encoding.UTF8.GetBytes(" " + text)).Refusal!.Code.Should().Be("not_canonical");
        Payload.Decode(System.Text.Encoding.UTF8.GetBytes(text.Replace("\"c\"", "\"\\u0063\""))).Refusal!.Code.Should().Be("not_canonical");
        Payload.Decode("{}"u8).Refusal!.Code.Should().Be("missing_field");
        Payload.Decode(""u8).Refusal!.Code.Should().Be("malformed_json");
    }

    [Fact]
    public void A_reward_names_its_block_and_has_no_sender()
    {
        var reward = Payload.OfReward("secuticket-dev", ((Person)"sealer").Address, 100, 7);

        System.Text.Encoding.UTF8.GetString(reward.Canonical.Span).Should().Be(
            $$"""{"amount":100,"block_index":7,"chain_id":"secuticket-dev","recipient":"{{((Person)"sealer").Address}}","type":"reward"}""");
        (reward.Sender, reward.ValidUntil).Should().Be((default, Largest));
        Payload.Decode(reward.Canonical.Span).Value.Operation.Should().Be(new Reward(((Person)"sealer").Address, 100, 7));
        foreach (var field in Common.Except(["type", "chain_id"]))
            Payload.From(Parse(System.Text.Encoding.UTF8.GetString(reward.Canonical.Span)).With(field, Valid("record").Find(field)!)).Refusal!.Code.Should().Be("unknown_field");
    }

    private static void Check(string type, string field, string json, string? fault, string code)
    {
        var refusal = Payload.From(Valid(type).With(field, Parse(json))).Refusal;
        refusal?.Field.Should().Be(fault, refusal.Detail);
        (refusal is null).Should().Be(fault is null);
        if (refusal is not null) refusal.Code.Should().Be(code.Length == 0 ? "invalid_field" : code);
    }

    private static bool IsGood(string type, string field, JsonNode value) => Payload.From(Valid(type).With(field, Wish(value))).IsAccepted;

    private static JsonValue Wish(JsonNode value) => Transactions.Wish.Parse(value);

    private static JsonValue Value(object? value) => value switch
    {
        null => JsonValue.Null,
        string text => JsonValue.Of(text),
        bool truth => JsonValue.Of(truth),
        _ => JsonValue.Of(Convert.ToInt64(value)),
    };

    private static JsonValue Valid(string type) => Parse(Bodies[type])
        .With("type", JsonValue.Of(type))
        .With("chain_id", JsonValue.Of("c"))
        .With("sender", JsonValue.Of(Checksummed))
        .With("nonce", JsonValue.Of("nonce-0000000000"))
        .With("valid_until", JsonValue.Of(1_813_000_000));

    private static JsonValue Parse(string json) => CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value;
}
