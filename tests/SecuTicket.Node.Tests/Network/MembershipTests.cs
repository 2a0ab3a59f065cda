using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Whom a node finds, keeps and gives up. Issue 4, 1.</summary>
public sealed class MembershipTests
{
    private const long Minute = 60_000;
    private const long Week = 7 * 24 * 60 * Minute;

    private readonly NetworkScenario _ours = new();

    [Fact]
    public void Whoever_calls_is_called_back()
    {
        var peer = new HandPeer(_ours);

        peer.Greet();
        _ours.Pass(1);

        peer.IsConnected.Should().BeTrue();
        _ours.Book.Find(peer.Address)!.Origin.Should().Be(PeerOrigin.Caller);
        peer.Greet();
        _ours.Pass(1_000);
        peer.Count<PeerRequest.Hello>().Should().Be(1);
    }

    [Fact]
    public void A_caller_that_can_not_be_reached_is_not_called()
    {
        _ours.Step(new NetworkInput.Greeted(new TestPeer("hidden").Identity, null));
        _ours.Pass(Minute);

        _ours.Made.Should().BeEmpty();
        _ours.Book.Records.Should().BeEmpty();
    }

    [Fact]
    public void A_node_learns_of_others_from_its_peers()
    {
        var far = new HandPeer(_ours, "far");
        var near = new HandPeer(_ours, "near") { Tells = { far.Address } };

        near.Join();
        _ours.Pass(1_000);

        far.IsConnected.Should().BeTrue();
        _ours.Book.Find(far.Address)!.Source.Should().Be(near.Address.ToString());
    }

    [Theory]
    [InlineData(0, 1, 2, 3, 4)]
    [InlineData(4, 3, 2, 1, 0)]
    [InlineData(1, 2, 0, 3, 4)]
    [InlineData(3, 4, 1, 2, 0)]
    public void Nodes_that_were_each_told_of_one_other_all_find_each_other_in_whatever_order_they_start(params int[] order)
    {
        var setup = new NetworkSetup { Book = new PeerBookSettings { ActivePerBlock = 4 } };
        var nodes = order.Select(static (_, i) => i).Select(i => new NetworkScenario($"node{i}", setup)).ToArray();
        for (var i = 1; i < nodes.Length; i++) nodes[i].Book.Configure([nodes[i - 1].Address], nodes[i].Now);

        for (var started = 0; started < order.Length; started++)
        {
            foreach (var other in order[..started]) nodes[order[started]].Connect(nodes[other]);
            foreach (var one in order[..(started + 1)]) nodes[one].Step(new NetworkInput.Tick());
            NetworkScenario.Pass(3_000, [.. order[..(started + 1)].Select(one => nodes[one])]);
            foreach (var one in nodes) one.Now = nodes[order[0]].Now;
        }

        NetworkScenario.Pass(Minute / 2, nodes);

        foreach (var one in nodes) one.Loop.View.Connected.Should().Be(nodes.Length - 1, "{0} should find all others", one.Address);
    }

    [Fact]
    public void A_peer_is_asked_for_addresses_once_in_a_while_and_for_its_tip_every_few_seconds()
    {
        var peer = new HandPeer(_ours);
        peer.Join();

        _ours.Pass(3 * Minute);

        peer.Count<PeerRequest.GetAddresses>().Should().BeInRange(5, 7, "often at first, then every minute");
        peer.Count<PeerRequest.GetTip>().Should().BeInRange(33, 40, "it is looked at every five seconds, more or less");
    }

    [Theory]
    [InlineData(0, 4_500)]
    [InlineData(1, 5_500)]
    public void Looks_at_peers_are_spread_within_the_ten_seconds_that_every_node_must_look_in(double chance, long interval)
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Chance = chance });
        var peer = new HandPeer(ours);
        peer.Join();
        ours.Pass(1);

        ours.Pass(interval - 2);
        peer.Count<PeerRequest.GetTip>().Should().Be(1);
        ours.Pass(1);
        peer.Count<PeerRequest.GetTip>().Should().Be(2);
    }

    [Fact]
    public void A_peer_that_does_not_answer_is_left_after_some_failures_in_a_row_and_called_again_later()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(1);
        peer.Lie = _ => HandPeer.Refuse("unreachable");
        int Asked() => peer.Count<PeerRequest.GetTip>() + peer.Count<PeerRequest.GetAddresses>();
        var before = Asked();

        _ours.Pass(5_500);
        peer.IsConnected.Should().BeTrue("two failures may be an accident");
        _ours.Pass(6_000);
        peer.IsConnected.Should().BeFalse();
        (Asked() - before).Should().Be(3);
        _ours.Loop.View.Peers.Should().ContainSingle("the operator wants it").Which.IsConnected.Should().BeFalse();

        peer.Lie = _ => null;
        _ours.Pass(Minute);
        peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void An_answer_in_between_makes_failures_count_anew()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        var looks = 0;
        peer.Lie = request => request is PeerRequest.GetTip && ++looks % 3 != 0 ? HandPeer.Refuse("unreachable") : null;

        _ours.Pass(5 * Minute);

        peer.Count<PeerRequest.Hello>().Should().Be(1);
    }

    [Fact]
    public void Pauses_between_attempts_grow()
    {
        var peer = new HandPeer(_ours) { Lie = _ => HandPeer.Refuse("unreachable") };
        peer.Greet();
        _ours.Pass(10 * Minute);

        peer.Count<PeerRequest.Hello>().Should().Be(3, "an address that nobody proved is dropped after three attempts");
        _ours.Book.Records.Should().BeEmpty();
        _ours.Loop.NextTickAt.Should().BeNull("nothing waits for time to pass");
    }

    [Fact]
    public void A_peer_that_refuses_for_now_is_there()
    {
        foreach (var code in new[] { "not_found", "rate_limited", "not_ready" })
        {
            var peer = new HandPeer(_ours, code.Replace('_', '-'));
            peer.Join();
            peer.Lie = _ => HandPeer.Refuse(code);

            _ours.Pass(Minute);

            peer.IsConnected.Should().BeTrue();
            _ours.Banished.Should().BeEmpty("a kind that it does not know may be of a later version");
        }
    }

    [Fact]
    public void A_session_that_is_over_is_begun_anew_and_nothing_is_lost()
    {
        var (peer, transaction) = (new HandPeer(_ours), _ours.Ledger.Elsewhere.TopUp(TestChain.Alice, 1));
        peer.Join();
        var hasSession = false;
        peer.Lie = request =>
        {
            if (request is PeerRequest.Prove) hasSession = true;
            return request is PeerRequest.Hello or PeerRequest.Prove || hasSession ? null : HandPeer.Refuse(PeerRefusals.SessionUnknown);
        };

        _ours.Submit(transaction);
        peer.Chain.Seal();
        _ours.Pass(2 * Minute);

        peer.IsConnected.Should().BeTrue();
        peer.Count<PeerRequest.Hello>().Should().Be(2);
        peer.Brought.Should().Contain(one => one.Id == transaction.Id);
        _ours.Has(peer.Chain.Chain.Tip.Hash).Should().BeTrue();
    }

    [Fact]
    public void Several_calls_that_find_the_session_over_begin_one_handshake()
    {
        var peer = new HandPeer(_ours) { IsSilent = request => request is PeerRequest.GetTip or PeerRequest.GetAddresses };
        peer.Join();
        _ours.Pass(1);
        _ours.Held.Should().HaveCount(2);

        foreach (var call in _ours.Held.ToArray()) _ours.Fail(call, PeerRefusals.SessionUnknown);
        peer.IsSilent = _ => false;
        _ours.Run();

        peer.IsConnected.Should().BeTrue();
        peer.Count<PeerRequest.Hello>().Should().Be(2);
        _ours.Book.Find(peer.Address)!.Failures.Should().Be(0);
    }

    [Fact]
    public void A_peer_that_forgets_the_session_again_and_again_is_left_for_a_while()
    {
        var peer = new HandPeer(_ours) { Lie = request => request is PeerRequest.Hello or PeerRequest.Prove ? null : HandPeer.Refuse(PeerRefusals.SessionUnknown) };
        peer.Join();
        _ours.Pass(Minute);

        _ours.Book.Find(peer.Address)!.Failures.Should().BePositive();
        peer.Count<PeerRequest.Hello>().Should().BeLessThan(20);
    }

    [Fact]
    public void A_clock_that_is_set_back_stops_nothing()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(Minute);
        _ours.Now -= 60 * Minute;
        var looks = peer.Count<PeerRequest.GetTip>();

        _ours.Step(new NetworkInput.Tick());
        _ours.Pass(Minute);

        (peer.Count<PeerRequest.GetTip>() - looks).Should().BeGreaterThanOrEqualTo(11);
    }

    [Fact]
    public void A_new_session_is_shown_from_then_on()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(10_000);

        _ours.Made.Should().Contain(static call => call.Session != null).And.AllSatisfy(call => (call.Session is null).Should().Be(call.Request is PeerRequest.Hello or PeerRequest.Prove));
    }

    [Fact]
    public void A_configured_node_that_is_not_reached_is_reported_once_until_it_was()
    {
        var address = TestPeer.AddressOf("http://configured.example:5000");
        _ours.Book.Configure([address], _ours.Now);
        _ours.Book.Learn([TestPeer.AddressOf("http://heard.example:5000")], address, _ours.Now);
        _ours.Pass(10 * Minute);

        _ours.Made.Count(call => call.To == address).Should().BeGreaterThan(1, "it is called again");
        _ours.Reports.Should().ContainSingle("of one that was only heard of nobody asks").Which.Sentence.Should().Be($"The node at {address} is not reached: Nobody is there.");
    }

    [Fact]
    public void That_the_last_peer_is_lost_is_reported_once_and_that_there_is_one_again_once()
    {
        var (near, far) = (new HandPeer(_ours, "near"), new HandPeer(_ours, "far"));
        near.Join();
        far.Join();
        _ours.Pass(Minute);
        far.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(5 * Minute);
        Told().Should().BeEmpty("there is another");

        for (var times = 1; times <= 2; times++)
        {
            near.Lie = _ => HandPeer.Refuse("unreachable");
            _ours.Pass(10 * Minute);
            Told().Should().HaveCount((2 * times) - 1).And.EndWith("None of the nodes that this one calls answers any more: it hears of blocks only from those that call it.");
            near.Lie = _ => null;
            _ours.Pass(10 * Minute);
            Told().Should().HaveCount(2 * times).And.EndWith($"The node at {near.Address} is reached: this node is not alone any more.");
        }

        string[] Told() => [.. _ours.Reports.Select(static report => report.Sentence).Where(static sentence => sentence.Contains("this one calls") || sentence.Contains("alone"))];
    }

    [Fact]
    public void A_peer_that_is_started_again_is_not_reported_as_lost()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(Minute);
        peer.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(18_000);
        peer.IsConnected.Should().BeFalse();
        peer.Lie = _ => null;
        _ours.Pass(5 * Minute);

        peer.IsConnected.Should().BeTrue();
        _ours.Reports.Should().NotContain(report => report.Sentence.Contains("any more"));
    }

    [Fact]
    public void Another_node_at_a_known_address_starts_anew_and_that_is_reported()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        var known = _ours.Book.Find(peer.Address)!;
        _ours.Pass(Minute);
        peer.Key = new TestPeer("somebody else");
        peer.Lie = request => request is PeerRequest.Hello or PeerRequest.Prove ? null : HandPeer.Refuse(PeerRefusals.SessionUnknown);
        _ours.Pass(6_000);
        peer.Lie = _ => null;
        _ours.Pass(6_000);

        _ours.Reports.Select(report => report.Sentence).Should().Contain(sentence => sentence.Contains(known.NodeId!.Value.ToString()) && sentence.Contains(peer.Node.ToString()) && sentence.Contains("anew"));
        var now = _ours.Book.Find(peer.Address)!;
        now.NodeId.Should().Be(peer.Node);
        now.KnownSince.Should().BeGreaterThan(known.KnownSince!.Value);
        peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void One_node_under_two_addresses_is_one_peer_under_the_first()
    {
        var first = new HandPeer(_ours, address: "http://203.0.113.1:5000");
        var second = new HandPeer(_ours, address: "http://198.51.100.1:5000");
        first.Greet();
        _ours.Pass(1_000);
        var teller = new HandPeer(_ours, "teller") { Tells = { second.Address } };
        teller.Join();
        _ours.Pass(3 * Minute);

        first.IsConnected.Should().BeTrue();
        second.IsConnected.Should().BeFalse();
        second.Count<PeerRequest.Hello>().Should().BePositive();
        second.Asked.OfType<PeerRequest.GetTip>().Should().BeEmpty();
    }

    [Fact]
    public void An_operator_that_wants_the_second_address_gets_it()
    {
        var first = new HandPeer(_ours, address: "http://203.0.113.1:5000");
        var second = new HandPeer(_ours, address: "http://198.51.100.1:5000");
        first.Greet();
        _ours.Pass(1_000);

        second.Join();

        second.IsConnected.Should().BeTrue();
        first.IsConnected.Should().BeFalse();
        _ours.Pass(10 * Minute);
        _ours.Loop.View.Connected.Should().Be(1);
        second.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void An_operator_that_wants_both_addresses_hears_who_it_is_and_it_stays_one_peer()
    {
        var first = new HandPeer(_ours, address: "http://203.0.113.1:5000");
        var second = new HandPeer(_ours, address: "http://198.51.100.1:5000");
        first.Join();

        var answer = _ours.Register(second.Address);
        _ours.Run();

        LoopScenario.Answered(answer).Value.Should().Be(second.Address);
        _ours.Loop.View.Connected.Should().Be(1);
        first.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_node_back_after_a_week_dials_those_it_knew_and_is_called_back()
    {
        var other = new NetworkScenario("theirs");
        _ours.Connect(other);
        _ours.Step(new NetworkInput.Greeted(other.Identity, other.Address));
        NetworkScenario.Pass(Minute, _ours, other);
        _ours.IsConnected(other.Address).Should().BeTrue();
        other.IsConnected(_ours.Address).Should().BeTrue();

        other.Others.Clear();
        other.Pass(10 * Minute);
        other.Now += Week;
        other.Pass(Minute);
        other.IsConnected(_ours.Address).Should().BeFalse();
        other.Book.Find(_ours.Address).Should().NotBeNull("two weeks are remembered");
        var back = new NetworkScenario("ours", new NetworkSetup { Kept = _ours.Book.Records }) { Now = other.Now };
        back.Connect(other);
        other.Mine();
        NetworkScenario.Pass(15 * Minute, back, other);

        back.IsConnected(other.Address).Should().BeTrue();
        other.IsConnected(back.Address).Should().BeTrue("it is called back");
        back.Tip.Should().Be(other.Tip);
    }

    [Fact]
    public void No_more_handshakes_are_under_way_at_once_than_the_limit_allows()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { Dials = 2 } });
        var peers = Enumerable.Range(1, 6).Select(i => new HandPeer(ours, $"peer{i}", address: $"http://203.{i}.113.1:5000") { IsSilent = _ => true }).ToArray();
        foreach (var peer in peers) peer.Greet();

        ours.Pass(10_000);
        ours.Held.Should().HaveCount(2);

        for (var i = 0; i < 3; i++)
        {
            foreach (var call in ours.Held.ToArray()) ours.Fail(call, "unreachable");
            ours.Pass(5_000);
            ours.Held.Should().HaveCount(2, "there is room for the next");
        }

        ours.Made.Select(call => call.To).Distinct().Should().HaveCountGreaterThan(2);
    }

    [Fact]
    public void A_peer_that_gives_no_addresses_for_too_long_is_no_reason_to_stop()
    {
        var peer = new HandPeer(_ours) { IsSilent = request => request is PeerRequest.GetAddresses };
        peer.Join();

        peer.Chain.Seal();
        _ours.Pass(10_000);

        _ours.Tip.Height.Should().Be(1);
    }

    [Fact]
    public void Silent_addresses_expire()
    {
        var setup = new NetworkSetup { Book = new PeerBookSettings { UnprovenLife = TimeSpan.FromMinutes(1), UnprovenFailures = 100 } };
        var ours = new NetworkScenario(setup: setup);
        new HandPeer(ours) { Lie = _ => HandPeer.Refuse("unreachable") }.Greet();
        ours.Pass(50_000);
        ours.Book.Records.Should().ContainSingle();

        ours.Pass(3 * Minute);

        ours.Book.Records.Should().BeEmpty();
    }

    [Fact]
    public void Too_many_of_one_address_block_are_let_go()
    {
        var names = Enumerable.Range(1, 4).Select(i => new HandPeer(_ours, $"peer{i}")).ToArray();
        foreach (var peer in names)
        {
            _ours.Blocks[peer.Address] = "203.0.0.0/16";
            peer.Greet();
            _ours.Pass(2_000);
        }

        _ours.Loop.View.Connected.Should().Be(2, "that is how many of one block are called at once, and names show theirs when they are called");
        names[^1].Count<PeerRequest.Prove>().Should().BePositive();
    }

    [Fact]
    public void Addresses_expire_though_nobody_calls_them()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { Dials = 0 } });
        new HandPeer(ours).Greet();
        ours.Pass(Minute);
        ours.Book.Records.Should().ContainSingle();

        ours.Now += 24 * 60 * Minute;
        ours.Step(new NetworkInput.Tick());

        ours.Book.Records.Should().BeEmpty();
    }

    [Fact]
    public void The_address_at_which_a_node_is_known_longer_comes_first()
    {
        var first = new HandPeer(_ours, address: "http://203.0.113.1:5000");
        var second = new HandPeer(_ours, address: "http://198.51.100.1:5000");
        first.Greet();
        _ours.Pass(1_000);
        first.Lie = _ => HandPeer.Refuse("unreachable");
        _ours.Pass(60 * Minute);
        first.IsConnected.Should().BeFalse();
        first.Lie = _ => null;

        second.Greet();
        _ours.Pass(1);

        first.IsConnected.Should().BeTrue();
        second.IsConnected.Should().BeFalse();
    }

    [Fact]
    public void A_peer_that_calls_from_another_address_may_have_moved_and_is_looked_at()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(1_000);
        var looks = peer.Count<PeerRequest.GetTip>();

        _ours.Step(new NetworkInput.Greeted(peer.Key.Identity, TestPeer.AddressOf("http://moved.example:5000")));
        _ours.Run();

        peer.Count<PeerRequest.GetTip>().Should().Be(looks + 1);
    }

    [Fact]
    public void A_peer_that_calls_again_from_where_it_is_called_costs_nothing()
    {
        var peer = new HandPeer(_ours);
        peer.Join();
        _ours.Pass(1_000);
        var calls = _ours.Made.Count;

        peer.Greet();
        _ours.Run();

        _ours.Made.Should().HaveCount(calls);
    }
}
