using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Chain;

// S2.8: the valid chain with most weight wins, whatever its claimed length; of equals the first seen.
public class ForkChoiceTests
{
    private readonly TestChain _node = new();
    private readonly Scenario _people = new();

    [Fact]
    public void Of_two_branches_of_equal_weight_the_first_seen_stays()
    {
        var ours = _node.Block(sealer: "we");
        var theirs = _node.Block(sealer: "they");
        _node.Accepts(ours);
        var update = _node.Accepts(theirs);

        _node.Tip.Hash.Should().Be(ours.Hash);
        update.Side!.Block.Hash.Should().Be(theirs.Hash);
        update.Side.Weight.Should().Be(UInt128.One);
        (update.Connected.Count, update.Disconnected.Count).Should().Be((0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(100)]
    public void A_heavier_branch_replaces_ours_back_to_the_fork(int depth)
    {
        var start = _node.Tip;
        _node.Accepts(_node.Block(transactions: [_people.Sign(TestSpec.Bank, Wish.TopUp("anna", 1_000, "common"))]));
        var fork = _node.Tip;
        var common = LedgerContent.Of(_node.Chain.Ledger);
        for (var i = 0; i < depth; i++) _node.Accepts(_node.Block(transactions: [_people.Sign("anna", Wish.Pay("boris", 1))], sealer: "we"));
        var theirs = _node.Branch(fork, depth + 1, "they");
        foreach (var block in theirs.SkipLast(1)) _node.Accepts(block).Side.Should().NotBeNull();

        var update = _node.Accepts(theirs[^1]);

        _node.Tip.Hash.Should().Be(theirs[^1].Hash);
        update.Disconnected.Select(one => one.Block.Header.Index).Should().Equal(Enumerable.Range(2, depth).Reverse().Select(i => (long)i));
        update.Connected.Select(one => one.Block.Hash).Should().Equal(theirs.Select(block => block.Hash));
        update.Connected.Select(one => one.Weight).Should().Equal(Enumerable.Range(2, depth + 1).Select(i => (UInt128)i));
        update.Side.Should().BeNull();
        LedgerContent.Of(_node.Chain.Ledger).Should().Be(common, "their blocks were empty");
        start.Index.Should().Be(0);
    }

    [Fact]
    public void A_reorganisation_and_one_back_end_where_they_began()
    {
        _node.Accepts(_node.Block(transactions: [_people.Sign(TestSpec.Bank, Wish.TopUp("anna", 1_000, "common"))]));
        var fork = _node.Tip;
        var ours = _node.Block(transactions: [_people.Sign("anna", Wish.Pay("boris", 1))], sealer: "we");
        _node.Accepts(ours);
        var before = LedgerContent.Of(_node.Chain.Ledger);
        foreach (var block in _node.Branch(fork, 2, "they")) _node.Accepts(block);
        foreach (var block in _node.Branch(ours.Header, 2, "we")) _node.Accepts(block);

        LedgerContent.Of(_node.Chain.Ledger).Should().Be(before);
        _node.Tip.Index.Should().Be(4);
    }

    // S0.14: also after a reorganisation each branch's history is its own.
    [Fact]
    public void A_ticket_sold_on_one_branch_is_unsold_on_the_other()
    {
        var (concert, seat) = (default(EventId), default(TicketId));
        var creation = _people.Sign("organiser", Wish.CreateEvent());
        concert = EventId.Of(creation.Id);
        seat = Core.Transactions.IssueTickets.TicketOf(concert, 0, "A-1");
        _node.Accepts(_node.Block(transactions: [creation, _people.Sign("organiser", Wish.Issue(concert, 0, "A-1"))]));
        var fork = _node.Tip;
        var sold = _node.Block(transactions: [_people.Sign("anna", Wish.Purchase(seat, 0))]);
        _node.Accepts(sold);
        _node.Chain.Ledger.Tickets.Find(seat)!.Owner.Should().Be(((Person)"anna").Address);

        foreach (var block in _node.Branch(fork, 2, "they")) _node.Accepts(block);
        _node.Chain.Ledger.Tickets.Find(seat)!.Status.Should().Be(Core.Ledger.TicketStatus.Unsold);
        _node.Accepts(_node.Block(transactions: [_people.Sign("boris", Wish.Purchase(seat, 0))]));
        _node.Chain.Ledger.Tickets.Find(seat)!.Owner.Should().Be(((Person)"boris").Address);
        LedgerContent.CheckInvariants(_node.Chain.Ledger);
    }

    [Fact]
    public void A_reorganisation_as_deep_as_the_limit_is_made_and_a_deeper_one_is_an_alarm_that_keeps_the_tip()
    {
        var node = new TestChain(TestSpec.Of(limit: 5));
        foreach (var block in node.Branch(node.Tip, 3)) node.Accepts(block);
        var fork = node.Tip;
        var deeper = node.Chain.Find(fork.Previous)!.Header;
        foreach (var block in node.Branch(fork, 5, "we")) node.Accepts(block);

        var tooDeep = node.Branch(deeper, 7, "they");
        foreach (var block in tooDeep.SkipLast(1)) node.Accepts(block);
        node.Refuses("fork_too_deep", tooDeep[^1]).Should().Match<Refusal>(refusal => refusal.Kind == RefusalKind.Transient && refusal.Detail.Contains("leaves ours more than the reorganisation limit of 5 blocks back"));
        node.Tip.Index.Should().Be(8);

        var atLimit = node.Branch(fork, 6, "others");
        foreach (var block in atLimit) node.Accepts(block);
        node.Tip.Hash.Should().Be(atLimit[^1].Hash);
    }

    [Fact]
    public void A_block_of_which_nothing_before_is_known_is_too_deep_where_it_could_not_be_followed_and_else_comes_again_later()
    {
        var node = new TestChain(TestSpec.Of(limit: 5));
        foreach (var block in node.Branch(node.Tip, 8)) node.Accepts(block);
        var theirs = node.Branch(node.Spec.Genesis.Header, 4, "they");

        node.Refuses("fork_too_deep", theirs[2]);
        node.Refuses("unknown_parent", theirs[3]);
    }

    [Fact]
    public void Two_branches_that_grow_side_by_side_for_longer_than_headers_are_kept_do_not_confuse_the_node()
    {
        var node = new TestChain(TestSpec.Of(limit: 5));
        var ours = node.Branch(node.Tip, 60, "we");
        var theirs = node.Branch(node.Tip, 62, "they");
        for (var i = 0; i < ours.Count; i++)
        {
            node.Accepts(ours[i]);
            node.Accepts(theirs[i]);
        }

        node.Refuses("fork_too_deep", theirs[60]);
        node.Refuses("fork_too_deep", theirs[61]);
        node.Tip.Hash.Should().Be(ours[^1].Hash);
        node.Accepts(node.Block());
    }

    [Fact]
    public void What_follows_a_block_below_the_limit_is_refused_without_keeping_it()
    {
        var node = new TestChain(TestSpec.Of(limit: 5));
        var ours = node.Branch(node.Tip, 60);
        foreach (var block in ours) node.Accepts(block);
        var count = node.Chain.Count;

        foreach (var parent in new[] { 0, 20, 42, 46 })
            node.Refuses("fork_too_deep", node.Block(ours[parent].Header, sealer: "they")).Kind.Should().Be(RefusalKind.Transient);
        node.Chain.Count.Should().Be(count);
        node.Refuses("unknown_parent", node.Block(node.Block(ours[58].Header, sealer: "they").Header));
    }

    [Fact]
    public void Memory_does_not_grow_with_the_chain()
    {
        var node = new TestChain(TestSpec.Of(limit: 5));
        for (var i = 0; i < 100; i++)
        {
            var parent = node.Tip;
            node.Accepts(node.Block(parent, sealer: "we"));
            node.Accepts(node.Block(parent, sealer: "they"));
        }

        Blockchain.Kept(node.Spec).Should().Be(5 + 11 + 1);
        node.Chain.Count.Should().Be((2 * Blockchain.Kept(node.Spec)) + 2, "one side block beside each kept one");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void However_many_blocks_are_offered_beside_our_branch_memory_is_bounded_and_a_branch_that_grows_still_wins(bool valid)
    {
        var node = new TestChain(TestSpec.Of(difficulty: 0, limit: 5));
        var ours = node.Branch(node.Tip, 40, "we");
        foreach (var block in ours) node.Accepts(block);
        var fork = ours[^5].Header;
        var flood = Flood(node, valid ? fork : Poisoned(node).Header, (3 * Blockchain.MaxAside(node.Spec)) + 1).ToArray();
        var honest = node.Branch(fork, 5, "they");

        for (var i = 0; i < flood.Length; i++)
        {
            node.Offers(flood[i]).Verdict.IsAccepted.Should().Be(valid);
            node.Chain.Count.Should().BeLessThanOrEqualTo(Blockchain.Kept(node.Spec) + 1 + Blockchain.MaxAside(node.Spec));
            if (i % 20 == 10 && i / 20 < honest.Count) node.Accepts(honest[i / 20]);
        }

        node.Tip.Hash.Should().Be(honest[^1].Hash);
        node.Chain.Find(flood[^1].Hash).Should().NotBeNull("the oldest go first");
        node.Chain.Find(flood[0].Hash).Should().BeNull();
    }

    private static IEnumerable<Core.Blocks.VerifiedBlock> Flood(TestChain node, Core.Blocks.BlockHeader parent, int count) =>
        Enumerable.Range(1, count).Select(i => node.Block(parent, at: parent.Timestamp + 1_000 + i));

    private Core.Blocks.VerifiedBlock Poisoned(TestChain node)
    {
        var bad = node.Block(transactions: [_people.Sign("anna", Wish.Pay("boris", 1))]);
        node.Refuses("insufficient_funds", bad);
        return bad;
    }

    [Fact]
    public void A_branch_with_an_invalid_block_in_its_middle_is_abandoned_and_remembered()
    {
        var fork = _node.Tip;
        foreach (var block in _node.Branch(fork, 2, "we")) _node.Accepts(block);
        var before = LedgerContent.Of(_node.Chain.Ledger);
        var good = _node.Block(fork, sealer: "they");
        var bad = _node.Block(good.Header, [_people.Sign("anna", Wish.Pay("boris", 1))]);
        var after = _node.Block(bad.Header);
        _node.Accepts(good);
        _node.Accepts(bad).Side.Should().NotBeNull("a lighter branch is not judged");

        _node.Refuses("insufficient_funds", after);
        LedgerContent.Of(_node.Chain.Ledger).Should().Be(before);
        _node.Refuses("invalid_block", bad);
        _node.Refuses("invalid_block", after);
        _node.Refuses("invalid_parent", _node.Block(after.Header));
        _node.Chain.Find(good.Hash)!.Invalid.Should().BeFalse("what comes before the bad block is good");
    }

    [Fact]
    public void A_branch_known_to_hold_an_invalid_block_is_refused_before_anything_is_undone()
    {
        var fork = _node.Tip;
        foreach (var block in _node.Branch(fork, 4, "we")) _node.Accepts(block);
        var good = _node.Block(fork, sealer: "they");
        var bad = _node.Block(good.Header, [_people.Sign("anna", Wish.Pay("boris", 1))]);
        var cousin = _node.Block(bad.Header, sealer: "cousin");
        var second = _node.Block(cousin.Header, sealer: "cousin");
        _node.Accepts(good);
        _node.Accepts(bad);
        _node.Accepts(cousin);
        _node.Accepts(second);
        var other = _node.Branch(bad.Header, 3, "others");
        foreach (var block in other.SkipLast(1)) _node.Accepts(block);
        _node.Refuses("insufficient_funds", other[^1]);
        var reads = _node.Archive.Reads;

        _node.Refuses("invalid_parent", _node.Block(second.Header, sealer: "cousin"));
        _node.Archive.Reads.Should().Be(reads);
        _node.Chain.Find(good.Hash)!.Invalid.Should().BeFalse("what comes before the bad block is good");
        _node.Refuses("invalid_parent", _node.Block(second.Header, sealer: "another cousin"));
    }

    [Fact]
    public void After_an_abandoned_branch_a_good_one_still_wins()
    {
        var fork = _node.Tip;
        _node.Accepts(_node.Block(sealer: "we"));
        var good = _node.Block(fork, sealer: "they");
        _node.Accepts(good);
        _node.Refuses("insufficient_funds", _node.Block(good.Header, [_people.Sign("anna", Wish.Pay("boris", 1))]));
        var better = _node.Block(good.Header);
        _node.Accepts(better);

        _node.Tip.Hash.Should().Be(better.Hash);
    }

    [Fact]
    public void A_shorter_branch_with_more_work_wins()
    {
        // Blocks of half a millisecond's target: those that come slowly ask for less work, those that come fast for more.
        var node = new TestChain(TestSpec.Of(difficulty: 4, retargetInterval: 2, targetBlockTime: 10_000));
        var fork = node.Tip;
        var slow = Grow(node, fork, 8, 30_000);
        var fast = Grow(node, fork, 6, 1_000);

        fast.Last().Difficulty.Should().BeGreaterThan(slow.Last().Difficulty);
        node.Tip.Should().Be(fast.Last());
        node.Tip.Index.Should().Be(6);
        node.Accepts(node.Block());
    }

    private static List<Core.Blocks.BlockHeader> Grow(TestChain node, Core.Blocks.BlockHeader parent, int length, long pace)
    {
        var headers = new List<Core.Blocks.BlockHeader>();
        for (var i = 0; i < length; i++)
        {
            var block = node.Block(parent, at: parent.Timestamp + pace);
            node.Accepts(block);
            headers.Add(parent = block.Header);
        }

        return headers;
    }
}
