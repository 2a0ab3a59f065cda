using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Each bad input that was named, over HTTP: the right status and code, a message that says what to do, and nothing changed.</summary>
public sealed class BadInputTests : IClassFixture<BadInputTests.Sale>
{
    private const long Day = 86_400;

    private readonly WritesScenario _scenario;

    public BadInputTests(Sale sale) => _scenario = sale.Scenario;

    [Theory]
    [InlineData("hello", "malformed_json", "not JSON")]
    [InlineData("", "malformed_json", "empty")]
    [InlineData("{\"type\":\"transfer\"", "malformed_json", "not JSON")]
    [InlineData("{} {}", "malformed_json", "not JSON")]
    [InlineData("\"text\"", "malformed_json", "must be a JSON object")]
    [InlineData("{\"amount\":1,\"amount\":2}", "duplicate_key", "\"amount\" occurs more than once")]
    [InlineData("{\"data\":{\"a\":1,\"\\u0061\":2}}", "duplicate_key", "\"a\" occurs more than once")]
    [InlineData("{\"amount\":NaN}", "malformed_json", "not JSON")]
    [InlineData("{\"amount\":01}", "malformed_json", "not JSON")]
    [InlineData("{\"data\":\"\\ud800\"}", "malformed_json", "a lone surrogate")]
    [InlineData("{\"\\udfff\":1}", "malformed_json", "a lone surrogate")]
    [InlineData("\ufeff{}", "malformed_json", "a byte order mark")]
    [InlineData("// no comments\n{}", "malformed_json", "not JSON")]
    public async Task What_is_not_the_JSON_expected_is_named(string body, string code, string says)
    {
        var problem = await _scenario.PostRefusedAsync("/transactions", body, 400, code);

        problem.GetProperty("detail").GetString().Should().Contain(says);
    }

    [Fact]
    public async Task Nesting_100_deep_is_refused_before_it_costs_anything()
    {
        foreach (var deep in new[] { 9, 100, 30_000 })
        {
            var problem = await _scenario.PostRefusedAsync("/transactions", new string('[', deep) + new string(']', deep), 400, "malformed_json");

            problem.GetProperty("detail").GetString().Should().Contain("depth of 8");
        }
    }

    [Theory]
    [InlineData(new byte[] { (byte)'"', 0xc3, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xed, 0xa0, 0x80, (byte)'"' })]
    [InlineData(new byte[] { (byte)'"', 0xc0, 0xaf, (byte)'"' })]
    [InlineData(new byte[] { 0xff, 0xfe })]
    public async Task Bytes_that_are_not_UTF_8_are_refused(byte[] value)
    {
        var before = _scenario.Snapshot;
        using var content = new ByteArrayContent([.. "{\"data\":"u8, .. value, (byte)'}']) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var answer = await _scenario.Node.Api.Http.PostAsync("/transactions", content);

        var problem = await answer.ShouldBeProblemAsync(System.Net.HttpStatusCode.BadRequest, "malformed_json");

        problem.GetProperty("detail").GetString().Should().Contain("not UTF-8").And.Contain("byte 9".Replace("9", value[0] == 0xff ? "8" : "9"));
        _scenario.Snapshot.Should().Be(before);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("-0")]
    [InlineData("9007199254740992")]
    [InlineData("-9007199254740992")]
    [InlineData("123456789012345678901234567890")]
    public async Task A_number_that_is_no_whole_number_every_reader_keeps_is_refused(string token)
    {
        var body = Transfer(1).ToString().Replace("\"amount\":1,", $"\"amount\":{token},", StringComparison.Ordinal);

        var problem = await _scenario.PostRefusedAsync("/transactions", body, 400, "invalid_field");

        problem.GetProperty("detail").GetString().Should().Contain(token).And.Contain("not an integer within ±9007199254740991");
        problem.GetProperty("errors").GetProperty("amount").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("transfer", "amount", "-1", "from 1 to 9007199254740991")]
    [InlineData("transfer", "amount", "0", "from 1 to 9007199254740991")]
    [InlineData("transfer", "amount", "\"1\"", "Expected an integer")]
    [InlineData("transfer", "amount", "null", "Expected an integer")]
    [InlineData("transfer", "amount", "true", "Expected an integer")]
    [InlineData("transfer", "recipient", "1", "Expected 0x and 40 hex digits")]
    [InlineData("transfer", "recipient", "\"0x12\"", "Expected 0x and 40 hex digits")]
    [InlineData("transfer", "nonce", "\"abc\"", "a string of 16 to 64 characters")]
    [InlineData("transfer", "nonce", "\"0123456789012345678901234567890123456789012345678901234567890123x\"", "a string of 16 to 64 characters")]
    [InlineData("transfer", "nonce", "\"sixteen letters \"", "A-Z, a-z, 0-9, _ and -")]
    [InlineData("transfer", "valid_until", "-1", "Expected an integer")]
    [InlineData("issue_tickets", "seats", "[]", "an array of 1 to 1000 items")]
    [InlineData("issue_tickets", "seats", "[\"\"]", "a string of 1 to 32 printable ASCII")]
    [InlineData("issue_tickets", "seats", "[\"é\"]", "a string of 1 to 32 printable ASCII")]
    [InlineData("issue_tickets", "seats", "[\"Z-1\",\"Z-2\",\"Z-1\"]", "Seat Z-1 stands here twice")]
    [InlineData("issue_tickets", "price", "-1", "from 0 to 9007199254740991")]
    [InlineData("issue_tickets", "event_id", "\"ABC\"", "32 lower-case hex digits")]
    [InlineData("create_event", "sessions", "[]", "an array of 1 to 366 items")]
    [InlineData("create_event", "sessions", "[{\"date\":\"2027-02-31\",\"time\":\"19:00\"}]", "There is no day 2027-02-31")]
    [InlineData("create_event", "sessions", "[{\"date\":\"2027-02-29\",\"time\":\"19:00\"}]", "There is no day 2027-02-29")]
    [InlineData("create_event", "sessions", "[{\"date\":\"15-06-2027\",\"time\":\"19:00\"}]", "There is no day 15-06-2027")]
    [InlineData("create_event", "sessions", "[{\"date\":\"2027-06-15\",\"time\":\"25:00\"}]", "There is no time 25:00")]
    [InlineData("create_event", "sessions", "[{\"date\":\"2027-06-15\",\"time\":\"24:00\"}]", "There is no time 24:00")]
    [InlineData("create_event", "sessions", "[{\"date\":\"2027-06-15\",\"time\":\"6:00\"}]", "a string of 5 to 5 characters")]
    [InlineData("create_event", "name", "\"\"", "a string of 1 to 200 characters")]
    [InlineData("create_event", "name", "\"line\\nline\"", "without control characters")]
    [InlineData("create_event", "resale", "{\"max_price_percent\":1001}", "from 0 to 1000")]
    [InlineData("create_event", "resale", "{\"commission_percent\":101}", "from 0 to 100")]
    [InlineData("create_event", "resale", "{\"resale\":\"cheap\"}", "one of: forbidden, face_value, capped, free")]
    [InlineData("record", "data", null, "at most 4096 bytes")]
    public async Task A_field_that_is_wrong_is_named_with_what_was_expected(string type, string field, string? value, string says)
    {
        var json = value is null ? JsonValue.Of(new string('x', 4_095)) : CanonicalJson.Parse(Encoding.UTF8.GetBytes(value)).Value;

        var problem = await _scenario.PostRefusedAsync("/transactions", Signed(type).With(field, json), 400, "invalid_field");

        problem.GetProperty("detail").GetString().Should().Contain(says);
        problem.GetProperty("errors").EnumerateObject().Should().OnlyContain(error => error.Name.StartsWith(field));
    }

    [Fact]
    public async Task A_thousand_seats_are_taken_and_1_001_are_not()
    {
        var seats = JsonValue.Array(Enumerable.Range(0, 1_001).Select(i => JsonValue.Of($"Row {i}")));

        var problem = await _scenario.PostRefusedAsync("/tickets", Signed("issue_tickets").With("seats", seats), 400, "invalid_field");

        problem.GetProperty("errors").GetProperty("seats")[0].GetString().Should().Be("Expected an array of 1 to 1000 items.");
        var issued = await _scenario.PostAsync(_scenario.Organiser, "issue_tickets", new { event_id = _scenario.EventId, session = 0, seats = Enumerable.Range(0, 1_000).Select(i => $"Row {i}"), price = 1 });
        issued.GetProperty("ticket_ids").GetArrayLength().Should().Be(1_000);
    }

    [Fact]
    public async Task An_unknown_field_is_refused_wherever_it_stands()
    {
        var problem = await _scenario.PostRefusedAsync("/transactions", Transfer(1).With("colour", JsonValue.Of("red")), 400, "unknown_field");
        problem.GetProperty("detail").GetString().Should().Be("Not known here: colour.");

        var session = CanonicalJson.Parse("""[{"date":"2027-06-15","time":"19:00","doors":"18:00"}]"""u8).Value;
        problem = await _scenario.PostRefusedAsync("/events", Signed("create_event").With("sessions", session), 400, "unknown_field");
        problem.GetProperty("detail").GetString().Should().Be("Not known here: sessions[0].doors.");

        var signature = Transfer(1).Find("signatures")!.Items[0].With("colour", JsonValue.Of("red"));
        problem = await _scenario.PostRefusedAsync("/transactions", Transfer(1).With("signatures", JsonValue.Array([signature])), 400, "unknown_field");
        problem.GetProperty("detail").GetString().Should().Be("Not known here: signatures[0].colour.");

        problem = await _scenario.PostRefusedAsync("/transactions", _scenario.Sign(_scenario.Organiser, "update_event", new { event_id = _scenario.EventId, colour = "red" }), 400, "unknown_field");
        problem.GetProperty("detail").GetString().Should().Be("Not known here: colour.", "that there is nothing to change is no news then");
    }

    [Theory]
    [InlineData("scheme")]
    [InlineData("public_key")]
    [InlineData("signature")]
    public async Task A_field_that_a_signature_lacks_is_missing(string field)
    {
        var signature = Transfer(1).Find("signatures")!.Items[0].Without(field).With("colour", JsonValue.Of("red"));

        var problem = await _scenario.PostRefusedAsync("/transactions", Transfer(1).With("signatures", JsonValue.Array([signature])), 400, "missing_field");

        problem.GetProperty("detail").GetString().Should().Be($"Missing: signatures[0].{field}.");
    }

    [Fact]
    public async Task All_faulty_fields_are_named_at_once()
    {
        var body = Transfer(0).With("colour", JsonValue.Of("red")).Without("recipient").With("nonce", JsonValue.Of("abc"));

        var problem = await _scenario.PostRefusedAsync("/transactions", body, 400, "missing_field");

        problem.GetProperty("detail").GetString().Should().Be("Missing: recipient.");
        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().BeEquivalentTo("amount", "colour", "nonce", "recipient");
    }

    [Fact]
    public async Task A_body_of_64_KiB_is_read_and_one_of_65_KiB_is_not()
    {
        var problem = await _scenario.PostRefusedAsync("/transactions", Transfer(1).ToString().PadRight(65 * 1024), 413, "too_large");
        problem.GetProperty("detail").GetString().Should().Contain("larger than 65536 bytes");
        await _scenario.PostRefusedAsync("/transactions", Transfer(1).ToString().PadRight(65_537), 413, "too_large");

        await _scenario.Node.Api.PostAsync("/transactions", Transfer(1).ToString().PadRight(65_536));
    }

    [Fact]
    public async Task A_transaction_lives_from_now_to_thirty_days_ahead_and_on_its_own_chain_only()
    {
        var now = _scenario.Node.Clock.Now.ToUnixTimeSeconds();
        await SaysAsync(Transfer(1, new { valid_until = now - 1 }), 422, "expired", "sign it again with a later one");
        await SaysAsync(Transfer(1, new { valid_until = now + (30 * Day) + 1 }), 422, "too_far_ahead", "30 days");
        await SaysAsync(Transfer(1, new { valid_until = now + (31 * Day) }), 422, "too_far_ahead", "30 days");
        await SaysAsync(Transfer(1, new { chain_id = "secuticket-main" }), 422, "wrong_chain", "this is «secuticket-dev»");

        await _scenario.Node.Api.PostAsync("/transactions", Transfer(1, new { valid_until = now }));
        await _scenario.Node.Api.PostAsync("/transactions", Transfer(1, new { valid_until = now + (30 * Day) }));
    }

    [Fact]
    public async Task What_is_not_ones_own_can_be_neither_bought_again_nor_given_back_nor_managed()
    {
        var (fan, other, ticket) = (_scenario.Fan, _scenario.Other, _scenario.Tickets[3]);
        await _scenario.BuyAsync(fan, ticket);

        await SaysAsync(_scenario.Sign(other, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 }), 409, "ticket_not_available", "not for sale; its status is sold");
        await SaysAsync(_scenario.Sign(other, "return_ticket", new { ticket_id = ticket }), 403, "not_holder", $"{other.Id} does not hold ticket {ticket}");
        await SaysAsync(_scenario.Sign(other, "return_ticket", new { ticket_id = _scenario.Tickets[4] }), 403, "not_holder", "nobody holds it");
        await SaysAsync(_scenario.Sign(fan, "purchase_ticket", new { ticket_id = _scenario.Tickets[4], max_price = 4_999 }), 422, "price_above_max", "costs 5000 minor units, max_price is 4999");
        await SaysAsync(_scenario.Sign(_scenario.Gate, "purchase_ticket", new { ticket_id = _scenario.Tickets[4], max_price = 5_000 }), 422, "insufficient_funds", "5000");
        foreach (var body in new[]
        {
            _scenario.Sign(fan, "issue_tickets", new { event_id = _scenario.EventId, session = 0, seats = new[] { "Z-1" }, price = 1 }),
            _scenario.Sign(fan, "cancel_event", new { event_id = _scenario.EventId }),
            _scenario.Sign(fan, "revoke_ticket", new { ticket_id = ticket }),
            _scenario.Sign(fan, "update_event", new { event_id = _scenario.EventId, gates = new[] { fan.Id } }),
        })
        {
            await SaysAsync(body, 403, "not_organiser", $"that is {_scenario.Organiser.Id}");
        }
    }

    [Fact]
    public async Task Redeeming_twice_names_the_first_gate_and_time_pending_and_confirmed()
    {
        var (gate, ticket) = (_scenario.Gate, _scenario.Tickets[5]);
        await _scenario.BuyAsync(_scenario.Fan, ticket);
        _scenario.Node.Clock.Advance(TimeSpan.FromSeconds(1));
        var first = await _scenario.PostAsync(gate, "redeem_ticket", new { ticket_id = ticket });
        var says = $"redeemed at {_scenario.Node.Clock.Now:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} by gate {gate.Id} in transaction {first.GetProperty("transaction_id").GetString()}";

        await SaysAsync(_scenario.Sign(gate, "redeem_ticket", new { ticket_id = ticket }), 409, "already_redeemed", says);
        await _scenario.Node.SealAsync();
        await SaysAsync(_scenario.Sign(gate, "redeem_ticket", new { ticket_id = ticket }), 409, "already_redeemed", says);
    }

    [Fact]
    public async Task Verifying_an_unknown_id_is_an_answer_and_a_malformed_one_is_not() // S0.10
    {
        var answer = await _scenario.Node.Api.PostAsync("/tickets/verify", new { ticket_id = new string('0', 32), owner = _scenario.Fan.Id }, System.Net.HttpStatusCode.OK);

        answer.GetProperty("valid").GetBoolean().Should().BeFalse();
        answer.GetProperty("reason").GetString().Should().Be("unknown");
        await _scenario.PostRefusedAsync("/tickets/verify", new { ticket_id = "0", owner = _scenario.Fan.Id }, 400, "invalid_field");
    }

    private JsonValue Transfer(long amount, object? more = null)
    {
        var fields = Wallet.Json(new { recipient = _scenario.Other.Id, amount });
        return _scenario.Sign(_scenario.Fan, "transfer", more is null ? fields : Wallet.Json(more).Members.Aggregate(fields, (json, member) => json.With(member.Name, member.Value)));
    }

    private JsonValue Signed(string type) => type switch
    {
        "transfer" => Transfer(1),
        "record" => _scenario.Sign(_scenario.Fan, type, new { data = 1 }),
        "issue_tickets" => _scenario.Sign(_scenario.Organiser, type, new { event_id = _scenario.EventId, session = 0, seats = new[] { "Z-1" }, price = 1 }),
        _ => _scenario.Sign(_scenario.Organiser, type, new { name = "Encore", venue = "Hall", sessions = new[] { new { date = "2027-06-15", time = "19:00" } } }),
    };

    private async Task SaysAsync(JsonValue body, int status, string code, string says)
    {
        JsonElement problem = await _scenario.PostRefusedAsync("/transactions", body, status, code);
        problem.GetProperty("detail").GetString().Should().Contain(says);
    }

    /// <summary>One node for all of them: what changes nothing can be tried on one.</summary>
    public sealed class Sale : IAsyncLifetime
    {
        internal WritesScenario Scenario { get; private set; } = null!;

        public async Task InitializeAsync() => Scenario = await WritesScenario.OpenAsync();

        public Task DisposeAsync()
        {
            Scenario.Dispose();
            return Task.CompletedTask;
        }
    }

    // The framework reads a form to look for a route's values, if it is let.
    [Theory]
    [InlineData("multipart/form-data; boundary=x", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("multipart/form-data", "{}", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("application/x-www-form-urlencoded", "a=b", HttpStatusCode.UnsupportedMediaType, "unsupported_media_type")]
    [InlineData("multipart/form-data; boundary=x", null, HttpStatusCode.RequestEntityTooLarge, "too_large")]
    [InlineData("application/x-www-form-urlencoded", null, HttpStatusCode.RequestEntityTooLarge, "too_large")]
    public async Task A_form_is_the_wrong_type_or_too_large_and_is_never_read(string contentType, string? body, HttpStatusCode status, string code)
    {
        using var node = new NodeFactory();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? new string('a', 1_000_000)));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var answer = await node.Api.Http.PutAsync($"/accounts/{Wallet.ExchangeAuthority().Id}/identity", content);

        await answer.ShouldBeProblemAsync(status, code);
    }
}
