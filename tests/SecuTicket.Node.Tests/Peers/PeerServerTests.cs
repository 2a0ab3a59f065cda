using System.Net;
using System.Text;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What callers get, by the bytes that they send: a handshake first, then answers at once, or the loop's.</summary>
public sealed class PeerServerTests : IDisposable
{
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.7");

    private readonly InMemoryBlockStore _store = new();
    private readonly TestChain _chain;
    private readonly TestPeer _called = new("node bob");
    private readonly TestPeer _caller = new("node alice");
    private PeerSessions _sessions = new(new PeerServerSettings());
    private PeerServer _server;
    private long _now = TestChain.GenesisTime;
    private byte _drawn;

    public PeerServerTests()
    {
        _chain = new TestChain(_store);
        _server = Of(new PeerServerSettings());
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_handshake_ends_with_a_session_and_the_loop_hears_who_came()
    {
        var welcome = Greet(_caller).Value;
        welcome.Self.Node.Should().Be(_called.Node);
        var served = Prove(_caller, welcome);

        var token = served.Answer!.Value.Value.Should().BeOfType<PeerAnswer.Session>().Subject.Token;
        served.Told.Should().Be(new NetworkInput.Greeted(_caller.Identity, null));
        served.Waited.Should().BeNull();
        Ask(new PeerRequest.GetTip(), token).Answer!.Value.Value.Should().Be(new PeerAnswer.Tip(new PeerTip(0, 0, _chain.Spec.Genesis.Hash), _chain.Spec.Genesis.SealedHeader));
    }

    [Fact]
    public void A_proof_shown_again_opens_nothing()
    {
        var welcome = Greet(_caller).Value;
        Prove(_caller, welcome).Answer!.Value.IsAccepted.Should().BeTrue();

        var again = Prove(_caller, welcome);
        (again.Answer!.Value.Refusal!.Code, again.Told).Should().Be(("session_unknown", null));
    }

    [Fact]
    public void A_wrong_proof_ends_the_handshake_and_tells_the_loop_nothing()
    {
        var welcome = Greet(_caller).Value;
        var forged = Prove(new TestPeer("node mallory"), welcome, _caller.Hello("caller"));
        (forged.Answer!.Value.Refusal!.Code, forged.Told).Should().Be(("not_a_node", null));

        Prove(_caller, welcome).Answer!.Value.Refusal!.Code.Should().Be("session_unknown");
        _sessions.Count.Should().Be(0);
    }

    [Fact]
    public void A_node_on_another_chain_and_this_node_itself_are_refused_at_the_hello()
    {
        _caller.Identity = _caller.Identity with { Genesis = TestPeer.Challenge("other") };
        Greet(_caller).Refusal!.Code.Should().Be("other_chain");
        Greet(_called).Refusal!.Code.Should().Be("self");
    }

    [Fact]
    public void A_hello_that_was_sent_to_another_address_is_refused_so_that_nobody_passes_on_a_handshake()
    {
        _called.Identity = _called.Identity with { Address = TestPeer.AddressOf("http://called.example:5000") };
        var toMallory = _caller.Hello("caller") with { To = TestPeer.AddressOf("http://mallory.example:5000") };

        var passedOn = Ask(new PeerRequest.Hello(toMallory), null);
        (passedOn.Answer!.Value.Refusal!.Code, passedOn.Told).Should().Be(("not_a_node", null));
        passedOn.Answer.Value.Refusal.Detail.Should().Contain("http://called.example:5000", "an operator who called a wrong address learns the right one");

        // Nor does it help to write another address into it: the proof is of what was sent.
        var welcome = Greet(_caller).Value;
        Prove(_caller, welcome, toMallory).Answer!.Value.Refusal!.Code.Should().Be("not_a_node");
        _sessions.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("203.0.113.7", "http://203.0.113.7:5001")]
    [InlineData("::ffff:203.0.113.7", "http://203.0.113.7:5001")]
    [InlineData("2001:db8::7", "http://[2001:db8::7]:5001")]
    [InlineData("::1", "http://[::1]:5001")]
    [InlineData("fe80::1%3", null)]
    public void Who_gives_a_port_only_is_reached_where_it_called_from(string from, string? expected)
    {
        _caller.Identity = _caller.Identity with { Port = 5_001 };

        Meet(_caller, IPAddress.Parse(from)).At?.ToString().Should().Be(expected);
    }

    [Fact]
    public void Who_gives_an_address_is_reached_there_and_who_gives_nothing_nowhere()
    {
        Meet(_caller, Here).At.Should().BeNull();
        _caller.Identity = _caller.Identity with { Address = TestPeer.AddressOf("https://tickets.example") };
        Meet(_caller, Here).At!.ToString().Should().Be("https://tickets.example");
    }

    [Fact]
    public void Without_a_session_nothing_is_read_of_a_request()
    {
        foreach (var kind in Coded())
        {
            foreach (SessionToken? token in new SessionToken?[] { null, new SessionToken(7) })
            {
                var served = _server.Serve(new ReceivedRequest(kind, new byte[] { 1, 2, 3 }, token, Here), _now);
                (served.Answer!.Value.Refusal!.Code, served.Told, served.Waited).Should().Be(("session_unknown", null, null), "of {0}", kind);
            }
        }
    }

    [Fact]
    public void A_session_ends_by_silence()
    {
        var token = Meet(_caller, Here).Token;
        _now += new PeerServerSettings().IdleLife;

        Ask(new PeerRequest.GetTip(), token).Answer!.Value.Refusal!.Code.Should().Be("session_unknown");
    }

    [Fact]
    public void A_request_that_breaks_the_protocol_is_refused_and_the_loop_hears_of_it()
    {
        var token = Meet(_caller, Here).Token;
        foreach (var kind in Coded())
        {
            var served = _server.Serve(new ReceivedRequest(kind, new byte[] { 1, 2, 3 }, token, Here), _now);
            served.Answer!.Value.Refusal!.Code.Should().Be("malformed_message", "of {0}", kind);
            served.Told.Should().Be(new NetworkInput.Misbehaved(_caller.Node, served.Answer.Value.Refusal), "of {0}", kind);
        }
    }

    [Fact]
    public void Asking_for_a_place_that_a_block_has_not_breaks_the_protocol()
    {
        var (block, token) = (_chain.Seal(), Meet(_caller, Here).Token);

        Ask(new PeerRequest.GetBlockTransactions(block.Hash, [9]), token).Told.Should().BeOfType<NetworkInput.Misbehaved>();
        Ask(new PeerRequest.GetCompactBlock(TestPeer.Challenge("unknown")), token).Told.Should().BeNull("a block that is not here is nobody's fault");
    }

    [Theory]
    [InlineData("")]
    [InlineData("what a later version sends")]
    public void A_kind_of_a_later_version_is_refused_and_no_fault(string body)
    {
        var token = Meet(_caller, Here).Token;
        var served = _server.Serve(new ReceivedRequest("receipts", Encoding.ASCII.GetBytes(body), token, Here), _now);

        (served.Answer!.Value.Refusal!.Code, served.Told).Should().Be((RefusalCodes.NotFound, null));
    }

    [Fact]
    public void A_hello_of_a_later_version_may_say_more()
    {
        var text = Encoding.UTF8.GetString(PeerCodec.Encode(new PeerRequest.Hello(_caller.Hello("caller"))));
        var later = Encoding.UTF8.GetBytes($$"""{{{text[1..^1]}},"zz_features":["light"]}""");

        _server.Serve(new ReceivedRequest("hello", later, null, Here), _now).Answer!.Value.Value.Should().BeOfType<PeerAnswer.Welcome>();
    }

    [Fact]
    public void A_hello_that_is_none_is_refused_and_nobody_is_blamed()
    {
        foreach (var bytes in new[] { [], "{}"u8.ToArray(), new byte[PeerLimits.HandshakeBytes + 1] })
        {
            var served = _server.Serve(new ReceivedRequest("hello", bytes, null, Here), _now);
            (served.Answer!.Value.Refusal!.Code, served.Told).Should().Be(("malformed_message", null));
        }
    }

    [Fact]
    public void Announced_blocks_and_brought_transactions_are_noted_at_once_and_handed_on()
    {
        var token = Meet(_caller, Here).Token;
        var transaction = _chain.TopUp(TestChain.Alice, 1_000).Transaction;
        var block = _chain.Seal();
        var announced = Ask(new PeerRequest.AnnounceBlock(new PeerTip(1, 2, block.Hash), CompactBlock.Of(block.Block)), token);
        var brought = Ask(new PeerRequest.SendTransactions([transaction]), token);

        announced.Answer!.Value.Value.Should().Be(new PeerAnswer.Noted());
        var told = announced.Told.Should().BeOfType<NetworkInput.BlockAnnounced>().Subject;
        (told.Caller, told.Tip, told.Block.Hash).Should().Be((_caller.Node, new PeerTip(1, 2, block.Hash), block.Hash));
        brought.Answer!.Value.Value.Should().Be(new PeerAnswer.Noted());
        brought.Told.Should().BeOfType<NetworkInput.TransactionsBrought>().Which.Transactions.Should().ContainSingle(one => one.Leaf == transaction.Leaf);
    }

    [Fact]
    public void Announced_transactions_wait_for_the_loops_answer()
    {
        var token = Meet(_caller, Here).Token;
        var served = Ask(new PeerRequest.AnnounceTransactions([TestPeer.Challenge("leaf")]), token);

        served.Answer.Should().BeNull();
        var told = served.Told.Should().BeOfType<NetworkInput.TransactionsAnnounced>().Subject;
        (told.Caller, told.Leaves).Should().Be((_caller.Node, [TestPeer.Challenge("leaf")]));
        told.Reply.Should().BeSameAs(served.Waited);
    }

    [Fact]
    public void A_banished_caller_is_refused_at_its_hello()
    {
        var token = Meet(_caller, Here).Token;
        _sessions.Banish(_caller.Node, _now + 60_000);

        Ask(new PeerRequest.GetTip(), token).Answer!.Value.Refusal!.Code.Should().Be("session_unknown");
        Greet(_caller).Refusal!.Code.Should().Be("banished");
    }

    [Fact]
    public void Answers_count_among_the_bytes_of_a_session()
    {
        _chain.Seal([.. Enumerable.Range(0, 50).Select(n => _chain.TopUp(TestChain.Alice, n + 1))]);
        var block = _chain.Blocks[0];
        _server = Of(new PeerServerSettings { BytesPerSecond = block.Block.Size / 10, SavedUp = 1_000 });
        foreach (PeerRequest request in new PeerRequest[] { new PeerRequest.GetBlocks([block.Hash]), new PeerRequest.GetBlockTransactions(block.Hash, [.. Enumerable.Range(0, 51)]) })
        {
            var token = Meet(_caller, Here).Token;
            Ask(request, token).Answer!.Value.IsAccepted.Should().BeTrue();
            Ask(new PeerRequest.GetTip(), token).Answer!.Value.Refusal!.Code.Should().Be("rate_limited", "after {0}", request);
        }
    }

    [Fact]
    public void Challenges_and_tokens_are_drawn_anew_each_time()
    {
        var (one, other) = (Greet(_caller).Value, Greet(_caller).Value);
        one.Challenge.Should().NotBe(other.Challenge);
        Meet(_caller, Here).Token.Should().NotBe(Meet(_caller, Here).Token);
    }

    private static string[] Coded()
    {
        var kinds = PeerKinds.All.Where(static kind => !PeerKinds.IsJson(kind)).ToArray();
        kinds.Should().NotBeEmpty();
        return kinds;
    }

    private PeerServer Of(PeerServerSettings settings)
    {
        _sessions = new PeerSessions(settings);
        var reads = new PeerReads(() => new NodeSnapshot(_chain.Chain, _chain.Pending), _store, () => []);
        return new PeerServer(_chain.Spec, new PeerSelf(() => _called.Identity, _called.Sign, bytes => bytes.Fill(++_drawn), to => to.Host != "mallory.example"), _sessions, reads, TestPeer.Verifier);
    }

    private ServedRequest Ask(PeerRequest request, SessionToken? token) => Ask(request, token, Here);

    private ServedRequest Ask(PeerRequest request, SessionToken? token, IPAddress from) =>
        _server.Serve(new ReceivedRequest(PeerKinds.Of(request), PeerCodec.Encode(request), token, from), _now);

    private Verdict<PeerWelcome> Greet(TestPeer caller, IPAddress? from = null) =>
        Ask(new PeerRequest.Hello(caller.Hello("caller")), null, from ?? Here).Answer!.Value.TryGet(out var answer, out var refusal)
            ? answer.Should().BeOfType<PeerAnswer.Welcome>().Subject.Claims
            : refusal;

    private ServedRequest Prove(TestPeer caller, PeerWelcome welcome, PeerHello? hello = null, IPAddress? from = null) =>
        Ask(new PeerRequest.Prove(PeerHandshake.Prove(hello ?? caller.Hello("caller"), welcome, caller.Sign)), null, from ?? Here);

    private (SessionToken Token, PeerAddress? At) Meet(TestPeer caller, IPAddress from)
    {
        var served = Prove(caller, Greet(caller, from).Value, null, from);
        return (((PeerAnswer.Session)served.Answer!.Value.Value).Token, ((NetworkInput.Greeted)served.Told!).At);
    }
}
