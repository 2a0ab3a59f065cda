using System.Text.Json.Nodes;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;
using JsonValue = SecuTicket.Core.Encoding.JsonValue;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>A payload as a whole: what is missing, unknown, too large, and how it is kept.</summary>
public class PayloadTests
{
    private static readonly string[] Common = ["chain_id", "nonce", "sender", "type", "valid_until"];

    public static IEnumerable<object[]> Types => OperationTypes.All.Select(type => new object[] { type });

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_type_is_read_with_its_required_fields_only(string type)
    {
        var payload = Payload.From(Valid(type));

        payload.Refusal.Should().BeNull();
        payload.Value.Operation.Type.Should().Be(type);
    }

    // S4.2: who, what, until when and an id.
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
            refusal.Faults.Select(fault => fault.Field).Should().Equal([field], "what is not there is nothing else too");
        }

        Payload.From(valid.With("unknown", JsonValue.Null)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "unknown_field" && refusal.Field == "unknown");
    }

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

    [Fact]
    public void Two_seats_without_a_name_are_at_fault_for_that_and_not_for_being_one() =>
        Payload.From(Valid("issue_tickets").With("seats", JsonValue.Array([JsonValue.Of(""), JsonValue.Of("")]))).Refusal!.Faults.Select(fault => fault.Field).Should().Equal("seats[0]", "seats[1]");

    [Theory]
    [InlineData("sellers")]
    [InlineData("gates")]
    public void A_list_of_accounts_names_each_once_and_a_thousand_at_most(string field)
    {
        // A thousand addresses nearly fill a payload: the rest of it is kept short.
        static JsonArray Accounts(int count) => new([.. Enumerable.Range(0, count).Select(i => (JsonNode)$"0x{i:x40}")]);

        IsGood("update_event", field, Accounts(0)).Should().BeTrue();
        foreach (var type in new[] { "create_event", "update_event" })
        {
            IsGood(type, field, Accounts(1_000)).Should().BeTrue();
            Payload.From(Valid(type).With(field, Json(Accounts(1_001)))).Refusal!.Field.Should().Be(field);
        }

        IsGood("create_event", field, new JsonArray(Checksummed, Lower)).Should().BeFalse("it is one account twice");
        Payload.From(Valid("create_event").With(field, Json(new JsonArray(Checksummed, WrongChecksum)))).Refusal!.Field.Should().Be($"{field}[1]");
        IsGood("create_event", field, Checksummed).Should().BeFalse();
    }

    [Theory]
    [InlineData("sellers", "[]")]
    [InlineData("gates", "[]")]
    [InlineData("sale_opens_at", "0")]
    [InlineData("resale", "{}")]
    public void An_update_may_change_one_thing_alone(string field, string json)
    {
        var update = (UpdateEvent)Payload.From(Valid("update_event").Without("gates").With(field, Parse(json))).Value.Operation;

        (update.Sellers is null, update.Gates is null, update.SaleOpensAt is null, update.Resale is null).Should().Be((field != "sellers", field != "gates", field != "sale_opens_at", field != "resale"), "what is left out stays as it is");
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
        var largest = Payload.From(OfSize(CanonicalJson.MaxSize)).Value;

        largest.Canonical.Length.Should().Be(CanonicalJson.MaxSize);
        Payload.Decode(largest.Canonical.Span).Value.Id.Should().Be(largest.Id).And.Be(Hash256.Sha256(largest.Canonical.Span));
        Payload.From(OfSize(CanonicalJson.MaxSize + 1)).Refusal!.Code.Should().Be("too_large");
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

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void A_vote_goes_from_a_block_to_a_later_one(long target, bool good)
    {
        var refusal = Payload.From(Valid("vote").With("source_index", JsonValue.Of(5)).With("target_index", JsonValue.Of(target))).Refusal;

        (refusal is null).Should().Be(good);
        (refusal?.Field).Should().Be(good ? null : "target_index");
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

    [Theory]
    [InlineData("amount", 1, Largest)]
    [InlineData("block_index", 1, Largest)]
    public void A_reward_and_the_index_of_its_block_are_at_least_1(string field, long least, long most)
    {
        var reward = Parse(System.Text.Encoding.UTF8.GetString(Payload.OfReward("c", ((Person)"sealer").Address, 100, 7).Canonical.Span));

        foreach (var good in new[] { least, most }) Payload.From(reward.With(field, JsonValue.Of(good))).Refusal.Should().BeNull();
        foreach (var bad in new[] { least - 1, -1 }) Payload.From(reward.With(field, JsonValue.Of(bad))).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == field);
        Payload.From(reward.Without(field)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "missing_field" && refusal.Field == field);
    }
}
