using System.Net;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Who may call: bounded in all, for each node and for each address block, in time and in speed.</summary>
public class PeerSessionsTests
{
    private const long Start = 1_800_000_000_000;

    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.7");
    private static readonly TestPeer Called = new("node bob");

    private long _now = Start;
    private int _drawn;

    [Fact]
    public void A_session_is_its_callers_until_it_was_silent_for_too_long()
    {
        var sessions = Of(new PeerServerSettings { IdleLife = 1_000 });
        var token = Begin(sessions, NodeOf(1), Here);
        _now += 999;
        sessions.Find(token, 0, _now).Value.Should().Be(NodeOf(1));
        _now += 999;
        sessions.Find(token, 0, _now).Value.Should().Be(NodeOf(1), "each request counts anew");
        _now += 1_000;

        var refusal = sessions.Find(token, 0, _now).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("session_unknown", RefusalKind.Transient));
        sessions.Count.Should().Be(0);
    }

    [Fact]
    public void A_token_that_nobody_was_given_opens_nothing()
    {
        var sessions = Of();
        var token = Begin(sessions, NodeOf(1), Here);

        sessions.Find(new SessionToken(token.Value + 1), 0, _now).Refusal!.Code.Should().Be("session_unknown");
    }

    [Fact]
    public void Of_one_node_the_newest_sessions_stay()
    {
        var sessions = Of();
        var first = Begin(sessions, NodeOf(1), Here);
        _now++;
        var second = Begin(sessions, NodeOf(1), Here);
        sessions.Find(first, 0, ++_now).IsAccepted.Should().BeTrue();
        var other = Begin(sessions, NodeOf(2), Here);
        var third = Begin(sessions, NodeOf(1), Here);

        sessions.Find(first, 0, _now).Refusal!.Code.Should().Be("session_unknown", "it began first, although it was used last");
        foreach (var token in new[] { second, other, third }) sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
        sessions.Count.Should().Be(3);
    }

    [Fact]
    public void Sessions_of_an_address_block_are_bounded_whatever_keys_its_owner_makes_and_nobody_is_refused()
    {
        var sessions = Of(new PeerServerSettings { SessionsPerBlock = 3 });
        var silent = Begin(sessions, NodeOf(0), IPAddress.Parse("203.0.1.1"));
        var busy = Begin(sessions, NodeOf(1), IPAddress.Parse("203.0.2.1"));
        var other = Begin(sessions, NodeOf(9), IPAddress.Parse("198.51.100.1"));
        var third = Begin(sessions, NodeOf(2), IPAddress.Parse("203.0.3.1"));
        sessions.Find(busy, 0, ++_now).IsAccepted.Should().BeTrue();

        var newest = Begin(sessions, NodeOf(3), IPAddress.Parse("::ffff:203.0.4.1"));

        sessions.Find(silent, 0, _now).IsAccepted.Should().BeFalse("of the full block it is the one that was silent the longest");
        foreach (var token in new[] { busy, other, third, newest }) sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Whoever_opens_many_sessions_from_one_address_ends_his_own_and_none_of_his_neighbours()
    {
        var settings = new PeerServerSettings();
        var sessions = Of(settings);
        for (var i = 0; i < 100; i++) Begin(sessions, NodeOf(100 + i), Here);
        sessions.Count.Should().Be(settings.SessionsPerHost);
        SessionToken[] neighbours = [.. Enumerable.Range(1, settings.SessionsPerBlock - settings.SessionsPerHost).Select(i => Begin(sessions, NodeOf(i), IPAddress.Parse($"203.0.{i}.1")))];
        for (var i = 0; i < 100; i++) Begin(sessions, NodeOf(100 + i), Here);

        sessions.Count.Should().Be(settings.SessionsPerBlock);
        foreach (var token in neighbours) sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
        Begin(sessions, NodeOf(99), IPAddress.Parse("203.0.99.1"));
        foreach (var token in neighbours) sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue("whoever has most of the block makes room");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loopback_is_exempt_from_the_bounds_of_a_block_only_where_the_operator_says_so(bool isExempt)
    {
        var sessions = Of(new PeerServerSettings { SessionsPerBlock = 1, HandshakesPerBlock = 1, RequestsPerSecond = 1, SavedUp = 1_000, IsLoopbackExempt = isExempt });
        var loopback = IPAddress.Parse("::ffff:127.0.0.1");
        var token = Begin(sessions, NodeOf(1), loopback);
        Open(sessions, "one", loopback);
        sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
        sessions.Find(token, 0, _now).IsAccepted.Should().Be(isExempt);

        Begin(sessions, NodeOf(2), IPAddress.IPv6Loopback);
        Open(sessions, "two", loopback);
        sessions.IsOpen(token, _now).Should().Be(isExempt);
        sessions.TakeHandshake(ChallengeOf("one"), _now).IsAccepted.Should().Be(isExempt);

        // An address that only wraps a loopback one can be anybody's.
        var wrapped = IPAddress.Parse("2002:7f00:1::1");
        var third = Begin(sessions, NodeOf(3), wrapped);
        Begin(sessions, NodeOf(4), wrapped);
        sessions.IsOpen(third, _now).Should().BeFalse();
    }

    [Fact]
    public void A_full_table_gives_up_the_most_silent_session_of_the_fullest_block()
    {
        var sessions = Of(new PeerServerSettings { Sessions = 4 });
        var alone = Begin(sessions, NodeOf(1), IPAddress.Parse("198.51.100.1"));
        var silent = Begin(sessions, NodeOf(2), Here);
        var busy = Begin(sessions, NodeOf(3), Here);
        var other = Begin(sessions, NodeOf(4), IPAddress.Parse("192.0.2.1"));
        sessions.Find(busy, 0, ++_now).IsAccepted.Should().BeTrue();
        var newest = Begin(sessions, NodeOf(5), Here);

        sessions.Find(silent, 0, _now).Refusal!.Code.Should().Be("session_unknown");
        foreach (var token in new[] { alone, busy, other, newest }) sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_flood_of_sessions_ends_none_of_those_who_are_alone_in_their_block()
    {
        var settings = new PeerServerSettings { Sessions = 64 };
        var sessions = Of(settings);
        var alone = Begin(sessions, NodeOf(1), Here);
        for (var i = 0; i < 1_000; i++) sessions.Start(NodeOf(10 + i), IPAddress.Parse($"10.{i % 8}.0.1"), Draw(), ++_now);

        sessions.Count.Should().Be(settings.Sessions);
        sessions.Find(alone, 0, _now).Value.Should().Be(NodeOf(1));
    }

    [Fact]
    public void A_handshake_waits_thirty_seconds_and_is_good_for_one_proof()
    {
        var sessions = Of();
        Open(sessions, "one", Here).IsAccepted.Should().BeTrue();
        Open(sessions, "two", Here).IsAccepted.Should().BeTrue();
        _now += 29_999;
        sessions.TakeHandshake(ChallengeOf("one"), _now).Value.Hello.Self.Node.Should().Be(new TestPeer("one").Node);

        var refusal = sessions.TakeHandshake(ChallengeOf("one"), _now).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("session_unknown", RefusalKind.Transient));
        _now += 1;
        sessions.TakeHandshake(ChallengeOf("two"), _now).Refusal!.Code.Should().Be("session_unknown");
    }

    [Fact]
    public void Of_the_handshakes_of_a_full_block_the_oldest_goes_and_those_of_the_last_seconds_are_spared()
    {
        var sessions = Of(new PeerServerSettings { HandshakesPerBlock = 3, HandshakeGrace = 3_000 });
        Open(sessions, "old", IPAddress.Parse("203.0.1.1"));
        _now += 3_000;
        Open(sessions, "busy one", Here);
        Open(sessions, "busy two", Here);

        Open(sessions, "next", IPAddress.Parse("203.0.2.1"));
        sessions.TakeHandshake(ChallengeOf("old"), _now).IsAccepted.Should().BeFalse("the others are not of three seconds yet, although its host has fewer");
        Open(sessions, "last", IPAddress.Parse("203.0.3.1"));
        sessions.TakeHandshake(ChallengeOf("busy one"), _now).IsAccepted.Should().BeFalse("where all are young, whose host has most of them");
        foreach (var name in new[] { "busy two", "next", "last" }) sessions.TakeHandshake(ChallengeOf(name), _now).IsAccepted.Should().BeTrue("of {0}", name);
    }

    [Fact]
    public void A_flood_of_hellos_from_one_address_ends_no_handshake_of_its_block()
    {
        var sessions = Of();
        for (var i = 1; i <= 12; i++) Open(sessions, $"neighbour {i}", IPAddress.Parse($"203.0.{i}.1"));
        for (var i = 0; i < 100; i++) Open(sessions, $"flood {i}", Here).IsAccepted.Should().BeTrue("nobody is refused");

        for (var i = 1; i <= 12; i++) sessions.TakeHandshake(ChallengeOf($"neighbour {i}"), _now).IsAccepted.Should().BeTrue();
        Enumerable.Range(0, 100).Count(i => sessions.TakeHandshake(ChallengeOf($"flood {i}"), _now).IsAccepted).Should().Be(new PeerServerSettings().HandshakesPerHost);
    }

    [Fact]
    public void A_flood_of_hellos_ends_no_handshake_of_who_is_alone_in_his_block()
    {
        var sessions = Of(new PeerServerSettings { Handshakes = 8, HandshakesPerBlock = 4 });
        Open(sessions, "alone", Here);
        for (var i = 0; i < 100; i++) Open(sessions, $"flood {i}", IPAddress.Parse($"10.{i % 4}.0.1"));

        sessions.TakeHandshake(ChallengeOf("flood 0"), _now).IsAccepted.Should().BeFalse("there is room for 8");
        sessions.TakeHandshake(ChallengeOf("alone"), _now).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_banished_node_loses_its_sessions_and_gets_none_until_its_time()
    {
        var sessions = Of();
        var peer = new TestPeer("one");
        var token = Begin(sessions, peer.Node, Here);
        var other = Begin(sessions, NodeOf(2), Here);
        Open(sessions, "one", Here);
        sessions.Banish(peer.Node, _now + 60_000);

        sessions.Find(token, 0, _now).Refusal!.Code.Should().Be("session_unknown");
        sessions.TakeHandshake(ChallengeOf("one"), _now).IsAccepted.Should().BeFalse("it is not let in by a handshake that it began before");
        sessions.Find(other, 0, _now).IsAccepted.Should().BeTrue();
        _now += 59_999;
        var refusal = sessions.MayBegin(peer.Node, _now).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("banished", RefusalKind.Transient));
        Open(sessions, "one", Here).Refusal!.Code.Should().Be("banished");
        sessions.Start(peer.Node, Here, Draw(), _now).Refusal!.Code.Should().Be("banished");
        _now += 1;
        Begin(sessions, peer.Node, Here);
    }

    [Fact]
    public void Of_too_many_banished_nodes_the_one_whose_time_ends_first_is_forgotten()
    {
        var sessions = Of(new PeerServerSettings { Banished = 2 });
        sessions.Banish(NodeOf(1), _now + 3_000);
        sessions.Banish(NodeOf(2), _now + 1_000);
        sessions.Banish(NodeOf(2), _now + 2_000);
        sessions.Banish(NodeOf(3), _now + 4_000);

        sessions.MayBegin(NodeOf(2), _now).IsAccepted.Should().BeTrue();
        sessions.MayBegin(NodeOf(1), _now).IsAccepted.Should().BeFalse();
        sessions.MayBegin(NodeOf(3), _now).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Requests_are_bounded_in_the_long_run_and_some_may_come_at_once()
    {
        var sessions = Of(new PeerServerSettings { RequestsPerSecond = 10, SavedUp = 2_000 });
        var token = Begin(sessions, NodeOf(1), Here);
        var other = Begin(sessions, NodeOf(2), Here);
        Taken(token).Should().Be(20);
        var refusal = sessions.Find(token, 0, _now).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("rate_limited", RefusalKind.Transient));
        sessions.Find(other, 0, _now).IsAccepted.Should().BeTrue("each session has its own");
        _now += 500;
        Taken(token).Should().Be(5);
        _now += 60_000;
        Taken(token).Should().Be(20, "no more is saved up");

        int Taken(SessionToken one) => Enumerable.Range(0, 100).TakeWhile(_ => sessions.Find(one, 0, _now).IsAccepted).Count();
    }

    [Fact]
    public void Bytes_of_requests_and_answers_are_bounded_and_a_debt_is_waited_for()
    {
        var sessions = Of(new PeerServerSettings { BytesPerSecond = 1_000, SavedUp = 1_000 });
        var token = Begin(sessions, NodeOf(1), Here);
        sessions.Find(token, 400, _now).IsAccepted.Should().BeTrue();
        sessions.CountAnswer(token, 2_600);

        sessions.Find(token, 0, _now + 1_999).Refusal!.Code.Should().Be("rate_limited");
        sessions.Find(token, 1, _now + 2_001).IsAccepted.Should().BeTrue();
        sessions.Find(token, 0, _now + 2_001).Refusal!.Code.Should().Be("rate_limited");
    }

    [Fact]
    public void A_clock_that_was_set_wrong_gives_nobody_more_than_is_saved_up()
    {
        var sessions = Of(new PeerServerSettings { RequestsPerSecond = 1, SavedUp = 1_000, IdleLife = long.MaxValue });
        var token = Begin(sessions, NodeOf(1), Here);
        sessions.Find(token, 0, _now).IsAccepted.Should().BeTrue();
        sessions.Find(token, 0, _now - 1_000_000).IsAccepted.Should().BeFalse();
        sessions.Find(token, 0, long.MaxValue / 2).IsAccepted.Should().BeTrue();
        sessions.Find(token, 0, long.MaxValue / 2).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Speeds_suit_the_sale_of_a_stadium()
    {
        var settings = new PeerServerSettings();

        settings.RequestsPerSecond.Should().BeGreaterThanOrEqualTo(200);
        settings.BytesPerSecond.Should().BeGreaterThanOrEqualTo(8L * 1024 * 1024);
        (settings.Sessions, settings.SessionsPerNode, settings.SessionsPerBlock, settings.IdleLife, settings.IsLoopbackExempt).Should().Be((512, 2, 16, 600_000L, false));
    }

    [Fact]
    public void Requests_in_parallel_leave_it_whole()
    {
        var settings = new PeerServerSettings { Sessions = 8, SessionsPerBlock = 4 };
        var sessions = Of(settings);
        Parallel.For(0, 2_000, i =>
        {
            var token = new SessionToken((UInt128)(i + 1));
            if (sessions.Start(NodeOf(i % 50), IPAddress.Parse($"10.{i % 5}.0.1"), token, Start + i).IsAccepted) sessions.Find(token, 10, Start + i);
            if (i % 100 == 0) sessions.Banish(NodeOf(i % 50), Start + i + 1);
        });

        sessions.Count.Should().BeLessThanOrEqualTo(settings.Sessions);
    }

    private static PeerSessions Of(PeerServerSettings? settings = null) => new(settings ?? new PeerServerSettings());

    private static Address NodeOf(int number)
    {
        var bytes = new byte[Address.Size];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return new Address(bytes);
    }

    private static Hash256 ChallengeOf(string name) => TestPeer.Challenge($"called by {name}");

    private SessionToken Draw() => new((UInt128)(++_drawn) * 1_000);

    private SessionToken Begin(PeerSessions sessions, Address caller, IPAddress from)
    {
        var token = Draw();
        sessions.Start(caller, from, token, _now).Refusal.Should().BeNull();
        return token;
    }

    private Verdict Open(PeerSessions sessions, string name, IPAddress from)
    {
        var hello = new TestPeer(name).Hello(name);
        return sessions.Begin(hello, new PeerWelcome(Called.Identity, ChallengeOf(name), default), from, _now);
    }
}
