using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Loop;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What an operator hears who wants a node as a peer, or does not want it any more. Issue 4, 1.</summary>
public sealed class RegistrationTests
{
    private readonly NetworkScenario _ours = new();

    [Fact]
    public void A_registered_node_is_a_peer_and_the_operator_hears_who_it_is()
    {
        var peer = new HandPeer(_ours);

        var answer = _ours.Register(peer.Address);
        answer.IsCompleted.Should().BeFalse("it must prove who it is first");
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Be(peer.Address);
        _ours.Loop.View.Peers.Should().ContainSingle().Which.Should().Match<PeerView>(view => view.IsConnected && view.Node == peer.Node && view.LastSeen == _ours.Now);
        _ours.Book.Find(peer.Address).Should().Match<PeerRecord>(record => record.IsWanted && record.IsProven);
        _ours.Kept.Should().Contain(change => change.Address == peer.Address && change.Record!.IsWanted, "it is there after a restart too");
    }

    [Fact]
    public void A_node_that_is_a_peer_already_is_answered_for_at_once()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        var calls = _ours.Made.Count;

        LoopScenario.Answered(_ours.Register(peer.Address)).Value.Should().Be(peer.Address);

        _ours.Made.Should().HaveCount(calls);
    }

    [Fact]
    public void A_node_that_others_told_of_is_wanted_once_it_is_registered()
    {
        var peer = new HandPeer(_ours);
        peer.Greet();
        _ours.Pass(1_000);
        peer.IsConnected.Should().BeTrue();
        _ours.Book.Find(peer.Address)!.IsWanted.Should().BeFalse();

        LoopScenario.Answered(_ours.Register(peer.Address)).IsAccepted.Should().BeTrue();

        _ours.Book.Find(peer.Address)!.IsWanted.Should().BeTrue();
    }

    [Theory]
    [InlineData("unreachable", RefusalKind.Transient)]
    [InlineData("not_a_node", RefusalKind.Invalid)]
    [InlineData("other_chain", RefusalKind.Invalid)]
    [InlineData("self", RefusalKind.Invalid)]
    [InlineData("banished", RefusalKind.Transient)]
    [InlineData("rate_limited", RefusalKind.Transient)]
    [InlineData("not_ready", RefusalKind.Transient)]
    [InlineData("address_not_allowed", RefusalKind.Invalid)]
    public void Why_a_node_can_not_be_a_peer_comes_through_and_nothing_is_left_of_it(string code, RefusalKind kind)
    {
        foreach (var step in new[] { typeof(PeerRequest.Hello), typeof(PeerRequest.Prove) })
        {
            var peer = new HandPeer(_ours) { IsSilent = request => request.GetType() == step };
            var answer = _ours.Register(peer.Address);
            _ours.Run();

            _ours.Fail(_ours.Held.Single(), code, kind);

            LoopScenario.Answered(answer).Refusal!.Code.Should().Be(code);
            _ours.Loop.View.Peers.Should().BeEmpty();
            _ours.Book.Records.Should().BeEmpty("an address that nobody proved is not kept");
            _ours.Loop.Remembered.Should().Be(0);
        }
    }

    [Fact]
    public void A_node_of_another_chain_is_refused_with_a_code()
    {
        var peer = new HandPeer(_ours, chain: new TestChain(new InMemoryBlockStore(), TestChain.SpecOf(chainId: "another-chain")));

        var answer = _ours.Register(peer.Address);
        _ours.Run();

        LoopScenario.Answered(answer).Refusal!.Code.Should().Be(PeerRefusals.OtherChain);
        _ours.Reports.Should().BeEmpty("the answer says it");
        peer.Count<PeerRequest.Prove>().Should().Be(0, "nothing is proven to it");
    }

    [Fact]
    public void A_configured_node_of_another_chain_is_reported()
    {
        var address = Peers.TestPeer.AddressOf("http://peer.example:5000");
        var ours = new NetworkScenario(setup: new NetworkSetup { Kept = [new PeerRecord(address, PeerOrigin.Configured, 0)] });
        var peer = new HandPeer(ours, chain: new TestChain(new InMemoryBlockStore(), TestChain.SpecOf(chainId: "another-chain")));
        ours.Pass(1);

        ours.Reports.Should().ContainSingle().Which.Sentence.Should().Contain(peer.Address.ToString()).And.Contain("another chain");
    }

    [Fact]
    public void A_proven_node_that_is_silent_just_now_can_be_registered_all_the_same()
    {
        var peer = new HandPeer(_ours);
        peer.Greet();
        _ours.Pass(1_000);
        peer.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(60_000);
        peer.IsConnected.Should().BeFalse();

        LoopScenario.Answered(_ours.Register(peer.Address)).Value.Should().Be(peer.Address);

        peer.Lie = _ => null;
        _ours.Pass(60_000);
        peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_node_that_signs_with_another_key_than_it_names_is_refused()
    {
        var peer = new HandPeer(_ours);
        var thief = new HandPeer(_ours, "thief");
        thief.Lie = request => request is PeerRequest.Hello && thief.Honestly(request).Value is PeerAnswer.Welcome { Claims: var claims } ? HandPeer.Give(new PeerAnswer.Welcome(claims with { Self = claims.Self with { Key = peer.Key.Identity.Key } })) : null;

        var answer = _ours.Register(thief.Address);
        _ours.Run();

        LoopScenario.Answered(answer).Refusal!.Code.Should().Be(PeerRefusals.NotANode);
    }

    [Fact]
    public void This_node_itself_is_refused_and_its_address_is_not_dialled_again()
    {
        _ours.Others[_ours.Address] = _ours.Serve;

        var answer = _ours.Register(_ours.Address);
        _ours.Run();
        LoopScenario.Answered(answer).Refusal!.Code.Should().Be(PeerRefusals.Self);

        var alias = Peers.TestPeer.AddressOf("http://alias.example:5000");
        _ours.Others[alias] = _ours.Serve;
        var peer = new HandPeer(_ours) { Tells = { alias, _ours.Address } };
        peer.Join();
        _ours.Pass(600_000);

        _ours.Asked<PeerRequest.Hello>(alias).Should().HaveCount(1, "it is remembered as one that is not wanted");
        _ours.Asked<PeerRequest.Hello>(_ours.Address).Should().HaveCount(1, "what we know of ourselves is not even learnt");
        _ours.Loop.View.Peers.Should().ContainSingle();
    }

    [Fact]
    public void Two_operators_that_want_the_same_node_share_one_handshake()
    {
        var peer = new HandPeer(_ours);

        var (one, other) = (_ours.Register(peer.Address), _ours.Register(peer.Address));
        _ours.Run();

        LoopScenario.Answered(one).IsAccepted.Should().BeTrue();
        LoopScenario.Answered(other).IsAccepted.Should().BeTrue();
        peer.Count<PeerRequest.Hello>().Should().Be(1);
    }

    [Fact]
    public void No_more_operators_wait_than_the_limit_allows_and_the_next_hears_that_at_once()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { Waiting = 2 } });
        var peers = Enumerable.Range(0, 3).Select(i => new HandPeer(ours, $"peer{i}")).ToArray();

        var answers = peers.Select(peer => ours.Register(peer.Address)).ToArray();

        LoopScenario.Answered(answers[2]).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "not_ready" && refusal.Kind == RefusalKind.Transient);
        ours.Run();
        answers.Take(2).Should().AllSatisfy(answer => LoopScenario.Answered(answer).IsAccepted.Should().BeTrue());
        LoopScenario.Answered(ours.Register(peers[0].Address)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_book_that_is_full_of_registered_nodes_refuses_the_next_one()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Book = new PeerBookSettings { Registered = 1 } });
        new HandPeer(ours, "one").Join();

        var answer = ours.Register(new HandPeer(ours, "two").Address);
        ours.Run();
        LoopScenario.Answered(answer).Refusal!.Code.Should().Be("peers_full");
        ours.Loop.View.Connected.Should().Be(1);

        var met = new HandPeer(ours, "three");
        met.Greet();
        ours.Pass(1_000);
        LoopScenario.Answered(ours.Register(met.Address)).Refusal!.Code.Should().Be("peers_full", "also where it is a peer of its own accord");
    }

    [Fact]
    public void A_registered_node_is_looked_at_after_a_while_so_that_a_resolve_shows_what_it_gave()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 3_000 } });
        var peer = new HandPeer(ours);
        peer.Chain.Seal();
        peer.Join();
        ours.Pass(2_900);
        peer.Count<PeerRequest.GetTip>().Should().Be(0);
        ours.Tip.Height.Should().Be(0);

        var answer = ours.Resolve();
        ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Fetched.Blocks == 1);
    }

    [Fact]
    public void A_registered_node_is_looked_at_by_itself_too()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 3_000 } });
        var peer = new HandPeer(ours);
        peer.Chain.Seal();
        peer.Join();

        ours.Pass(3_000);

        ours.Tip.Height.Should().Be(1);
    }

    [Fact]
    public void A_forgotten_node_is_left_and_nobody_brings_it_back_but_the_operator()
    {
        var peer = new HandPeer(_ours);
        peer.Join();

        LoopScenario.Answered(_ours.Forget(peer.Address)).Value.Should().Be(peer.Address);

        _ours.Loop.View.Peers.Should().BeEmpty();
        peer.Greet();
        _ours.Pass(600_000);
        peer.Count<PeerRequest.Hello>().Should().Be(1);
        peer.Join();
        peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void Forgetting_somebody_unknown_says_so()
    {
        LoopScenario.Answered(_ours.Forget(new HandPeer(_ours).Address)).Refusal!.Code.Should().Be(RefusalCodes.NotFound);
    }

    [Fact]
    public void A_node_may_be_forgotten_while_calls_to_it_are_out()
    {
        var peer = new HandPeer(_ours, chain: HandPeer.Branch(new TestChain(new InMemoryBlockStore()), 0, "theirs", 2)) { IsSilent = request => request is PeerRequest.GetHeaders };
        var waiting = new HandPeer(_ours, "waiting") { IsSilent = _ => true };
        peer.Join();
        _ours.Submit(_ours.Ledger.Elsewhere.TopUp(TestChain.Alice, 1));
        var registration = _ours.Register(waiting.Address);
        _ours.Pass(5_000);
        var resolution = _ours.Resolve();
        _ours.Run();
        _ours.Held.Should().NotBeEmpty();

        _ours.Forget(peer.Address);
        LoopScenario.Answered(_ours.Forget(waiting.Address)).IsAccepted.Should().BeFalse("it was no peer yet");
        LoopScenario.Answered(registration).Refusal!.Code.Should().Be("unreachable");
        foreach (var call in _ours.Held.ToArray())
        {
            var of = call.To == peer.Address ? peer : waiting;
            _ours.Answer(call, of.Honestly(call.Request).Value);
        }

        _ours.Run();
        LoopScenario.Answered(resolution).Value.Replaced.Should().BeFalse();
        _ours.Calls.Should().BeEmpty();
        _ours.Loop.View.Peers.Should().BeEmpty();
        _ours.Tip.Height.Should().Be(0, "what came of it finds nobody");
    }
}
