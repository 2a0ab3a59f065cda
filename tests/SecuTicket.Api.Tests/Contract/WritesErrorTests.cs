using System.Net;
using System.Text;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>The contract's table of errors: every status and code is reached over HTTP, changes nothing, and comes in the stated order of checks.</summary>
public sealed class WritesErrorTests : IAsyncLifetime
{
    private static readonly string[] OfTheContract =
    [
        "400 malformed_json", "400 duplicate_key", "400 missing_field", "400 unknown_field", "400 invalid_field",
        "401 signature_missing", "401 signature_invalid", "401 unknown_account",
        "403 not_organiser", "403 not_seller", "403 event_signature_missing", "403 not_holder", "403 not_gate", "403 not_exchange_authority", "403 admin_only",
        "404 not_found",
        "409 ticket_exists", "409 ticket_not_available", "409 already_redeemed", "409 reference_used", "409 account_exists", "409 token_used",
        "413 too_large", "415 unsupported_media_type",
        "422 price_above_cap", "422 price_above_max", "422 resale_forbidden", "422 transfer_forbidden", "422 reseller_not_allowed", "422 resale_limit", "422 outside_window",
        "422 insufficient_funds", "422 wrong_chain", "422 expired", "422 too_far_ahead", "422 event_cancelled", "422 rules_worse", "422 return_forbidden",
    ];

    // Held by a node of its own, below.
    private static readonly string[] OfANodeInTrouble = ["429 rate_limited", "503 pool_full", "503 not_ready"];

    private WritesScenario _scenario = null!;

    public async Task InitializeAsync() => _scenario = await WritesScenario.OpenAsync();

    public Task DisposeAsync()
    {
        _scenario.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Every_status_and_code_of_the_contract_is_answered_over_HTTP_and_changes_nothing()
    {
        var rows = (await RowsAsync()).ToArray();
        var before = _scenario.Snapshot;

        foreach (var (expected, path, body) in rows) await CheckAsync(expected, path, body);
        _scenario.Snapshot.Should().Be(before, "a refused request changes nothing");

        rows.Select(row => row.Expected).Should().Contain(OfTheContract.Except(["403 admin_only", "409 account_exists", "409 token_used"]));
    }

    [Fact]
    public async Task Codes_that_belong_to_no_transaction_are_answered_too()
    {
        var api = _scenario.Node.Api;
        await api.PostAsync("/accounts", new { profile = new { name = "Ada" } });
        await CheckAsync("409 account_exists", "/accounts", new { profile = new { name = "Ada" } });

        var path = $"/events/{_scenario.EventId}/delegation";
        const string Body = """{"enabled":true}""";
        var token = WritesSaleTests.Token(_scenario, _scenario.Organiser, "PUT", path, Body);
        using (var first = await api.SendAsync(HttpMethod.Put, path, Body, ("Authorization", token))) first.StatusCode.Should().Be(HttpStatusCode.OK);
        using (var second = await api.SendAsync(HttpMethod.Put, path, Body, ("Authorization", token))) await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, "token_used");

        using (var unknown = await api.SendAsync(HttpMethod.Post, "/tickets/steal/all", new { })) await unknown.ShouldBeProblemAsync(HttpStatusCode.NotFound, "not_found");
        using (var method = await api.SendAsync(HttpMethod.Delete, "/transactions", null)) await method.ShouldBeProblemAsync(HttpStatusCode.MethodNotAllowed, "method_not_allowed");

        _scenario.Node.Remote = IPAddress.Parse("192.0.2.1");
        await CheckAsync("403 admin_only", $"/accounts/{_scenario.Fan.Id}/top-up", new { amount = 1, reference = "free money" });
        await CheckAsync("403 admin_only", "/mine", new { });
    }

    [Fact]
    public async Task Too_many_requests_and_a_node_that_stops_are_said_so()
    {
        using (var remote = new NodeFactory("Production", remote: IPAddress.Parse("192.0.2.1"), settings: [("Limits:Burst", "2"), ("Limits:RequestsPerSecond", "1")]))
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 20; i++)
            {
                using var answer = await remote.Api.SendAsync(HttpMethod.Post, "/transactions", "{");
                answers.Add(answer.StatusCode);
                if (answer.StatusCode != HttpStatusCode.TooManyRequests) continue;

                await answer.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "rate_limited");
                answer.Headers.RetryAfter!.Delta.Should().BePositive();
            }

            answers.Should().Contain(HttpStatusCode.BadRequest).And.Contain(HttpStatusCode.TooManyRequests);
        }

        var body = _scenario.Sign(_scenario.Fan, "record", new { data = 1 });
        await _scenario.Node.Node.DisposeAsync();
        await CheckAsync("503 not_ready", "/transactions", body);
    }

    [Fact]
    public async Task A_sender_may_have_thousands_waiting_and_beyond_the_limit_hears_that_the_pool_is_full() // API.md: pending per account at least 1,000
    {
        var limit = _scenario.Snapshot.Pending.Limits.MaxPerAccount;
        limit.Should().BeGreaterThanOrEqualTo(1_000);
        var payload = _scenario.Fan.Payload("record", new { data = 1 }, _scenario.Node.Clock.Now);
        for (var sent = 0; sent < limit; sent += 1_000)
        {
            // The single writer asks for no signature: what reaches it was proven.
            var count = Math.Min(1_000, limit - sent);
            var some = Enumerable.Range(sent, count).Select(i => TransactionVerifier.Restore(new Transaction(Payload.From(payload.With("nonce", JsonValue.Of($"pool-{i:d16}"))).Value, [])));
            (await _scenario.Node.Node.SubmitAsync([.. some])).Value.Should().OnlyContain(submission => submission.IsNew);
        }

        var problem = await _scenario.PostRefusedAsync(_scenario.Fan, "record", new { data = 2 }, 503, "pool_full");

        problem.GetProperty("detail").GetString().Should().Contain("try again when the next block is sealed");
        await _scenario.PostAsync(_scenario.Other, "record", new { data = 3 });
    }

    [Fact]
    public async Task The_first_failing_check_answers_in_the_stated_order() // size, content type, JSON, fields, signature, chain, expiry, rules
    {
        var poor = Payment(1_000_000);
        var expired = poor.With("valid_until", JsonValue.Of(1));
        var elsewhere = expired.With("chain_id", JsonValue.Of("another"));
        var large = new string(' ', 65_536);

        await CheckRawAsync("413 too_large", "{" + large, "text/plain");
        await CheckRawAsync("415 unsupported_media_type", "{", "text/plain");
        await CheckAsync("400 malformed_json", "/transactions", """{"a":1,"a":1.5,}""");
        await CheckAsync("400 duplicate_key", "/transactions", """{"a":1,"a":1.5}""");
        await CheckAsync("400 invalid_field", "/transactions", """{"a":1.5}""");
        await CheckAsync("400 missing_field", "/transactions", elsewhere.Without("amount"));
        await CheckAsync("400 unknown_field", "/transactions", elsewhere.With("colour", JsonValue.Of("red")));
        await CheckAsync("401 signature_missing", "/transactions", elsewhere);
        await CheckAsync("401 signature_invalid", "/transactions", _scenario.Other.Prove(elsewhere));
        await CheckAsync("422 wrong_chain", "/transactions", _scenario.Fan.Prove(elsewhere));
        await CheckAsync("422 expired", "/transactions", _scenario.Fan.Prove(expired));
        await CheckAsync("422 insufficient_funds", "/transactions", _scenario.Fan.Prove(poor));

        JsonValue Payment(long amount) => _scenario.Fan.Payload("transfer", new { recipient = _scenario.Other.Id, amount }, _scenario.Node.Clock.Now);
    }

    [Fact]
    public void The_rows_and_the_table_of_problems_agree()
    {
        foreach (var row in OfTheContract.Concat(OfANodeInTrouble))
        {
            var code = row.Split(' ')[1];
            Problems.ProblemTable.Contains(code).Should().BeTrue(row);
            $"{Problems.ProblemTable.Of(code).Status} {code}".Should().Be(row);
        }
    }

    private async Task<IEnumerable<(string Expected, string Path, object Body)>> RowsAsync()
    {
        var (organiser, seller, gate, fan, other, eventKey) = (_scenario.Organiser, _scenario.Seller, _scenario.Gate, _scenario.Fan, _scenario.Other, _scenario.EventKey);
        using var authority = Wallet.ExchangeAuthority();
        var (eventId, unsold, mine, redeemed) = (_scenario.EventId, _scenario.Tickets[0], _scenario.Tickets[1], _scenario.Tickets[2]);
        var now = _scenario.Node.Clock.Now.ToUnixTimeSeconds();
        await _scenario.BuyAsync(fan, mine);
        await _scenario.BuyAsync(fan, redeemed);
        await _scenario.PostAsync(gate, "redeem_ticket", new { ticket_id = redeemed });
        var locked = await HeldAsync(new { transfer = "forbidden", resale = "forbidden" });
        var capped = await HeldAsync(new { resale = "capped", max_price_percent = 110, resellers = new[] { fan.Id }, max_resales = 0 });
        var reserved = await HeldAsync(new { resellers = new[] { other.Id } });
        var closed = await HeldAsync(new { closes_at = now - 1, @return = new { until = now - 1 } });
        var (lateEvent, late) = await _scenario.CreateAsync(null, 1, new { sale_opens_at = now + 10 });
        var (cancelledEvent, cancelled) = await _scenario.CreateAsync(null, 1);
        await _scenario.PostAsync(organiser, "cancel_event", new { event_id = cancelledEvent });
        await _scenario.PostAsync(authority, "top_up", new { recipient = fan.Id, amount = 1, reference = "used" });
        var unknown = new string('0', 32);
        var transfer = fan.Payload("transfer", new { recipient = other.Id, amount = 1 }, _scenario.Node.Clock.Now);

        return
        [
            ("400 malformed_json", "/transactions", "not JSON"),
            ("400 malformed_json", "/transactions", "[]"),
            ("400 duplicate_key", "/transactions", """{"amount":1,"amount":1}"""),
            ("400 missing_field", "/transactions", transfer.Without("nonce")),
            ("400 missing_field", "/transactions", "{}"),
            ("400 unknown_field", "/transactions", fan.Prove(transfer).With("colour", JsonValue.Of("red"))),
            ("400 invalid_field", "/transactions", fan.Prove(transfer).With("hmac", JsonValue.Of("abc"))),
            ("400 invalid_field", "/transactions", Signed(fan, "transfer", new { recipient = "0xCCec231B4D170B8615e6f454845c0eaBdc0FBFC6", amount = 1 })),
            ("400 invalid_field", "/transactions", Signed(fan, "transfer", new { recipient = "0xcCec231B4D170B8615e6f454845c0eaBdc0FBFC5", amount = 1 })),
            ("400 invalid_field", "/transactions", Signed(fan, "steal", new { })),
            ("400 invalid_field", "/transactions", Signed(fan, "reward", new { recipient = fan.Id, amount = 100, block_index = 2 }).Without("sender").Without("nonce").Without("valid_until")),
            ("400 invalid_field", "/tickets/transfer", Signed(fan, "transfer_ticket", new { ticket_id = mine, recipient = fan.Id })),
            ("400 invalid_field", "/tickets", Signed(organiser, "issue_tickets", new { event_id = eventId, session = 1, seats = new[] { "A" }, price = 1 })),
            ("400 invalid_field", "/accounts/0x12/top-up", new { amount = 1, reference = "1" }),

            ("401 signature_missing", "/transactions", transfer),
            ("401 signature_missing", "/transactions", transfer.With("signatures", JsonValue.Array([]))),
            ("401 signature_invalid", "/transactions", other.Prove(transfer)),
            ("401 unknown_account", "/transactions", transfer.With("hmac", JsonValue.Of(new string('0', 64)))),

            ("403 not_organiser", "/tickets", Signed(fan, "issue_tickets", new { event_id = eventId, session = 0, seats = new[] { "Z-1" }, price = 1 })),
            ("403 not_organiser", "/events/cancel", Signed(fan, "cancel_event", new { event_id = eventId })),
            ("403 not_organiser", "/tickets/revoke", Signed(fan, "revoke_ticket", new { ticket_id = mine })),
            ("403 not_organiser", "/transactions", Signed(fan, "update_event", new { event_id = eventId, gates = Array.Empty<string>() })),
            ("403 not_seller", "/tickets/sell", Signed(fan, "sell_ticket", new { ticket_id = unsold, recipient = fan.Id }, eventKey)),
            ("403 event_signature_missing", "/tickets/sell", Signed(seller, "sell_ticket", new { ticket_id = unsold, recipient = fan.Id })),
            ("403 not_holder", "/tickets/return", Signed(other, "return_ticket", new { ticket_id = mine })),
            ("403 not_holder", "/tickets/transfer", Signed(other, "transfer_ticket", new { ticket_id = mine, recipient = other.Id })),
            ("403 not_holder", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = unsold, price = 1 })),
            ("403 not_holder", "/tickets/unlist", Signed(organiser, "unlist_ticket", new { ticket_id = unsold })),
            ("403 not_gate", "/tickets/redeem", Signed(fan, "redeem_ticket", new { ticket_id = mine })),
            ("403 not_exchange_authority", "/transactions", Signed(fan, "top_up", new { recipient = fan.Id, amount = 1, reference = "mine" })),

            ("404 not_found", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = unknown, max_price = 1 })),
            ("404 not_found", "/tickets", Signed(organiser, "issue_tickets", new { event_id = unknown, session = 0, seats = new[] { "A" }, price = 1 })),

            ("409 ticket_exists", "/tickets", Signed(organiser, "issue_tickets", new { event_id = eventId, session = 0, seats = new[] { "Z-1", "A-1" }, price = 1 })),
            ("409 ticket_not_available", "/tickets/purchase", Signed(other, "purchase_ticket", new { ticket_id = mine, max_price = 5_000 })),
            ("409 ticket_not_available", "/tickets/purchase", Signed(organiser, "purchase_ticket", new { ticket_id = unsold, max_price = 5_000 })),
            ("409 ticket_not_available", "/tickets/unlist", Signed(fan, "unlist_ticket", new { ticket_id = mine })),
            ("409 ticket_not_available", "/tickets/redeem", Signed(gate, "redeem_ticket", new { ticket_id = unsold })),
            ("409 already_redeemed", "/tickets/redeem", Signed(gate, "redeem_ticket", new { ticket_id = redeemed })),
            ("409 already_redeemed", "/tickets/return", Signed(fan, "return_ticket", new { ticket_id = redeemed })),
            ("409 reference_used", "/transactions", Signed(authority, "top_up", new { recipient = fan.Id, amount = 1, reference = "used" })),

            ("413 too_large", "/transactions", new string(' ', 65_537)),
            ("415 unsupported_media_type", "/transactions/batch", "{}"),

            ("422 price_above_cap", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = mine, price = 5_001 })),
            ("422 price_above_max", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = unsold, max_price = 4_999 })),
            ("422 resale_forbidden", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = locked.Ticket, price = 1 })),
            ("422 transfer_forbidden", "/tickets/transfer", Signed(fan, "transfer_ticket", new { ticket_id = locked.Ticket, recipient = other.Id })),
            ("422 reseller_not_allowed", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = reserved.Ticket, price = 1 })),
            ("422 resale_limit", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = capped.Ticket, price = 5_500 })),
            ("422 outside_window", "/tickets/list", Signed(fan, "list_ticket", new { ticket_id = closed.Ticket, price = 1 })),
            ("422 outside_window", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = late[0], max_price = 5_000 })),
            ("422 return_forbidden", "/tickets/return", Signed(fan, "return_ticket", new { ticket_id = closed.Ticket })),
            ("422 insufficient_funds", "/tickets/purchase", Signed(gate, "purchase_ticket", new { ticket_id = unsold, max_price = 5_000 })),
            ("422 wrong_chain", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = unsold, max_price = 5_000, chain_id = "another" })),
            ("422 expired", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = unsold, max_price = 5_000, valid_until = now - 1 })),
            ("422 too_far_ahead", "/transactions", Signed(fan, "record", new { data = 1, valid_until = now + (31 * 86_400) })),
            ("422 event_cancelled", "/tickets/purchase", Signed(fan, "purchase_ticket", new { ticket_id = cancelled[0], max_price = 5_000 })),
            ("422 event_cancelled", "/events/cancel", Signed(organiser, "cancel_event", new { event_id = cancelledEvent })),
            ("422 rules_worse", "/transactions", Signed(organiser, "update_event", new { event_id = eventId, resale = new { transfer = "forbidden" } })),
            ("422 supply_exceeded", "/transactions", Signed(authority, "top_up", new { recipient = fan.Id, amount = Operation.MaxAmount, reference = "all" })),
        ];

        JsonValue Signed(Wallet sender, string type, object fields, params Wallet[] others) => _scenario.Sign(sender, type, fields, others);

        async Task<(string Event, string Ticket)> HeldAsync(object resale)
        {
            var (id, tickets) = await _scenario.CreateAsync(resale, 1);
            await _scenario.BuyAsync(fan, tickets[0]);
            return (id, tickets[0]);
        }
    }

    private async Task CheckAsync(string expected, string path, object body)
    {
        var parts = expected.Split(' ');
        using var answer = await _scenario.Node.Api.SendAsync(HttpMethod.Post, path, body);
        ((int)answer.StatusCode).Should().Be(int.Parse(parts[0]), "{0} to {1}: {2}", body, path, await answer.Content.ReadAsStringAsync());
        await answer.ShouldBeProblemAsync((HttpStatusCode)int.Parse(parts[0]), parts[1]);
        if (body is JsonValue { Kind: JsonKind.Object } sent)
            _scenario.Node.Node.FindTransaction(WritesScenario.IdOf(sent)).Should().BeNull("it was not admitted");
    }

    private async Task CheckRawAsync(string expected, string body, string contentType)
    {
        var parts = expected.Split(' ');
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        using var answer = await _scenario.Node.Api.Http.PostAsync("/transactions", content);
        await answer.ShouldBeProblemAsync((HttpStatusCode)int.Parse(parts[0]), parts[1]);
    }
}
