using System.Net;
using System.Net.Http.Headers;
using System.Text;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Seeded nonsense on every route that takes a body: nothing a client sends ever answers 500, and each refusal is a whole problem.</summary>
[Trait("Length", "longer")]
public sealed class BadInputFuzzTests
{
    private static readonly string[] Routes =
    [
        "/transactions", "/transactions/batch", "/transactions/new", "/transaction", "/events", "/events/cancel", "/tickets", "/tickets/sell", "/tickets/purchase",
        "/tickets/transfer", "/tickets/list", "/tickets/unlist", "/tickets/return", "/tickets/redeem", "/tickets/revoke", "/tickets/verify", "/gate/scan", "/accounts",
    ];

    private static readonly HttpStatusCode[] Expected =
    [
        HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.NotFound,
        HttpStatusCode.Conflict, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnprocessableEntity,
    ];

    [Theory]
    [InlineData(20271)]
    [InlineData(20272)]
    public async Task Bytes_changed_at_random_are_refused_or_mean_the_same(int seed)
    {
        using var scenario = await WritesScenario.OpenAsync();
        var random = new Random(seed);
        var bodies = Bodies(scenario).Select(body => Encoding.UTF8.GetBytes(body.ToString())).ToArray();
        for (var i = 0; i < 500; i++)
        {
            var body = bodies[random.Next(bodies.Length)].ToArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) body = Changed(random, body);

            await SendAsync(scenario, Routes[random.Next(Routes.Length)], body);
        }
    }

    [Theory]
    [InlineData(20273)]
    [InlineData(20274)]
    public async Task Values_changed_at_random_and_signed_are_refused_or_lawful(int seed) // what passes the signature check must not surprise a rule
    {
        using var scenario = await WritesScenario.OpenAsync();
        var random = new Random(seed);
        var bodies = Bodies(scenario).ToArray();
        var senders = new[] { scenario.Organiser, scenario.Fan, scenario.Gate, scenario.Seller };
        for (var i = 0; i < 500; i++)
        {
            var sender = senders[random.Next(senders.Length)];
            var body = bodies[random.Next(bodies.Length)].Without("signatures").With("sender", JsonValue.Of(sender.Id)).With("nonce", JsonValue.Of($"fuzz-{seed}-{i:d16}"));
            for (var changes = random.Next(0, 3); changes > 0; changes--) body = body.With(body.Members[random.Next(body.Members.Count)].Name, Value(random, scenario, 0));

            await SendAsync(scenario, "/transactions", Encoding.UTF8.GetBytes(sender.Prove(body).ToString()));
        }

        var block = await scenario.Node.SealAsync();
        block.Transactions.Count.Should().BeGreaterThan(10, "some of it was lawful");
        (await scenario.Node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
        var ledger = scenario.Snapshot.Chain.Ledger;
        ledger.Balances.Sum(entry => entry.Value).Should().Be(ledger.Supply);
    }

    private static IEnumerable<JsonValue> Bodies(WritesScenario scenario)
    {
        var (eventId, ticket) = (scenario.EventId, scenario.Tickets[0]);
        yield return scenario.Sign(scenario.Organiser, "create_event", new
        {
            name = "Encore",
            venue = "Hall",
            sessions = new[] { new { date = "2027-06-15", time = "19:00" } },
            time_zone = "Europe/Paris",
            sellers = new[] { scenario.Seller.Id },
            resale = new { transfer = "allowed", resale = "capped", max_price_percent = 110, commission_percent = 5, max_resales = 2, opens_at = 1, @return = new { refund_percent = 50 } },
        });
        yield return scenario.Sign(scenario.Organiser, "update_event", new { event_id = eventId, sale_opens_at = 1, resale = new { resale = "free" } });
        yield return scenario.Sign(scenario.Organiser, "issue_tickets", new { event_id = eventId, session = 0, seats = new[] { "Z-1", "Z-2" }, price = 10 });
        yield return scenario.Sign(scenario.Seller, "sell_ticket", new { ticket_id = ticket, recipient = scenario.Fan.Id, price = 1, reference = "x" }, scenario.EventKey);
        yield return scenario.Sign(scenario.Fan, "purchase_ticket", new { ticket_id = ticket, max_price = 5_000 });
        yield return scenario.Sign(scenario.Fan, "transfer_ticket", new { ticket_id = ticket, recipient = scenario.Other.Id });
        yield return scenario.Sign(scenario.Fan, "list_ticket", new { ticket_id = ticket, price = 5_000, buyer = scenario.Other.Id });
        yield return scenario.Sign(scenario.Fan, "unlist_ticket", new { ticket_id = ticket });
        yield return scenario.Sign(scenario.Fan, "return_ticket", new { ticket_id = ticket });
        yield return scenario.Sign(scenario.Gate, "redeem_ticket", new { ticket_id = scenario.Tickets[1] });
        yield return scenario.Sign(scenario.Organiser, "revoke_ticket", new { ticket_id = scenario.Tickets[2] });
        yield return scenario.Sign(scenario.Fan, "transfer", new { recipient = scenario.Other.Id, amount = 5 });
        yield return scenario.Sign(scenario.Fan, "top_up", new { recipient = scenario.Other.Id, amount = 5, reference = "y" });
        yield return scenario.Sign(scenario.Fan, "record", new { data = new { a = new object[] { 1, "two", true } } });
    }

    private static byte[] Changed(Random random, byte[] body)
    {
        if (body.Length == 0) return [0];

        var at = random.Next(body.Length);
        var length = random.Next(1, Math.Min(20, body.Length - at) + 1);
        switch (random.Next(6))
        {
            case 0: body[at] ^= (byte)(1 << random.Next(8)); return body;
            case 1: random.NextBytes(body.AsSpan(at, length)); return body;
            case 2: return body[..at];
            case 3: return [.. body[..at], .. body[(at + length)..]];
            case 4: return [.. body[..at], .. body[at..(at + length)], .. body[at..]];
            default:
                var signs = "{}[]\",:\\0-.eE\n\0u"u8;
                body[at] = signs[random.Next(signs.Length)];
                return body;
        }
    }

    private static JsonValue Value(Random random, WritesScenario scenario, int depth) => random.Next(depth < 3 ? 14 : 12) switch
    {
        0 => JsonValue.Null,
        1 => JsonValue.True,
        2 => JsonValue.Of(0),
        3 => JsonValue.Of(-1),
        4 => JsonValue.Of(CanonicalJson.MaxInteger),
        5 => JsonValue.Of(-CanonicalJson.MaxInteger),
        6 => JsonValue.Of(random.Next(1_000_000)),
        7 => JsonValue.Of(string.Empty),
        8 => JsonValue.Of("\0\u202e𝔘 'quote\" <b>"),
        9 => JsonValue.Of(new string('A', random.Next(1, 5_000))),
        10 => JsonValue.Of(scenario.Tickets[random.Next(scenario.Tickets.Count)]),
        11 => JsonValue.Of(random.Next(2) == 0 ? scenario.Organiser.Id : "0x0000000000000000000000000000000000000000"),
        12 => JsonValue.Array(Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, scenario, depth + 1))),
        _ => JsonValue.Object(Enumerable.Range(0, random.Next(4)).Select(i => new JsonMember(i == 0 ? "resale" : $"k{i}", Value(random, scenario, depth + 1)))),
    };

    private static async Task SendAsync(WritesScenario scenario, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(path.EndsWith("batch", StringComparison.Ordinal) ? "application/x-ndjson" : "application/json") } };
        using var answer = await scenario.Node.Api.Http.PostAsync(path, content);

        answer.StatusCode.Should().BeOneOf(Expected, "{0} was sent {1}", path, Convert.ToHexStringLower(body));
        if (!answer.IsSuccessStatusCode) answer.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
    }
}
