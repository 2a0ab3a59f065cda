using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

public class HeaderBranchTests
{
    private readonly HeaderWorld _world = new();

    [Fact]
    public void Headers_that_follow_our_tip_prove_their_weight_and_name_the_blocks_to_fetch()
    {
        var ours = _world.Extend(_world.Genesis, 5);
        var theirs = _world.Extend(ours, 3);
        var chain = _world.ChainOf(ours);

        var branch = _world.Read(chain, theirs);

        branch.Should().BeEquivalentTo(new { Count = 3L, Pages = 1, Tip = theirs[^1], Weight = _world.WeightOf(theirs), AskAgainAt = (long?)null, IsLong = false });
        var standing = branch.Against(chain);
        standing.Should().BeEquivalentTo(new { IsHeavier = true, IsWanted = true, IsAlarm = false, Undone = 0L, Refusal = (Refusal?)null });
        standing.Fork!.Hash.Should().Be(ours[^1].Hash);
        standing.Missing.Should().Equal(Hashes(theirs[6..]));
        standing.Segments.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_branch_that_ends_below_the_operators_checkpoint_lacks_it_wherever_our_chain_is(int height)
    {
        var right = _world.Extend(_world.Genesis, 6);
        var known = new Core.Specification.KnownBlock(4, right[4].Hash);
        var chain = _world.ChainOf(right[..(height + 1)], known);

        _world.Read(chain, _world.Extend(right[..2], 2, "other")).LacksCheckpoint.Should().BeTrue();
        _world.Read(chain, right).LacksCheckpoint.Should().BeFalse();
        var other = _world.Extend(right[..2], 3, "other");
        new HeaderBranch(chain, _world.Seals).Add(HeaderWorld.Page(other[(height > 0 ? 2 : 1)..]), HeaderWorld.Now).Refusal!.Code.Should().Be("fork_too_deep");
    }

    // Where signing costs nothing, little is read before the blocks of it are applied; but below the operator's checkpoint none are.
    [Theory]
    [InlineData(10, 0, null, 2_000)]
    [InlineData(2_500, 0, null, 4_000)]
    [InlineData(10, 0, 2_001, 4_000)]
    [InlineData(10, 0, 4_500, 4_900)]
    [InlineData(10, 1, 2_003, 4_000)]
    public void A_branch_is_read_as_far_as_the_engine_says_or_a_reorganisation_may_reach_and_always_up_to_the_checkpoint(int limit, int left, int? index, long read)
    {
        var world = new HeaderWorld(reorganisationLimit: limit, difficulty: 0);
        var theirs = world.Extend(world.Genesis, 4_902);
        var ours = left == 0 ? world.Genesis : world.Extend(theirs[..3], left, "left");
        var chain = index is { } at ? world.ChainOf(ours, new Core.Specification.KnownBlock(at, theirs[at].Hash)) : world.ChainOf(ours);
        var branch = new HeaderBranch(chain, new FewAhead(world.Seals));

        while (!branch.IsEnded) branch.Add(HeaderWorld.Answer(theirs[..4_901], branch.Request), HeaderWorld.Now).Refusal.Should().BeNull();

        (branch.Count, branch.LacksCheckpoint, branch.Against(chain).IsWanted).Should().Be((read, false, true));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_heavier_branch_is_wanted_as_far_back_as_the_limit(int depth)
    {
        var ours = _world.Extend(_world.Genesis, 40);
        var theirs = _world.Extend(ours.Take(41 - depth), depth + 1, "other");
        var chain = _world.ChainOf(ours);

        var standing = _world.Read(chain, theirs).Against(chain);

        standing.Should().BeEquivalentTo(new { IsWanted = true, Undone = (long)depth });
        standing.Fork!.Hash.Should().Be(ours[40 - depth].Hash);
        standing.Missing.Should().Equal(Hashes(theirs[(41 - depth)..]), "what we have is not fetched again");
    }

    [Theory]
    [InlineData(11)]
    [InlineData(15)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(39)]
    [InlineData(40)]
    public void One_that_leaves_us_deeper_is_an_alarm_as_soon_as_it_has_proven_more_weight_and_not_before(int depth)
    {
        var ours = _world.Extend(_world.Genesis, 40);
        var chain = _world.ChainOf(ours);
        var theirs = _world.Extend(ours.Take(41 - depth), depth, "other");

        var equal = _world.Read(chain, theirs);
        var heavier = _world.Read(chain, _world.Extend(theirs, 1, "other"));

        equal.Weight.Should().Be(chain.Tip.Weight);
        equal.Against(chain).Should().BeEquivalentTo(new { IsHeavier = false, IsWanted = false, IsAlarm = false });
        heavier.Against(chain).Should().BeEquivalentTo(new { IsHeavier = true, IsWanted = false, IsAlarm = true, Fork = (ChainNode?)null });
        heavier.Against(chain).Refusal.Should().BeEquivalentTo(new { Code = RefusalCodes.ForkTooDeep, Kind = RefusalKind.Transient });
    }

    [Fact]
    public void Equal_weight_does_not_win_and_the_next_block_decides()
    {
        var ours = _world.Extend(_world.Genesis, 3);
        var theirs = _world.Extend(_world.Genesis, 3, "other");
        var chain = _world.ChainOf(ours);

        _world.Read(chain, theirs).Against(chain).IsWanted.Should().BeFalse();
        _world.Read(chain, _world.Extend(theirs, 1, "other")).Against(chain).IsWanted.Should().BeTrue();
    }

    [Fact]
    public void A_longer_branch_of_less_work_is_not_wanted()
    {
        var world = new HeaderWorld(retargetInterval: 4);
        var common = world.Extend(world.Genesis, 4);
        var ours = world.Extend(common, 9, step: 1);
        var theirs = world.Extend(common, 12, "slow", step: 5_000);
        var chain = world.ChainOf(ours);

        theirs.Should().HaveCountGreaterThan(ours.Count);
        world.Read(chain, theirs).Against(chain).IsHeavier.Should().BeFalse();
    }

    [Fact]
    public void Side_blocks_that_we_have_are_not_fetched_again()
    {
        var ours = _world.Extend(_world.Genesis, 8);
        var theirs = _world.Extend(ours.Take(4), 6, "other");
        var chain = _world.ChainOf(ours, theirs[..7]);

        var branch = _world.Read(chain, theirs);

        branch.Count.Should().Be(3);
        branch.Weight.Should().Be(_world.WeightOf(theirs));
        branch.Against(chain).Should().BeEquivalentTo(new { Undone = 5L, IsWanted = true });
        branch.Against(chain).Missing.Should().Equal(Hashes(theirs[7..]));
    }

    [Fact]
    public void A_peer_that_has_nothing_new_proves_no_more_than_we_have()
    {
        var ours = _world.Extend(_world.Genesis, 5);
        var chain = _world.ChainOf(ours);

        foreach (var theirs in new[] { ours, ours[..4], ours[..1] })
        {
            var branch = _world.Read(chain, theirs);
            branch.Weight.Should().BeLessThanOrEqualTo(chain.Tip.Weight);
            branch.Against(chain).Should().BeEquivalentTo(new { IsWanted = false, Refusal = (Refusal?)null });
            branch.Against(chain).Missing.Should().BeEmpty();
        }
    }

    [Fact]
    public void A_header_known_to_be_invalid_is_refused_and_so_is_what_follows_it()
    {
        var ours = _world.Extend(_world.Genesis, 3);
        var theirs = _world.Extend(_world.Genesis, 6, "other");
        var invalid = _world.NodesOf(theirs).ElementAt(2) with { Invalid = true };
        var chain = Blockchain.Restore(_world.Spec, _world.Seals, [.. _world.NodesOf(ours), .. _world.NodesOf(theirs).Skip(1).Take(1), invalid], ours[^1].Hash, LedgerState.Empty);
        var branch = new HeaderBranch(chain, _world.Seals);

        branch.Add(HeaderWorld.Answer(theirs, branch.Request), HeaderWorld.Now).Refusal!.Code.Should().Be(RefusalCodes.InvalidBlock);

        branch.IsEnded.Should().BeTrue();
        branch.Against(chain).IsWanted.Should().BeFalse();
    }

    public static TheoryData<string, string> Broken => new()
    {
        { nameof(BlockHeader.Version), RefusalCodes.InvalidHeader },
        { nameof(BlockHeader.StateRoot), RefusalCodes.InvalidHeader },
        { nameof(BlockHeader.Chain), RefusalCodes.WrongChain },
        { nameof(BlockHeader.Previous), RefusalCodes.InvalidLink },
        { nameof(BlockHeader.Index), RefusalCodes.InvalidHeader },
        { nameof(BlockHeader.Difficulty), RefusalCodes.InvalidWork },
        { nameof(BlockHeader.Nonce), RefusalCodes.InvalidWork },
        { nameof(BlockHeader.Timestamp), RefusalCodes.InvalidTime },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_header_that_no_block_may_have_is_refused_as_the_ledger_refuses_the_block(string field, string code)
    {
        var world = new HeaderWorld(difficulty: 8);
        var ours = world.Extend(world.Genesis, 3);
        var theirs = world.Extend(ours, 4);
        var good = theirs[5];
        theirs[5] = field switch
        {
            nameof(BlockHeader.Version) => HeaderWorld.Mine(good with { Version = 2 }),
            nameof(BlockHeader.StateRoot) => HeaderWorld.Mine(good with { StateRoot = good.Hash }),
            nameof(BlockHeader.Chain) => HeaderWorld.Mine(good with { Chain = good.Hash }),
            nameof(BlockHeader.Previous) => HeaderWorld.Mine(good with { Previous = theirs[3].Hash }),
            nameof(BlockHeader.Index) => HeaderWorld.Mine(good with { Index = 1L << 52 }),
            nameof(BlockHeader.Difficulty) => HeaderWorld.Mine(good with { Difficulty = 7 }),
            nameof(BlockHeader.Nonce) => Enumerable.Range(1, 1_000).Select(i => good with { Nonce = good.Nonce + i }).First(header => header.Hash.Span[0] != 0),
            _ => HeaderWorld.Mine(good with { Timestamp = theirs[2].Timestamp }),
        };
        var branch = new HeaderBranch(world.ChainOf(ours), world.Seals);

        branch.Add(HeaderWorld.Page(theirs[4..]), HeaderWorld.Now).Refusal.Should().BeEquivalentTo(new { Code = code, Kind = RefusalKind.Invalid });

        branch.IsEnded.Should().BeTrue();
        branch.Against(branch.Chain).IsWanted.Should().BeFalse("nothing of it is taken, even where what came before weighs more");
        branch.VerifyClaim(new PeerTip(4, 1, theirs[4].Hash)).Refusal!.Code.Should().Be(code);
    }

    [Fact]
    public void A_chain_with_named_sealers_asks_for_their_signatures()
    {
        var sealer = new Person("sealer");
        var world = new HeaderWorld(sealer: sealer);
        var theirs = world.Extend(world.Genesis, 3, "sealer");
        SealedHeader[] page = [.. theirs.Skip(1).Select(header => new SealedHeader(header, sealer.Sign(header.Hash)))];

        Verdict Add(params SealedHeader[] headers) => new HeaderBranch(world.ChainOf(world.Genesis), world.Seals).Add(headers, HeaderWorld.Now);

        Add(page).IsAccepted.Should().BeTrue();
        Add(page[0], page[1] with { Seal = null }).Refusal!.Code.Should().Be(RefusalCodes.InvalidSeal);
        Add(page[0], page[1] with { Seal = page[0].Seal }).Refusal!.Code.Should().Be(RefusalCodes.InvalidSeal);
        Add(HeaderWorld.Page(world.Extend(world.Genesis, 1, "stranger").Skip(1))).Refusal!.Code.Should().Be(RefusalCodes.NotSealer);
    }

    [Fact]
    public void A_timestamp_must_be_later_than_the_median_of_the_11_before_across_the_fork_too()
    {
        var ours = _world.Extend(_world.Genesis, 20);
        var fork = ours[..16];
        var median = fork[^6].Timestamp;
        var at = HeaderWorld.Mine(_world.Next(fork, name: "other") with { Timestamp = median });
        var after = HeaderWorld.Mine(at with { Timestamp = median + 1 });

        Verdict Add(BlockHeader header) => new HeaderBranch(_world.ChainOf(ours), _world.Seals).Add(HeaderWorld.Page(fork[13..].Append(header)), HeaderWorld.Now);

        Add(at).Refusal.Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidTime, Kind = RefusalKind.Invalid });
        Add(after).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_header_of_the_future_ends_the_branch_for_now_and_what_is_before_it_counts()
    {
        var ours = _world.Extend(_world.Genesis, 3);
        var theirs = _world.Extend(ours, 5);
        var chain = _world.ChainOf(ours);
        var now = theirs[6].Timestamp - 120_001;

        var branch = _world.Read(chain, theirs, now);

        branch.Should().BeEquivalentTo(new { Count = 2L, Tip = theirs[5], AskAgainAt = (long?)now + 1 });
        branch.Against(chain).Missing.Should().Equal(Hashes(theirs[4..6]));
        branch.VerifyClaim(ClaimOf(theirs)).Refusal!.Kind.Should().Be(RefusalKind.Transient, "the peer's clock may be right");

        var later = _world.Read(chain, theirs, branch.AskAgainAt!.Value);
        later.Tip.Should().Be(theirs[6]);
        later.AskAgainAt.Should().Be(now + 1_001);
    }

    [Fact]
    public void A_header_of_the_future_without_its_work_is_refused_for_ever()
    {
        var world = new HeaderWorld(difficulty: 8);
        var late = Enumerable.Range(0, 1_000).Select(i => world.Next(world.Genesis) with { Timestamp = HeaderWorld.Now * 2, Nonce = i }).First(header => header.Hash.Span[0] != 0);

        new HeaderBranch(world.ChainOf(world.Genesis), world.Seals).Add(HeaderWorld.Page([late]), HeaderWorld.Now).Refusal!.Code.Should().Be(RefusalCodes.InvalidWork);
    }

    [Theory]
    [InlineData(1_999, 1)]
    [InlineData(2_000, 2)]
    [InlineData(2_001, 2)]
    public void A_page_that_is_not_full_ends_the_branch(int count, int pages)
    {
        var world = new HeaderWorld(difficulty: 0);
        var branch = world.Read(world.ChainOf(world.Genesis), world.Extend(world.Genesis, count));

        branch.Should().BeEquivalentTo(new { Count = (long)count, Pages = pages });
        branch.Invoking(one => one.Add([], HeaderWorld.Now)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Pages_follow_one_another_and_are_asked_for_after_the_last_header()
    {
        var world = new HeaderWorld(difficulty: 0);
        var theirs = world.Extend(world.Genesis, 4_000);
        var elsewhere = world.Extend(theirs.Take(1_900), 200, "other");

        Verdict Second(Func<HeaderBranch, SealedHeader[]> page)
        {
            var branch = new HeaderBranch(world.ChainOf(world.Genesis), world.Seals);
            branch.Request.Locator.Should().Equal(Locator.Of(branch.Chain));
            branch.Request.Count.Should().Be(PeerLimits.Headers);
            branch.Add(HeaderWorld.Page(theirs.Skip(1).Take(2_000)), HeaderWorld.Now).IsAccepted.Should().BeTrue();
            branch.Request.Locator.Should().Equal(theirs[2_000].Hash);
            return branch.Add(page(branch), HeaderWorld.Now);
        }

        Second(branch => HeaderWorld.Answer(theirs, branch.Request)).IsAccepted.Should().BeTrue();
        Second(_ => HeaderWorld.Page(theirs.Skip(1).Take(2_000))).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "it repeats");
        Second(_ => HeaderWorld.Page(theirs.Skip(2_000).Take(2_000))).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "it goes back");
        Second(_ => HeaderWorld.Page(theirs.Skip(2_002).Take(10))).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "it leaves one out");
        Second(_ => HeaderWorld.Page(elsewhere.Skip(2_001))).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "it goes on elsewhere");
    }

    [Fact]
    public void The_first_page_follows_a_block_that_was_asked_about_and_holds_no_more_than_that()
    {
        var world = new HeaderWorld(difficulty: 0);
        var ours = world.Extend(world.Genesis, 50);
        var theirs = world.Extend(ours, 2_001);

        Verdict Add(IEnumerable<BlockHeader> page) => new HeaderBranch(world.ChainOf(ours), world.Seals).Add(HeaderWorld.Page(page), HeaderWorld.Now);

        Add(theirs.Skip(53).Take(9)).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "its parent is unknown");
        Add(theirs.Skip(46).Take(9)).Refusal!.Code.Should().Be(RefusalCodes.InvalidLink, "its parent is ours, but not one that was named");
        Add(theirs.Skip(51)).Refusal!.Code.Should().Be(RefusalCodes.TooLarge, "2,001 headers");
        Add(theirs.Skip(51).Take(2_000)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_claim_is_held_to_what_the_headers_prove()
    {
        var ours = _world.Extend(_world.Genesis, 5);
        var theirs = _world.Extend(ours, 2);
        var chain = _world.ChainOf(ours);

        var branch = _world.Read(chain, theirs);
        branch.VerifyClaim(ClaimOf(theirs)).IsAccepted.Should().BeTrue();
        branch.VerifyClaim(ClaimOf(theirs) with { Weight = _world.WeightOf(theirs) + 1 }).Refusal.Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidWork, Kind = RefusalKind.Invalid });

        var nothing = new HeaderBranch(chain, _world.Seals);
        nothing.Add([], HeaderWorld.Now).IsAccepted.Should().BeTrue();
        nothing.VerifyClaim(ClaimOf(ours)).IsAccepted.Should().BeTrue();
        nothing.VerifyClaim(new PeerTip(long.MaxValue, UInt128.MaxValue, ours[^1].Hash)).Refusal!.Kind.Should().Be(RefusalKind.Invalid, "a height of 2^63 costs one empty answer");
        nothing.HeldHeaders.Should().Be(0);
    }

    [Fact]
    public void A_peer_that_left_its_branch_between_two_pages_did_not_lie()
    {
        var world = new HeaderWorld(difficulty: 0);
        var theirs = world.Extend(world.Genesis, 2_500);
        var branch = new HeaderBranch(world.ChainOf(world.Genesis), world.Seals);
        branch.Add(HeaderWorld.Answer(theirs, branch.Request), HeaderWorld.Now);
        branch.Add([], HeaderWorld.Now).IsAccepted.Should().BeTrue();

        branch.IsEnded.Should().BeTrue();
        branch.VerifyClaim(ClaimOf(theirs)).Refusal!.Kind.Should().Be(RefusalKind.Transient);
        branch.Against(branch.Chain).Missing.Should().Equal(Hashes(theirs[1..2_001]));
    }

    [Fact]
    public void The_difficulty_is_reckoned_over_the_fork_wherever_it_lies_in_the_interval()
    {
        var world = new HeaderWorld(retargetInterval: 5);
        var ours = world.Extend(world.Genesis, 24, step: 1_200);
        var chain = world.ChainOf(ours);
        for (var fork = 14; fork < 24; fork++)
        {
            var theirs = world.Extend(ours.Take(fork + 1), 12, "fast", step: 100);
            theirs.Skip(1).Select(header => header.Difficulty).Distinct().Should().HaveCountGreaterThan(1);

            world.Read(chain, theirs).Against(chain).Should().BeEquivalentTo(new { IsWanted = true, Undone = 24L - fork });

            foreach (var at in Enumerable.Range(fork + 1, 12))
            {
                var wrong = theirs.ToList();
                wrong[at] = HeaderWorld.Mine(wrong[at] with { Difficulty = wrong[at].Difficulty + 1 });
                var branch = new HeaderBranch(chain, world.Seals);
                branch.Add(HeaderWorld.Answer(wrong[..(at + 1)], branch.Request), HeaderWorld.Now).Refusal!.Code.Should().Be(RefusalCodes.InvalidWork);
            }
        }
    }

    [Fact]
    public void Our_chain_may_go_on_meanwhile()
    {
        var ours = _world.Extend(_world.Genesis, 10);
        var theirs = _world.Extend(ours.Take(9), 5, "other");
        var branch = _world.Read(_world.ChainOf(ours), theirs);

        branch.Against(_world.ChainOf(_world.Extend(ours, 3))).Should().BeEquivalentTo(new { IsHeavier = false, Undone = 5L });
        branch.Against(_world.ChainOf(_world.Extend(ours, 2))).Should().BeEquivalentTo(new { IsHeavier = true, Undone = 4L });
        branch.Against(_world.ChainOf(_world.Extend(ours, 9))).IsAlarm.Should().BeFalse("the fork is too deep now, but ours weighs more");

        var taken = branch.Against(_world.ChainOf(theirs[..12], ours));
        taken.Should().BeEquivalentTo(new { IsWanted = true, Undone = 0L });
        taken.Missing.Should().Equal(Hashes(theirs[12..]));
        branch.Against(_world.ChainOf(theirs, ours)).IsWanted.Should().BeFalse();

        var apart = branch.Against(_world.ChainOf(ours, theirs[..11]));
        apart.Should().BeEquivalentTo(new { IsWanted = true, Undone = 2L });
        apart.Missing.Should().Equal(Hashes(theirs[11..]));

        var invalid = _world.NodesOf(theirs).ElementAt(10) with { Invalid = true };
        branch.Against(Blockchain.Restore(_world.Spec, _world.Seals, [.. _world.NodesOf(ours), _world.NodesOf(theirs).ElementAt(9), invalid], ours[^1].Hash, LedgerState.Empty))
            .Refusal!.Code.Should().Be(RefusalCodes.InvalidParent);
    }

    private static PeerTip ClaimOf(List<BlockHeader> branch) => new(branch[^1].Index, (UInt128)(branch.Count - 1) << 1, branch[^1].Hash);

    private static IEnumerable<Hash256> Hashes(IEnumerable<BlockHeader> headers) => headers.Select(header => header.Hash);

    private sealed class FewAhead(ISealVerifier seals) : ISealVerifier
    {
        public int HeadersAhead => 2_000;

        public uint DifficultyAfter(Ancestor ancestor) => seals.DifficultyAfter(ancestor);

        public Verdict Verify(SealedHeader block, Ancestor ancestor, Turns? turns) => seals.Verify(block, ancestor, turns);

        public Verdict VerifyOn(BlockHeader header, LedgerState before) => seals.VerifyOn(header, before);

        public Verdict VerifyAlone(SealedHeader block, Ancestor known) => seals.VerifyAlone(block, known);

        public UInt128 WeightOf(BlockHeader header) => seals.WeightOf(header);
    }
}
