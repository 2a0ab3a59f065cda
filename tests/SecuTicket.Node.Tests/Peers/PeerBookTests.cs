using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What the book keeps, and for how long.</summary>
public sealed class PeerBookTests
{
    private static readonly PeerAddress Source = At(60_000, 1);

    [Fact]
    public void A_record_says_where_it_came_from_and_what_was_proven()
    {
        var scene = new PeerBookScenario();
        var (configured, registered, caller, learnt, named) = (At(1, 1), At(2, 1), At(3, 1), At(4, 1), At("https://node.example"));
        scene.Book.Configure([configured], scene.Now).Should().BeEmpty();
        scene.Book.Register(registered, scene.Now).IsAccepted.Should().BeTrue();
        scene.Book.Called(caller, scene.Now).Should().BeTrue();
        scene.Book.Learn([learnt, named, learnt, caller], Source, scene.Now).Should().Be(2);

        scene[configured].Should().Be(new PeerRecord(configured, PeerOrigin.Configured, scene.Now) { Block = "1.1.0.0/16" });
        scene[registered].Should().Be(new PeerRecord(registered, PeerOrigin.Registered, scene.Now) { Block = "1.2.0.0/16" });
        scene[caller].Should().Be(new PeerRecord(caller, PeerOrigin.Caller, scene.Now) { Block = "1.3.0.0/16", Source = "1.3.0.0/16" });
        scene[learnt].Should().Be(new PeerRecord(learnt, PeerOrigin.Learnt, scene.Now) { Block = "1.4.0.0/16", Source = Source.ToString() });
        scene[named].Block.Should().BeNull("nobody connected to it yet");

        scene.Now += Minute;
        scene.Succeed(named, 7, "198.51.0.0/16").Should().Be(new PeerSuccess(IsInBook: true));

        scene[named].Should().Be(new PeerRecord(named, PeerOrigin.Learnt, scene.Now - Minute)
        {
            Source = Source.ToString(),
            Block = "198.51.0.0/16",
            NodeId = NodeId(7),
            KnownSince = scene.Now,
            LastSuccess = scene.Now,
            LastAttempt = scene.Now,
        });
        scene.Book.Records.Select(one => one.Address).Should().BeInAscendingOrder().And.HaveCount(5);
    }

    [Fact]
    public void What_strangers_name_is_bounded_by_source_and_as_a_whole_and_displaces_the_worst_of_its_kind()
    {
        var scene = new PeerBookScenario();
        scene.Book.Learn(Enumerable.Range(0, 200).Select(i => At(i, 1)), Source, scene.Now).Should().Be(64, "more would displace one another");
        scene.Book.Failed(At(5, 1), scene.Now);
        scene.Book.Learn([At(300, 1)], Source, scene.Now).Should().Be(1);

        scene.Book.Records.Should().HaveCount(64, "a source displaces what is its own");
        scene.Book.Find(At(5, 1)).Should().BeNull("it had failed");
        for (var source = 1; source <= 9; source++) scene.Book.Learn(Enumerable.Range(0, 64).Select(i => At((source * 1_000) + i, 1)), At(50_000, source), scene.Now + source);
        scene.Book.Records.Should().HaveCount(512);
        scene.Book.Find(At(300, 1)).Should().BeNull("of equal ones the oldest goes");
        scene.Book.Find(At(9_000, 1)).Should().NotBeNull();
    }

    [Fact]
    public void Callers_of_one_block_are_one_source_and_so_are_those_who_name_a_host()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { UnprovenPerSource = 3 });
        for (var i = 0; i < 10; i++)
        {
            scene.Book.Called(At(1, i), scene.Now + i);
            scene.Book.Called(At($"http://n{i}.example"), scene.Now + i);
        }

        scene.Book.Called(At(2, 1), scene.Now).Should().BeTrue();
        scene.Book.Records.Select(one => one.Address).Should().BeEquivalentTo([At(1, 7), At(1, 8), At(1, 9), At(2, 1), At("http://n7.example"), At("http://n8.example"), At("http://n9.example")]);
    }

    [Fact]
    public void A_full_book_takes_an_unproven_one_for_the_worst_unproven_one_and_else_for_the_one_silent_longest()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Records = 6, Anchors = 2, ActiveAnchors = 1 });
        for (var i = 0; i < 5; i++)
        {
            scene.Prove(At(i, 1), i);
            scene.Now += Hour;
        }

        scene.Succeed(At(2, 1), 2);
        scene.Book.Learn([At(10, 1)], Source, scene.Now);
        scene.Book.Learn([At(11, 1)], Source, scene.Now).Should().Be(1);
        scene.Book.Find(At(10, 1)).Should().BeNull("the worst unproven one went");
        scene.Succeed(At(11, 1), 11);

        scene.Book.Learn([At(12, 1)], Source, scene.Now).Should().Be(1);

        scene.Book.Find(At(3, 1)).Should().BeNull("of the proven ones it was silent longest, but for the anchors");
        scene.Book.Records.Should().HaveCount(6);
    }

    [Fact]
    public void Records_of_one_block_are_bounded_but_for_those_that_the_operator_wants()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 20; i++) scene.Book.Register(At(1, 1_000 + i), scene.Now).IsAccepted.Should().BeTrue();
        for (var i = 0; i < 10; i++) scene.Prove(At(1, i), i);
        scene.Book.Learn(Enumerable.Range(100, 60).Select(i => At(1, i)), Source, scene.Now);

        scene.Book.Records.Count(one => !one.IsWanted).Should().Be(16);
        scene.Book.Records.Count(one => one.IsProven).Should().Be(10, "an unproven one displaces unproven ones only");
        for (var i = 10; i < 16; i++) scene.Prove(At(1, i), i);
        scene.Book.Learn([At(1, 200)], Source, scene.Now).Should().Be(0);
        scene.Book.Learn([At(2, 200)], Source, scene.Now).Should().Be(1);
    }

    [Fact]
    public void A_host_name_that_turns_out_to_be_in_a_full_block_displaces_the_worst_of_it()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { PerBlock = 3, Anchors = 2 });
        for (var i = 0; i < 3; i++) scene.Prove(At(1, i), i);
        var named = At("http://node.example");
        scene.Book.Learn([named], Source, scene.Now);

        scene.Succeed(named, 9, "1.1.0.0/16").IsInBook.Should().BeTrue();

        scene.Book.Records.Select(one => one.Address).Should().BeEquivalentTo([At(1, 0), At(1, 1), named], "the anchors stay");
    }

    [Fact]
    public void One_that_turns_out_to_be_in_a_block_full_of_anchors_goes()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { PerBlock = 2, Anchors = 2 });
        for (var i = 0; i < 2; i++) scene.Prove(At(1, i), i);
        var named = At("http://node.example");
        scene.Book.Learn([named], Source, scene.Now);

        scene.Succeed(named, 9, "1.1.0.0/16").IsInBook.Should().BeFalse();

        scene.Book.Find(named).Should().BeNull();
    }

    [Fact]
    public void Loopback_is_exempt_from_the_caps_of_a_block_where_the_settings_say_so()
    {
        var capped = new PeerBookScenario();
        var exempt = new PeerBookScenario(new PeerBookSettings { LoopbackIsExempt = true });
        PeerAddress[] here = [.. Enumerable.Range(1, 30).Select(i => At($"http://127.0.0.1:{5_000 + i}"))];

        capped.Book.Learn(here, Source, capped.Now);
        exempt.Book.Learn(here, Source, exempt.Now);
        for (var i = 0; i < 20; i++) exempt.Book.Learn([At($"http://here{i}.example")], Source, exempt.Now);
        for (var i = 0; i < 20; i++) exempt.Succeed(At($"http://here{i}.example"), i, AddressBlock.Loopback.Text);

        capped.Book.Records.Should().HaveCount(16);
        capped.Choose().Should().HaveCount(2);
        exempt.Book.Records.Should().HaveCount(50);
        exempt.Choose().Should().HaveCount(8);
        exempt.Book.IsCrowded(here[0], here).Should().BeFalse();
    }

    [Fact]
    public void Registered_ones_are_bounded_and_a_refused_one_stays_what_it_was()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 256; i++) scene.Book.Register(At(i, 1), scene.Now).IsAccepted.Should().BeTrue();
        scene.Prove(At(300, 1), 1);

        var refusal = scene.Book.Register(At(300, 1), scene.Now).Refusal!;

        refusal.Code.Should().Be("peers_full");
        refusal.Kind.Should().Be(RefusalKind.Transient);
        scene[At(300, 1)].IsProven.Should().BeTrue();
        scene.Book.Register(At(7, 1), scene.Now).IsAccepted.Should().BeTrue("it is registered already");
        scene.Book.Configure([At(300, 1)], scene.Now).Should().BeEmpty("what is configured is not counted with them");
    }

    [Fact]
    public void What_the_operator_wants_displaces_others_but_no_anchor_and_is_displaced_by_nothing()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Records = 4, Anchors = 2 });
        for (var i = 0; i < 4; i++) scene.Prove(At(i, 1), i);

        scene.Book.Configure([At(10, 1), At(11, 1), At(12, 1)], scene.Now).Should().Equal(At(12, 1));

        scene.Book.Records.Select(one => one.Address).Should().BeEquivalentTo([At(0, 1), At(1, 1), At(10, 1), At(11, 1)]);
        scene.Book.Learn([At(20, 1)], Source, scene.Now).Should().Be(0);
        scene.Book.Register(At(20, 1), scene.Now).Refusal!.Code.Should().Be("peers_full");
    }

    [Fact]
    public void One_that_the_settings_name_no_longer_is_as_any_other()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure([At(1, 1), At(2, 1), At(3, 1)], scene.Now);
        scene.Succeed(At(1, 1), 1);
        scene.Restart();

        scene.Book.Configure([At(3, 1)], scene.Now);

        scene[At(1, 1)].Origin.Should().Be(PeerOrigin.Learnt);
        scene.Book.Find(At(2, 1)).Should().BeNull("nobody ever proved it");
        scene[At(3, 1)].Origin.Should().Be(PeerOrigin.Configured);
    }

    [Fact]
    public void A_silent_record_expires_and_what_the_operator_wants_does_not()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Anchors = 0, ActiveAnchors = 0 });
        scene.Book.Configure([At(1, 1)], scene.Now);
        scene.Book.Register(At(2, 1), scene.Now);
        scene.Prove(At(3, 1), 3);
        scene.Book.Learn([At(4, 1)], Source, scene.Now);

        scene.Now += Day - 1;
        scene.Book.Expire(scene.Now).Should().BeEmpty();
        scene.Now += 1;
        scene.Book.Expire(scene.Now).Should().Equal(At(4, 1));
        scene.Now += (13 * Day) - 1;
        scene.Book.Expire(scene.Now).Should().BeEmpty();
        scene.Now += 1;
        scene.Book.Expire(scene.Now).Should().Equal(At(3, 1));
        for (var i = 0; i < 100; i++) scene.Book.Failed(At(1, 1), scene.Now);
        scene.Now += 1_000 * Day;
        scene.Book.Expire(scene.Now).Should().BeEmpty();
    }

    [Fact]
    public void An_unproven_one_goes_with_its_third_failure_and_a_proven_one_stays()
    {
        var scene = new PeerBookScenario();
        scene.Book.Learn([At(1, 1)], Source, scene.Now);
        scene.Prove(At(2, 1), 2);

        for (var i = 0; i < 2; i++) scene.Book.Failed(At(1, 1), scene.Now);
        scene[At(1, 1)].Failures.Should().Be(2);
        for (var i = 0; i < 3; i++)
        {
            scene.Book.Failed(At(1, 1), scene.Now);
            scene.Book.Failed(At(2, 1), scene.Now);
        }

        scene.Book.Find(At(1, 1)).Should().BeNull();
        scene[At(2, 1)].Failures.Should().Be(3);
    }

    [Fact]
    public void An_anchor_expires_only_when_it_was_tried_in_vain_for_this_node_may_have_been_off()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 9; i++, scene.Now++) scene.Prove(At(i, 1), i);
        scene.Now += 30 * Day;
        scene.Restart();

        scene.Book.Expire(scene.Now).Should().Equal(At(8, 1));
        scene.Choose().Should().Contain(At(0, 1));
        scene.Book.Failed(At(0, 1), scene.Now);
        scene.Succeed(At(1, 1), 1);

        scene.Book.Find(At(0, 1)).Should().BeNull();
        scene.Book.Expire(scene.Now).Should().BeEmpty();
    }

    [Fact]
    public void A_forgotten_one_comes_back_by_the_operator_only()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Book.Configure([At(2, 1)], scene.Now);
        scene.Book.Forget(At(1, 1), scene.Now).Should().BeTrue();
        scene.Book.Forget(At(2, 1), scene.Now).Should().BeTrue();
        scene.Book.Forget(At(1, 1), scene.Now).Should().BeFalse("it is forgotten already");
        scene.Book.Forget(At(3, 1), scene.Now).Should().BeFalse("nobody knows it");
        scene.Restart();

        scene.Book.Learn([At(1, 1)], Source, scene.Now).Should().Be(0);
        scene.Book.Called(At(1, 1), scene.Now).Should().BeFalse();
        scene.Succeed(At(1, 1), 1).IsInBook.Should().BeFalse("it may have been called when it was forgotten");
        scene.Book.Failed(At(1, 1), scene.Now);
        scene.Book.Ban(At(1, 1), scene.Now).Should().BeFalse();
        scene.Now += 100 * Day;
        scene.Book.Expire(scene.Now).Should().BeEmpty();
        scene.Choose().Should().BeEmpty();
        scene[At(1, 1)].Should().Be(new PeerRecord(At(1, 1), PeerOrigin.Learnt, scene.Now - (100 * Day)) { IsForgotten = true });

        scene.Book.Register(At(1, 1), scene.Now).IsAccepted.Should().BeTrue();
        scene.Book.Configure([At(2, 1)], scene.Now).Should().BeEmpty();
        scene.Choose().Should().Equal(At(1, 1), At(2, 1));
    }

    [Fact]
    public void Forgotten_ones_are_bounded_apart_from_the_others()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Records = 2, Forgotten = 2 });
        for (var i = 0; i < 4; i++, scene.Now++)
        {
            scene.Book.Learn([At(i, 1)], Source, scene.Now);
            scene.Book.Forget(At(i, 1), scene.Now);
        }

        scene.Book.Records.Select(one => one.Address).Should().Equal(At(2, 1), At(3, 1));
        scene.Book.Learn([At(4, 1), At(5, 1)], Source, scene.Now).Should().Be(2);
    }

    [Fact]
    public void Another_node_at_an_address_starts_anew_there_and_is_told()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Now += Day;

        scene.Succeed(At(1, 1), 2).Should().Be(new PeerSuccess(IsInBook: true, Former: NodeId(1)));

        scene[At(1, 1)].KnownSince.Should().Be(scene.Now);
        scene[At(1, 1)].NodeId.Should().Be(NodeId(2));
        scene.Succeed(At(1, 1), 2).Should().Be(new PeerSuccess(IsInBook: true), "it is told once");
    }

    [Fact]
    public void A_node_at_a_second_address_is_told_counts_once_and_displaces_nothing()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Now += Day;
        scene.Book.Learn([At(2, 1)], Source, scene.Now);

        scene.Succeed(At(2, 1), 1).Should().Be(new PeerSuccess(IsInBook: true, Elsewhere: At(1, 1)));

        scene.Book.Anchors.Select(one => one.Address).Should().Equal(At(1, 1));
        scene.Choose(At(1, 1)).Should().BeEmpty("the node is connected");
        scene.Choose().Should().ContainSingle();
        scene.Book.Failed(At(1, 1), scene.Now);
        scene.Choose().Should().Equal([At(2, 1)], "it may have moved");
    }

    [Fact]
    public void A_banned_one_is_known_anew_when_its_time_is_over()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Now += Day;
        scene.Prove(At(2, 1), 2);

        scene.Book.Ban(At(1, 1), scene.Now + Hour).Should().BeTrue();
        scene.Book.Ban(At(1, 1), scene.Now + Minute).Should().BeTrue();
        scene.Book.Ban(At(9, 1), scene.Now + Hour).Should().BeFalse("it is not in the book");

        scene[At(1, 1)].IsBanned(scene.Now + Hour - 1).Should().BeTrue("a shorter ban ends no longer one");
        scene[At(1, 1)].IsBanned(scene.Now + Hour).Should().BeFalse();
        scene.Book.Anchors.Select(one => one.Address).Should().Equal(At(2, 1), At(1, 1));
    }

    [Fact]
    public void A_banned_one_does_not_expire_and_is_displaced_last_for_its_ban_would_go_with_it()
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Unproven = 2 });
        scene.Book.Learn([At(1, 1)], Source, scene.Now);
        scene.Book.Ban(At(1, 1), scene.Now + (2 * Day));
        scene.Now += Hour;
        scene.Book.Learn([At(2, 1)], Source, scene.Now);
        scene.Book.Learn([At(3, 1)], Source, scene.Now);

        scene.Book.Records.Select(one => one.Address).Should().Equal(At(1, 1), At(3, 1));
        scene.Book.Expire(scene.Now + (2 * Day) - Hour - 1).Should().Equal(At(3, 1));
        scene.Book.Expire(scene.Now + (2 * Day) - Hour).Should().Equal(At(1, 1));
    }

    [Fact]
    public void Only_what_was_proven_lately_is_told_to_others()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Now += 1;
        for (var i = 2; i <= 5; i++) scene.Prove(At(i, 1), i);
        scene.Book.Register(At(6, 1), scene.Now);
        scene.Book.Learn([At(7, 1)], Source, scene.Now);
        scene.Book.Ban(At(2, 1), scene.Now + (2 * Day));
        scene.Book.Forget(At(3, 1), scene.Now);
        scene.Now += Day;

        scene.Book.ToShare(10, scene.Now).Should().BeEquivalentTo([At(4, 1), At(5, 1)]);
        scene.Book.ToShare(1, scene.Now).Should().ContainSingle();
        Enumerable.Range(0, 50).Select(_ => scene.Book.ToShare(1, scene.Now)[0]).Distinct().Should().HaveCount(2, "chance decides");
        scene.Book.ToShare(10, scene.Now + 1).Should().BeEmpty();
    }

    [Fact]
    public void Addresses_of_this_machine_and_of_private_networks_are_told_to_others_only_where_the_operator_allows_them()
    {
        (string Address, string Block)[] hidden =
        [
            ("http://127.0.0.1:5000", "loopback"), ("http://localhost:5000", "loopback"), ("http://10.1.2.3:5000", "10.1.0.0/16"), ("http://192.168.1.1:5000", "192.168.0.0/16"),
            ("http://[::1]:5000", "loopback"), ("http://[fd00::1]:5000", "fd00::/32"), ("http://internal.example:5000", "10.1.0.0/16"), ("http://here.example:5000", "loopback"),
        ];
        foreach (var shares in new[] { true, false })
        {
            var scene = new PeerBookScenario(new PeerBookSettings { SharesPrivate = shares });
            foreach (var (address, block) in hidden.Append(("http://public.example:5000", "1.2.0.0/16")).Append(("http://1.3.0.1:5000", "1.3.0.0/16")))
            {
                scene.Book.Register(At(address), scene.Now);
                scene.Book.Succeeded(At(address), NodeId(address.GetHashCode(StringComparison.Ordinal)), block, scene.Now);
            }

            scene.Book.ToShare(100, scene.Now).Should().HaveCount(shares ? hidden.Length + 2 : 2);
        }
    }

    [Fact]
    public void What_is_to_be_written_is_told_once_and_a_success_that_says_nothing_new_costs_no_write()
    {
        var scene = new PeerBookScenario();
        scene.Book.Learn([At(2, 1), At(1, 1)], Source, scene.Now);
        scene.Succeed(At(2, 1), 2);

        scene.Book.TakeChanges().Should().Equal(new PeerBookChange(At(1, 1), scene[At(1, 1)]), new PeerBookChange(At(2, 1), scene[At(2, 1)]));
        scene.Book.TakeChanges().Should().BeEmpty();
        scene.Now += Minute - 1;
        scene.Succeed(At(2, 1), 2);
        scene.Book.Learn([At(1, 1)], Source, scene.Now);
        scene.Book.Called(At(1, 1), scene.Now);
        scene.Choose();
        scene.Book.TakeChanges().Should().BeEmpty();
        scene.Now += 1;
        scene.Succeed(At(2, 1), 2);
        scene.Book.TakeChanges().Should().ContainSingle().Which.Record!.LastSuccess.Should().Be(scene.Now);
        scene.Now += Day;
        scene.Book.Expire(scene.Now);
        scene.Book.TakeChanges().Should().Equal(new PeerBookChange(At(1, 1), null));
        scene.Now -= 10 * Day;
        scene.Succeed(At(2, 1), 2);
        scene[At(2, 1)].LastSuccess.Should().Be(scene.Now, "the clock was set back");
    }

    [Fact]
    public void Limits_set_lower_hold_for_what_was_kept_and_the_anchors_stay()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure([At(0, 1)], scene.Now);
        scene.Book.Learn(Enumerable.Range(100, 64).Select(i => At(i, 1)), At(50_000, 1), scene.Now);
        for (var i = 1; i <= 20; i++, scene.Now++) scene.Prove(At(i, 1), i);

        scene.Restart(settings: new PeerBookSettings { Records = 15, Anchors = 8, Unproven = 5 });

        scene.Book.Records.Select(one => one.Address).Should().BeEquivalentTo(Enumerable.Range(0, 15).Select(i => At(i, 1)));
        scene.Book.TakeChanges().Should().HaveCount(70).And.OnlyContain(change => change.Record == null);
    }
}
