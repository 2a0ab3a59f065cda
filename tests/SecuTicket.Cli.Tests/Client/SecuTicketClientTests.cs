using System.Buffers.Text;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Tests.Gates;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tests.Client;

/// <summary>S3.5: what the client puts on the wire, and what it makes of what comes back.</summary>
public sealed class SecuTicketClientTests : IDisposable
{
    private static readonly Uri Node = new("http://localhost:5000/");

    private static readonly ManualClock Clock = new(GateStage.DoorsOpen);

    private readonly Wallet _wallet = new(P256PrivateKey.Generate());

    public void Dispose() => _wallet.Dispose();

    [Fact]
    public async Task A_transaction_is_signed_over_its_canonical_form_for_the_nodes_chain()
    {
        using var node = new ScriptedNode("""{"transaction_id":"00","status":"confirmed","block_index":8}""");
        using var client = ClientOf(node);

        var answer = await client.SubmitAsync(_wallet, "purchase_ticket", [new("ticket_id", JsonValue.Of("a9a86a47dd2d74bd202a9328745889a3")), new("max_price", JsonValue.Of(5_000))], TimeSpan.FromSeconds(5), default);

        answer.Refusal.Should().BeNull();
        var request = node.Requests.Should().HaveCount(2).And.Subject.Last();
        (request.Method, request.Path, request.Prefer, request.Authorization).Should().Be(("POST", "/transactions", "wait=5", null));
        var signed = SignedBody.From(CanonicalJson.ParseCanonical(request.Body).Value, 1).Value;
        var payload = Payload.From(signed.Fields).Value;
        (payload.ChainId, payload.Sender).Should().Be(("secuticket-dev", _wallet.Address));
        payload.ValidUntil.Should().Be(Clock.Now.AddHours(1).ToUnixTimeSeconds());
        signed.Fields.Find("nonce")!.Text.Should().MatchRegex("^[0-9a-f]{32}$");
        new TransactionVerifier(new P256Verifier(1)).Verify(new Transaction(payload, signed.Signatures!.Value)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public async Task Two_transactions_have_two_nonces()
    {
        using var node = new ScriptedNode("""{"transaction_id":"00","status":"confirmed","block_index":8}""");
        using var client = ClientOf(node);

        for (var i = 0; i < 2; i++) await client.SubmitAsync(_wallet, "record", [new("data", JsonValue.Object([]))], TimeSpan.Zero, default);

        node.Requests.Should().HaveCount(3, "the node says once who it is");
        node.Requests[1].Prefer.Should().BeNull("nobody waits");
        node.Requests[1].Text.Should().NotBe(node.Requests[2].Text);
    }

    [Fact]
    public async Task Waiting_asks_again_with_the_same_bytes_until_it_is_decided()
    {
        var answers = new Queue<string>(["pending", "pending", "rejected"]);
        using var node = new ScriptedNode(_ => (200, "application/json", $$"""{"transaction_id":"00","status":"{{answers.Dequeue()}}"}"""));
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = node, Clock = new SteppingClock() });

        var answer = await client.SubmitAsync(_wallet, "record", [], TimeSpan.FromMinutes(10), default);

        answer.Json.Text("status").Should().Be("rejected");
        var posts = node.Requests.Where(request => request.Method == "POST").ToArray();
        posts.Should().HaveCount(3).And.OnlyContain(post => post.Prefer == "wait=30" && post.Text == posts[0].Text);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task What_a_node_accepted_is_told_also_when_it_goes_away_while_its_block_is_waited_for(int then)
    {
        var posts = 0;
        using var node = new ScriptedNode(_ => (++posts, then) switch
        {
            (1, _) => (201, "application/json", """{"transaction_id":"85cc","status":"pending"}"""),
            (_, 0) => throw new HttpRequestException("refused"),
            _ => (then, "application/problem+json", """{"code":"not_ready","detail":"It stops."}"""),
        });
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = node, Clock = new SteppingClock() });

        var answer = await client.SubmitAsync(_wallet, "record", [], TimeSpan.FromMinutes(10), default);

        (answer.Refusal, answer.Json.Text("status"), answer.Json.Text("transaction_id"), posts).Should().Be((null, "pending", "85cc", 2));
    }

    [Fact]
    public async Task What_a_node_refuses_while_its_block_is_waited_for_is_refused()
    {
        var posts = 0;
        using var node = new ScriptedNode(_ => ++posts == 1
            ? (201, "application/json", """{"transaction_id":"85cc","status":"pending"}""")
            : (409, "application/problem+json", """{"code":"ticket_not_available","detail":"Sold."}"""));
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = node, Clock = new SteppingClock() });

        (await client.SubmitAsync(_wallet, "record", [], TimeSpan.FromMinutes(10), default)).Refusal!.Code.Should().Be("ticket_not_available");
    }

    [Fact]
    public async Task A_node_that_does_not_wait_is_asked_once_a_second()
    {
        using var node = new ScriptedNode("""{"transaction_id":"85cc","status":"pending"}""");
        var clock = new RestingClock();
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = node, Clock = clock });

        await client.SubmitAsync(_wallet, "record", [], TimeSpan.FromSeconds(35), default);

        (node.Requests.Count(request => request.Method == "POST"), clock.Rests).Should().Be((6, 5), "the last one is asked when no more than one wait is left");
    }

    [Fact]
    public async Task The_wait_ends()
    {
        using var node = new ScriptedNode("""{"transaction_id":"00","status":"pending"}""");
        using var client = ClientOf(node);

        var answer = await client.SubmitAsync(_wallet, "record", [], TimeSpan.FromSeconds(20), default);

        answer.Json.Text("status").Should().Be("pending");
        node.Requests.Should().ContainSingle(request => request.Prefer == "wait=20");
    }

    [Fact]
    public async Task A_signed_request_names_method_path_body_chain_and_node()
    {
        using var node = new ScriptedNode("{}");
        using var client = ClientOf(node);
        var body = """{"opt_in":true}"""u8.ToArray();

        await client.SendSignedAsync(_wallet, HttpMethod.Put, "/accounts/x/contact?a=b", body, default);

        var request = node.Requests.Last();
        request.Authorization.Should().StartWith("SecuTicket ");
        var token = CanonicalJson.ParseCanonical(Base64Url.DecodeFromChars(request.Authorization.AsSpan("SecuTicket ".Length))).Value;
        var signed = SignedBody.From(token, 1).Value;
        var signature = signed.Signatures!.Value[0];
        new P256Verifier(1).Verify(signature.Key.Span, Hash256.Sha256(CanonicalJson.Write(signed.Fields)).Span, signature.Value.Span).Should().BeTrue();
        Address.Of(signature.Key).Should().Be(_wallet.Address);
        string[] names = ["type", "method", "path", "sender", "body_sha256", "chain_id", "node"];
        names.Select(name => signed.Fields.Find(name)!.Text).Should().Equal(
            "request", "PUT", "/accounts/x/contact?a=b", _wallet.Address.ToString(), Hash256.Sha256(body).ToString(), "secuticket-dev", "0x596d92658e2C947126dda212Ec1341aDe00dCae5");
        signed.Fields.Find("at")!.Integer.Should().Be(Clock.Now.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task The_same_request_twice_in_a_second_is_two()
    {
        using var node = new ScriptedNode("{}");
        using var client = ClientOf(node);

        for (var i = 0; i < 2; i++) await client.SendSignedAsync(_wallet, HttpMethod.Delete, "/accounts/x/identity", default, default);

        var tokens = node.Requests.Skip(1).Select(request => CanonicalJson.Parse(Base64Url.DecodeFromChars(request.Authorization.AsSpan("SecuTicket ".Length))).Value).ToArray();
        tokens.Select(token => token.Find("at")!.Integer).Should().Equal(Clock.Now.ToUnixTimeSeconds(), Clock.Now.ToUnixTimeSeconds());
        tokens.Select(token => token.Find("nonce")!.Text).Should().OnlyHaveUniqueItems().And.AllSatisfy(nonce => nonce.Should().MatchRegex("^[A-Za-z0-9_-]{16,64}$"));
    }

    [Fact]
    public async Task A_token_that_was_used_is_not_sent_again()
    {
        using var node = new ScriptedNode(_ => (409, "application/problem+json", """{"code":"token_used","detail":"d"}"""));
        using var client = ClientOf(node);

        (await client.SendSignedAsync(_wallet, HttpMethod.Delete, "/accounts/x/identity", default, default)).Refusal!.Code.Should().Be("token_used");

        node.Requests.Should().HaveCount(2);
    }

    [Fact]
    public async Task Behind_a_prefix_the_whole_path_is_signed()
    {
        using var node = new ScriptedNode("{}");
        using var client = new SecuTicketClient(new Uri("https://tickets.example/api/"), new ClientOptions { Network = new Prefixed(node) });

        await client.SendSignedAsync(_wallet, HttpMethod.Get, "/accounts/x/messages", default, default);

        var token = CanonicalJson.Parse(Base64Url.DecodeFromChars(node.Requests.Last().Authorization.AsSpan("SecuTicket ".Length))).Value;
        token.Find("path")!.Text.Should().Be("/api/accounts/x/messages");
    }

    [Fact]
    public async Task A_problem_is_a_refusal_with_code_detail_and_fields()
    {
        const string problem = """{"type":"x","title":"t","status":400,"detail":"Two fields are wrong.","code":"invalid_field","errors":{"a":["no","never"],"b":["no"]}}""";
        using var node = new ScriptedNode(_ => (400, "application/problem+json", problem));
        using var client = ClientOf(node);

        var answer = await client.GetAsync("/events", default);

        (answer.Status, answer.IsFromNode, answer.Refusal!.Code, answer.Refusal.Detail).Should().Be((400, true, "invalid_field", "Two fields are wrong."));
        answer.Refusal.Faults.Should().Equal(new FieldFault("a", "no"), new FieldFault("a", "never"), new FieldFault("b", "no"));
        System.Text.Encoding.UTF8.GetString(answer.Body.Span).Should().Be(problem);
    }

    [Fact]
    public async Task An_answer_beyond_the_limit_is_not_read()
    {
        using var node = new ScriptedNode($$"""{"a":"{{new string('x', 2_000)}}"}""");
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = node, MaxAnswerSize = 2_000 });

        var answer = await client.GetAsync("/events", default);

        answer.Refusal!.Code.Should().Be(FailureCodes.UnreadableAnswer);
        answer.Refusal.Detail.Should().Contain("longer than 2000 bytes");
    }

    [Fact]
    public async Task A_node_that_never_answers_is_given_up()
    {
        using var client = new SecuTicketClient(Node, new ClientOptions { Network = new Silence(), Timeout = TimeSpan.FromMilliseconds(1) });

        (await client.GetAsync("/events", default)).Refusal!.Code.Should().Be(FailureCodes.Unreachable);
    }

    private static SecuTicketClient ClientOf(ScriptedNode node) => new(Node, new ClientOptions { Network = node, Clock = Clock });

    /// <summary>A clock that stands still but for rests of a second, which are over at once.</summary>
    private sealed class RestingClock : TimeProvider
    {
        private long _seconds;

        public int Rests { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != TimeSpan.FromSeconds(1)) return base.CreateTimer(callback, state, dueTime, period);

            _seconds++;
            Rests++;
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    private sealed class Prefixed(ScriptedNode node) : DelegatingHandler(node)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!.ToString().Replace("/api", string.Empty));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
