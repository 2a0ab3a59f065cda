using SecuTicket.Node.Peers;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Whom a node calls, and that nobody can talk it out of that.</summary>
public sealed class PeerChoiceTests
{
    private static readonly PeerAddress Source = At(60_000, 1);

    [Fact]
    public void All_that_the_operator_wants_are_called_and_eight_others()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure([.. Enumerable.Range(0, 6).Select(i => At(1, i))], scene.Now);
        for (var i = 0; i < 6; i++) scene.Book.Register(At(1, 10 + i), scene.Now);
        scene.Book.Learn(Enumerable.Range(100, 40).Select(i => At(i, 1)), Source, scene.Now);

        var chosen = scene.Choose();

        chosen.Should().OnlyHaveUniqueItems().And.HaveCount(20);
        chosen.Count(address => scene[address].IsWanted).Should().Be(12, "they are outside of the caps of their block");
        scene.Choose([.. chosen]).Should().BeEmpty();
        scene.Choose([.. chosen.Take(15)]).Should().HaveCount(5, "five of the others are missing");
        scene.Choose([.. Enumerable.Range(1_000, 9).Select(i => At(i, 1))]).Should().HaveCount(12, "connected ones count, also those that are not in the book");
    }

    [Fact]
    public void Of_one_block_two_are_called_at_a_time()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 5; i++) scene.Prove(At(1, i), i);
        scene.Book.Learn(Enumerable.Range(5, 5).Select(i => At(1, i)), Source, scene.Now);

        scene.Choose().Should().HaveCount(2);
        scene.Choose(At(1, 0)).Should().ContainSingle();
        scene.Choose(At(1, 0), At(1, 7)).Should().BeEmpty();
    }

    [Fact]
    public void Of_host_names_whose_blocks_nobody_knows_two_are_called_at_a_time_and_one_too_many_of_a_block_is_found_out()
    {
        var scene = new PeerBookScenario();
        PeerAddress[] named = [.. Enumerable.Range(0, 5).Select(i => At($"http://n{i}.example"))];
        scene.Book.Learn(named, Source, scene.Now);
        scene.Choose().Should().HaveCount(2);

        for (var i = 0; i < 3; i++) scene.Succeed(named[i], i, "198.51.0.0/16");

        scene.Book.IsCrowded(named[1], named[..2]).Should().BeFalse();
        scene.Book.IsCrowded(named[2], named[..3]).Should().BeTrue();
        scene.Prove(At(1, 1), 10);
        scene.Book.IsCrowded(At(1, 1), [At(1, 1), .. named[..3]]).Should().BeFalse("it is in another block");
        scene.Book.Register(named[2], scene.Now);
        scene.Book.IsCrowded(named[2], named[..3]).Should().BeFalse("the operator wants it");
    }

    [Fact]
    public void A_pause_doubles_with_each_failure_up_to_ten_minutes_and_ends_with_a_success()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        long[] pauses = [.. Enumerable.Range(0, 40).Select(_ =>
        {
            scene.Book.Failed(At(1, 1), scene.Now);
            return scene[At(1, 1)].NextAttempt - scene.Now;
        })];

        for (var i = 0; i < 9; i++) pauses[i].Should().BeInRange((1L << i) * Second, (2L << i) * Second);
        pauses[9..].Should().OnlyContain(pause => pause >= 5 * Minute && pause <= 10 * Minute);
        pauses[9..].Distinct().Should().HaveCountGreaterThan(20, "nodes that lost the same peer must not come back together");
        scene.Choose().Should().BeEmpty();
        scene.Now = scene[At(1, 1)].NextAttempt - 1;
        scene.Choose().Should().BeEmpty();
        scene.Now += 1;
        scene.Choose().Should().Equal(At(1, 1));
        scene.Book.Failed(At(1, 1), scene.Now);
        scene.Succeed(At(1, 1), 1);
        scene.Choose().Should().Equal(At(1, 1));
    }

    [Fact]
    public void What_the_operator_wants_pauses_for_thirty_seconds_at_the_most()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure([At(1, 1)], scene.Now);
        scene.Book.Register(At(2, 1), scene.Now);
        for (var i = 0; i < 40; i++)
        {
            scene.Book.Failed(At(1, 1), scene.Now);
            scene.Book.Failed(At(2, 1), scene.Now);
        }

        scene.Now += 30 * Second;

        scene.Choose().Should().Equal(At(1, 1), At(2, 1));
    }

    [Fact]
    public void A_clock_that_was_set_back_silences_nobody()
    {
        var scene = new PeerBookScenario();
        scene.Prove(At(1, 1), 1);
        scene.Book.Failed(At(1, 1), scene.Now);

        scene.Now -= 100 * Day;

        scene.Choose().Should().Equal(At(1, 1));
    }

    [Fact]
    public void A_banned_one_is_not_called_even_when_the_operator_wants_it_until_it_is_registered_anew()
    {
        var scene = new PeerBookScenario();
        scene.Book.Register(At(1, 1), scene.Now);
        scene.Prove(At(2, 1), 2);
        foreach (var address in new[] { At(1, 1), At(2, 1) }) scene.Book.Ban(address, scene.Now + Hour);

        scene.Choose().Should().BeEmpty();
        scene.Book.Register(At(1, 1), scene.Now);
        scene.Choose().Should().Equal(At(1, 1));
        scene.Now += Hour;
        scene.Choose().Should().Equal(At(1, 1), At(2, 1));
    }

    [Fact]
    public void A_node_back_after_a_week_calls_those_it_had_proven_before()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 5; i++) scene.Prove(At(i, 1), i);
        scene.Book.Learn([At(10, 1)], Source, scene.Now);
        scene.Now += 7 * Day;
        scene.Restart();

        scene.Book.Expire(scene.Now).Should().Equal(At(10, 1));

        scene.Choose().Should().BeEquivalentTo(Enumerable.Range(0, 5).Select(i => At(i, 1)));
    }

    [Fact]
    public void New_ones_get_a_share_of_the_slots_whatever_their_number()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 100; i++) scene.Prove(At(i, 1), i);
        for (var source = 0; source < 8; source++) scene.Book.Learn(Enumerable.Range(0, 64).Select(i => At(1_000 + (source * 64) + i, 1)), At(50_000, source), scene.Now);

        double[] shares = [.. Enumerable.Range(0, 200).Select(_ => (double)scene.Choose().Count(address => !scene[address].IsProven))];

        shares.Average().Should().BeInRange(2.5, 3.5, "of the six slots that are not held for anchors a coin decides");
        shares.Max().Should().BeLessThanOrEqualTo(6);
    }

    [Fact]
    public void Two_slots_are_anchors_and_are_held_for_them_while_they_pause()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 8; i++) scene.Prove(At(i, 1), i);
        scene.Now += Day;
        for (var i = 100; i < 150; i++) scene.Prove(At(i, 1), i);
        PeerAddress[] anchors = [.. Enumerable.Range(0, 8).Select(i => At(i, 1))];

        for (var i = 0; i < 100; i++) scene.Choose().Count(anchors.Contains).Should().BeGreaterThanOrEqualTo(2);
        PeerAddress[] others = [.. Enumerable.Range(100, 6).Select(i => At(i, 1))];
        scene.Choose(others).Should().HaveCount(2).And.BeSubsetOf(anchors);
        scene.Choose([At(0, 1), At(1, 1), .. others[..5]]).Should().ContainSingle("two anchors are connected");
        for (var i = 0; i < 8; i++) scene.Book.Failed(At(i, 1), scene.Now);
        scene.Choose().Should().HaveCount(6);
        scene.Choose(others).Should().BeEmpty();
        for (var i = 0; i < 8; i++) scene.Book.Ban(At(i, 1), scene.Now + Hour);
        scene.Choose(others).Should().HaveCount(2, "the eight that are known the longest are others now");
    }

    [Fact]
    public void No_slot_is_held_for_a_banned_anchor()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < 2; i++) scene.Book.Ban(scene.Prove(At(i, 1), i), scene.Now + Hour);
        scene.Book.Learn(Enumerable.Range(100, 20).Select(i => At(i, 1)), Source, scene.Now);

        scene.Choose().Should().HaveCount(8);
    }

    [Fact]
    public void Whoever_can_not_call_all_at_once_gets_to_all_in_turn()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure(Enumerable.Range(0, 30).Select(i => At(i, 1)), scene.Now);
        scene.Prove(At(100, 1), 1);
        scene.Choose()[1].Should().Be(At(100, 1));
        var called = new HashSet<PeerAddress>();
        for (var round = 0; round < 30; round++, scene.Now += 30 * Second)
        {
            foreach (var address in scene.Choose(At(100, 1)).Take(1))
            {
                called.Add(address);
                scene.Book.Failed(address, scene.Now);
            }
        }

        called.Should().HaveCount(30);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40_000)]
    public void Whoever_floods_the_book_from_one_block_or_many_displaces_no_anchor_nor_gets_all_calls(int blocks)
    {
        var scene = new PeerBookScenario(new PeerBookSettings { Records = 300, Unproven = 100 });
        PeerAddress[] honest = [.. Enumerable.Range(0, 8).Select(i => scene.Prove(At(1_000 + (i % blocks), i), i))];
        for (var round = 0; round < 10; round++)
        {
            scene.Now += 5 * Hour;
            foreach (var address in honest) scene.Book.Failed(address, scene.Now);
            for (var i = 0; i < 64; i++)
            {
                var number = (round * 64) + i;
                var (named, caller) = (At($"http://n{number}.example"), At(1_000 + (number % blocks), 100 + number));
                scene.Book.Learn([named], At(50_000, round), scene.Now);
                scene.Succeed(named, 1_000 + number, AddressBlock.Of(caller.Literal!).Text);
                scene.Book.Called(caller, scene.Now);
            }

            scene.Now += Hour;
            scene.Book.Expire(scene.Now);
            scene.Book.Anchors.Select(one => one.Address).Should().BeEquivalentTo(honest);
            scene.Choose().Count(honest.Contains).Should().BeGreaterThanOrEqualTo(2);
            scene.Book.Records.Count.Should().BeLessThanOrEqualTo(300);
        }
    }
}
