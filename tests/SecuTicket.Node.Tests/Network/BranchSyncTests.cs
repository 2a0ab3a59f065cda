using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Taking a heavier branch of a peer. Issue 4, 2 and the named cases.</summary>
public sealed class BranchSyncTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(100)]
    public void A_heavier_branch_is_one_reorganisation_and_what_it_abandons_waits_again_or_is_reported(int depth)
    {
        var ours = new NetworkScenario();
        var elsewhere = ours.Ledger.Elsewhere;
        var (returning, hopeless) = (elsewhere.TopUp(Alice, 1), ShortLived(elsewhere, ours));
        var theirs = elsewhere.Fork(0, "theirs");
        elsewhere.Seal(returning, hopeless);
        for (var i = 1; i < depth; i++) elsewhere.Seal();
        ours.Take([.. elsewhere.Blocks]);
        theirs.Take(Forgery.At(theirs, theirs.Now + 1));
        for (var i = 0; i < depth; i++) theirs.Seal();
        var peer = new HandPeer(ours);
        var witness = new HandPeer(ours, "witness", elsewhere);
        witness.Join();
        peer.Join();
        peer.Chain = theirs;
        ours.Now += 10_000;

        var answer = ours.Resolve();
        ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Tip == peer.Tip && resolution.Fetched.Blocks == depth + 1);
        ours.Ledger.Events.OfType<NodeEvent.Reorganised>().Should().ContainSingle().Which.Depth.Should().Be(depth);
        ours.Snapshot.Pending.InOrder.Select(entry => entry.Value.Id).Should().Equal(returning.Id);
        ours.Ledger.Events.OfType<NodeEvent.TransactionDecided>().Last(decided => decided.Id == hopeless.Id).Status.Should().Be(Node.Storage.TransactionStatus.Rejected);
        ours.Ledger.Reports.Should().Contain(report => report.Contains(hopeless.Id.ToString()));
        peer.Brought.Should().ContainSingle().Which.Id.Should().Be(returning.Id, "what came back is offered to peers");
        witness.Brought.Should().ContainSingle().Which.Id.Should().Be(returning.Id);
        ours.Banished.Should().BeEmpty();
    }

    [Fact]
    public void A_branch_deeper_than_the_limit_changes_nothing_and_the_operator_is_asked_once()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Spec = SpecOf(reorganisationLimit: 2) });
        for (var i = 0; i < 4; i++) ours.Mine();
        var tip = ours.Tip;
        var peer = new HandPeer(ours, chain: HandPeer.Branch(ours.Ledger.Elsewhere, 0, "theirs", 6));
        var same = new HandPeer(ours, "same", peer.Chain);
        peer.Join();
        same.Join();

        ours.Pass(120_000);

        ours.Reports.Should().ContainSingle().Which.Should().Match<NetworkEffect.Report>(report => report.IsAlarm && report.Sentence.Contains(peer.Tip.Hash.ToString()) && report.Sentence.Contains("leaves ours more than the reorganisation limit of 2 blocks back"));
        ours.Tip.Should().Be(tip);
        ours.Offered.Should().BeEmpty();
        peer.IsConnected.Should().BeTrue("nobody is to blame");
        ours.Banished.Should().BeEmpty();
        peer.Count<PeerRequest.GetHeaders>().Should().BeLessThanOrEqualTo(6, "its chain is left alone for longer each time");
    }

    [Fact]
    public void After_an_alarm_the_chains_of_others_are_taken_as_before()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Spec = SpecOf(reorganisationLimit: 2) });
        for (var i = 0; i < 4; i++) ours.Ledger.Elsewhere.Seal();
        ours.Take([.. ours.Ledger.Elsewhere.Blocks]);
        new HandPeer(ours, "deep", HandPeer.Branch(ours.Ledger.Elsewhere, 0, "deep", 9)).Join();
        var peer = new HandPeer(ours, "peer", ours.Ledger.Elsewhere.Fork(4, "peer"));
        peer.Chain.Seal();

        peer.Join();
        ours.Pass(1);

        ours.Tip.Should().Be(peer.Tip);
    }

    [Fact]
    public void A_block_of_our_own_that_is_found_while_a_branch_is_fetched_does_not_stop_it()
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours) { IsSilent = request => request is PeerRequest.GetCompactBlock };
        peer.Join();
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", 3);
        var answer = ours.Resolve();
        ours.Run();

        ours.Mine();
        ours.Run();
        ours.Tip.Height.Should().Be(1);
        answer.IsCompleted.Should().BeFalse();
        peer.IsSilent = _ => false;
        var call = ours.Held.Single();
        ours.Answer(call, peer.Honestly(call.Request).Value);
        ours.Run();

        LoopScenario.Answered(answer).Value.Tip.Should().Be(peer.Tip);
        ours.Tip.Should().Be(peer.Tip);
        ours.Ledger.Events.OfType<NodeEvent.Reorganised>().Should().ContainSingle();
    }

    [Fact]
    public void Peers_that_are_all_far_away_are_followed() // a round trip of 2.5 s, longer than a peer may bring nothing
    {
        var ours = new NetworkScenario();
        HandPeer[] peers = [.. Enumerable.Range(0, 3).Select(number => new HandPeer(ours, $"far-{number}"))];
        foreach (var peer in peers)
        {
            peer.Join();
            peer.Chain = HandPeer.Branch(ours.Ledger.Elsewhere, 0, peer.Address.ToString(), 5);
            peer.IsSilent = static _ => true;
        }

        var asked = new Dictionary<long, long>();
        for (var i = 0; i < 140 && ours.Tip.Height == 0; i++)
        {
            ours.Pass(250);
            foreach (var call in ours.Held.ToArray())
            {
                if (asked.TryAdd(call.Number, ours.Now) || ours.Now < asked[call.Number] + 2_500 || !ours.Held.Contains(call)) continue;

                ours.Answer(call, peers.Single(peer => peer.Address == call.To).Honestly(call.Request).Value);
            }
        }

        ours.Tip.Height.Should().Be(5, "half a minute is enough for ten round trips");
        peers.Should().OnlyContain(peer => peer.IsConnected);
    }

    [Fact]
    public void A_branch_that_ours_overtook_meanwhile_is_let_go()
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours) { IsSilent = request => request is PeerRequest.GetHeaders };
        peer.Chain.Seal();
        peer.Join();
        ours.Pass(1);
        ours.Mine();
        ours.Mine();
        var call = ours.Held.Single();

        ours.Answer(call, peer.Honestly(call.Request).Value);
        ours.Run();

        peer.Count<PeerRequest.GetCompactBlock>().Should().Be(0);
        ours.Tip.Height.Should().Be(2);
        peer.IsConnected.Should().BeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_peer_is_read_at_a_time_the_heaviest_claim_first_and_those_last_that_were_read_in_vain(bool wasInVain)
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, Patience = 1_000_000, ReadingSlice = 1_000_000, SetAsideFor = 1 } });
        var (light, heavy, first) = (new HandPeer(ours, "alight"), new HandPeer(ours, "heavy"), new HandPeer(ours, "first"));
        foreach (var peer in new[] { light, heavy, first }) peer.IsSilent = request => request is PeerRequest.GetHeaders;
        foreach (var peer in new[] { light, heavy, first }) peer.Join();
        if (wasInVain)
        {
            heavy.Chain = HandPeer.Branch(heavy.Chain, 0, "heavy", 2);
            ours.Pass(6_000);
            heavy.Count<PeerRequest.GetHeaders>().Should().Be(1);
            first.Claim = new PeerTip(9, 18, Hash256.Sha256([9]));
            ours.Pass(6_000);
            ours.Fail(ours.Held.Single(), "unreachable");
            ours.Run();
        }

        first.Claim ??= new PeerTip(9, 18, Hash256.Sha256([9]));
        ours.Pass(6_000);
        first.Count<PeerRequest.GetHeaders>().Should().Be(1);
        light.Chain.Seal();
        if (!wasInVain) heavy.Chain = HandPeer.Branch(heavy.Chain, 0, "heavy", 2);
        ours.Pass(6_000);
        var before = heavy.Count<PeerRequest.GetHeaders>();

        ours.Fail(ours.Held.Single(), "unreachable");
        ours.Run();

        (heavy.Count<PeerRequest.GetHeaders>() - before, light.Count<PeerRequest.GetHeaders>()).Should().Be(wasInVain ? (0, 1) : (1, 0));
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 20_000)]
    [InlineData(3, 60_000)]
    public void Who_is_read_for_long_without_making_our_branch_heavier_is_not_waited_for(int liars, long time)
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, Patience = 1_000_000 } });
        foreach (var name in new[] { "alpha", "beta", "gamma" }.Take(liars))
        {
            // Silence within the bounds stands for headers without an end, and for blocks that drip.
            new HandPeer(ours, name) { IsSilent = static request => request is PeerRequest.GetHeaders, Claim = new PeerTip(99, 999, Hash256.Sha256([(byte)name[0]])) }.Join();
        }

        ours.Pass(1);
        var begun = ours.Now;
        var honest = new HandPeer(ours, "honest", HandPeer.Branch(ours.Ledger.Elsewhere, 0, "honest", 2));
        honest.Join();
        ours.Pass(begun + time - 2 - ours.Now);
        ours.Tip.Height.Should().Be(0, "a long chain takes its time");

        ours.Pass(2);

        ours.Tip.Should().Be(honest.Tip);
        ours.Banished.Should().BeEmpty("nobody is to blame");
    }

    [Fact]
    public void Blocks_that_drip_in_do_not_keep_a_heavier_branch_away()
    {
        var ours = new NetworkScenario();
        for (var i = 0; i < 40; i++) ours.Ledger.Elsewhere.Seal();
        ours.Take([.. ours.Ledger.Elsewhere.Blocks]);
        var liar = new HandPeer(ours, "liar", HandPeer.Branch(ours.Ledger.Elsewhere, 0, "liar", 60)) { IsSilent = static request => request is PeerRequest.GetBlocks };
        liar.Join();
        ours.Pass(1);
        var honest = new HandPeer(ours, "honest", HandPeer.Branch(ours.Ledger.Elsewhere, 40, "honest", 2));
        honest.Join();

        for (var i = 0; i < 9 && ours.Tip != honest.Tip; i++)
        {
            // Of each answer one block, a second and a half later.
            ours.Pass(1_500);
            foreach (var call in ours.Held.Where(call => call.Request is PeerRequest.GetBlocks).ToArray())
                ours.Answer(call, new PeerAnswer.Blocks([((PeerAnswer.Blocks)liar.Honestly(call.Request).Value).Items[0]]));
            ours.Run();
        }

        ours.Tip.Should().Be(honest.Tip);
    }

    [Fact]
    public void While_a_branch_makes_ours_heavier_the_same_blocks_are_not_asked_of_another_peer_too()
    {
        var ours = new NetworkScenario();
        var chain = HandPeer.Branch(ours.Ledger.Elsewhere, 0, "long", 12);
        var first = new HandPeer(ours, "first", chain) { IsSilent = static request => request is PeerRequest.GetBlocks };
        first.Join();
        ours.Pass(1);
        var second = new HandPeer(ours, "second", chain.Fork(12, "second"));
        second.Chain.Seal();
        second.Join();

        // Slow, and all of it joins our branch.
        for (var height = 1; height <= 12; height++)
        {
            second.Count<PeerRequest.GetHeaders>().Should().Be(0);
            ours.Pass(1_900);
            var call = ours.Held.Single(call => call.Request is PeerRequest.GetBlocks);
            ours.Answer(call, new PeerAnswer.Blocks([((PeerAnswer.Blocks)first.Honestly(call.Request).Value).Items[0]]));
            ours.Run();
            ours.Tip.Height.Should().BeGreaterThanOrEqualTo(height);
        }

        ours.Tip.Should().Be(second.Tip);
    }

    [Fact]
    public void A_branch_whose_blocks_are_too_far_ahead_of_our_clock_is_spoken_of()
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours, chain: HandPeer.Branch(ours.Ledger.Elsewhere, 0, "ahead", 3));
        ours.Now = TestChain.GenesisTime - 600_000;
        peer.Join();

        ours.Pass(1);

        ours.Reports.Should().ContainSingle().Which.Sentence.Should().Contain("is the clock right?").And.Contain(peer.Address.ToString());
        ours.Banished.Should().BeEmpty();
    }

    [Theory]
    [InlineData(8, 8, 0)]
    [InlineData(9, 0, 1)]
    public void Few_blocks_are_fetched_in_short_and_many_whole(int blocks, int compact, int whole)
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours);
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", blocks);
        peer.Join();
        ours.Pass(1);

        ours.Tip.Should().Be(peer.Tip);
        peer.Count<PeerRequest.GetCompactBlock>().Should().Be(compact);
        peer.Count<PeerRequest.GetBlocks>().Should().Be(whole);
        ours.Offered.Should().ContainSingle("it is one step of the ledger");
    }

    [Theory]
    [InlineData(typeof(PeerRequest.GetCompactBlock))]
    [InlineData(typeof(PeerRequest.GetBlockTransactions))]
    [InlineData(typeof(PeerRequest.GetAddresses))]
    [InlineData(typeof(PeerRequest.AnnounceTip))]
    [InlineData(typeof(PeerRequest.AnnounceBlock))]
    [InlineData(typeof(PeerRequest.AnnounceTransactions))]
    public void A_peer_of_another_version_that_knows_not_every_kind_of_message_still_gives_its_chain(Type unknown)
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours) { Lie = request => request.GetType() == unknown ? HandPeer.Refuse(RefusalCodes.NotFound) : null };
        peer.Chain.Seal(ours.Ledger.Elsewhere.TopUp(Alice, 1));
        peer.Chain.Seal(ours.Ledger.Elsewhere.TopUp(Alice, 2));
        ours.Submit(ours.Ledger.Elsewhere.TopUp(Bob, 2));
        peer.Join();
        ours.Pass(10_000);

        ours.Tip.Should().Be(peer.Tip);
        peer.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void The_one_block_that_is_missing_and_whose_header_came_with_the_tip_needs_no_headers()
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours);
        peer.Lie = request => request is PeerRequest.GetTip ? HandPeer.Give(new PeerAnswer.Tip(peer.Tip, peer.Chain.Blocks[^1].Block.SealedHeader)) : null;
        peer.Chain.Seal();
        peer.Join();
        ours.Pass(1);
        var before = peer.Count<PeerRequest.GetHeaders>();
        peer.Chain.Seal();

        var answer = ours.Resolve();
        ours.Run();

        peer.Count<PeerRequest.GetHeaders>().Should().Be(before);
        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Fetched.Headers == 1 && resolution.Fetched.Blocks == 1);
    }

    [Theory]
    [InlineData(typeof(PeerRequest.GetHeaders))]
    [InlineData(typeof(PeerRequest.GetCompactBlock))]
    [InlineData(typeof(PeerRequest.GetBlockTransactions))]
    public void One_answer_that_is_no_message_is_an_accident_and_the_chain_is_taken_later(Type failing)
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours);
        peer.Chain.Seal(ours.Ledger.Elsewhere.TopUp(Alice, 1));
        var failed = 0;
        peer.Lie = request => request.GetType() == failing && failed++ == 0 ? HandPeer.Break("not_a_node") : null;
        peer.Join();
        ours.Pass(1);
        peer.IsConnected.Should().BeTrue();

        ours.Pass(21_000);

        ours.Tip.Should().Be(peer.Tip);
    }

    [Fact]
    public void A_peer_that_gives_headers_and_no_blocks_is_asked_again_only_after_a_while()
    {
        var ours = new NetworkScenario();
        var peer = new HandPeer(ours) { Lie = request => request is PeerRequest.GetCompactBlock ? HandPeer.Refuse("rate_limited") : null };
        peer.Chain.Seal();
        peer.Join();
        ours.Pass(4_000);
        peer.Count<PeerRequest.GetCompactBlock>().Should().Be(1);

        peer.Lie = _ => null;
        ours.Pass(7_000);
        ours.Tip.Should().Be(peer.Tip);
    }

    [Fact]
    public void What_one_peer_has_not_or_does_not_give_is_fetched_of_another()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, FetchedInShort = 0 } });
        var (first, second) = (new HandPeer(ours, "first"), new HandPeer(ours, "second"));
        first.Join();
        second.Join();
        first.Chain = second.Chain = HandPeer.Branch(first.Chain, 0, "theirs", 40);
        first.Lie = request => request is PeerRequest.GetBlocks ? HandPeer.Refuse(RefusalCodes.NotFound) : null;

        var answer = ours.Resolve();
        ours.Run();

        LoopScenario.Answered(answer).Value.Should().Match<Resolution>(resolution => resolution.Replaced && resolution.Fetched.Blocks == 40 && resolution.Fetched.Headers == 40);
        second.Count<PeerRequest.GetBlocks>().Should().BeGreaterThanOrEqualTo(2);
        ours.Offered.Cast<NetworkEffect.OfferBlocks>().Sum(offer => offer.Blocks.Count).Should().Be(40);
    }

    [Fact]
    public void Bodies_are_asked_only_of_peers_that_claim_at_least_as_much()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, FetchedInShort = 0 } });
        var (behind, peer) = (new HandPeer(ours, "behind"), new HandPeer(ours));
        behind.Join();
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", 70);
        peer.Join();
        ours.Pass(1);

        ours.Tip.Should().Be(peer.Tip);
        behind.Count<PeerRequest.GetBlocks>().Should().Be(0);
    }

    [Fact]
    public void Blocks_are_offered_in_order_and_not_more_at_once_than_the_limit_allows()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, OfferedBlocks = 10 } });
        var peer = new HandPeer(ours);
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", 35);
        peer.Join();
        ours.Pass(1);

        ours.Tip.Should().Be(peer.Tip);
        ours.Offered.Cast<NetworkEffect.OfferBlocks>().Select(offer => offer.Blocks.Count).Should().Equal(10, 10, 10, 2, 3);
    }

    [Fact]
    public void The_next_blocks_are_offered_while_those_before_them_are_judged_up_to_a_number_of_offers()
    {
        var ours = Offering(10, blocks: 64, out var peer);
        Jobs(ours).Should().HaveCount(2, "so many may be under way, and more came");

        ours.Judge();
        ours.Run();

        ours.Tip.Should().Be(peer.Tip);
        ours.Offered.Cast<NetworkEffect.OfferBlocks>().SelectMany(offer => offer.Blocks).Select(block => block.Header.Index).Should().BeInAscendingOrder().And.HaveCount(64);
    }

    [Fact]
    public void An_offer_ends_with_the_block_that_fills_it()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, OfferedBytes = 1_000 } });
        var peer = new HandPeer(ours);
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", 20);
        peer.Join();
        ours.Pass(1);

        ours.Tip.Should().Be(peer.Tip);
        ours.Offered.Cast<NetworkEffect.OfferBlocks>().SkipLast(1).Should().OnlyContain(offer => offer.Blocks.Sum(block => block.Size) >= 1_000 && offer.Blocks.SkipLast(1).Sum(block => block.Size) < 1_000);
    }

    [Fact]
    public void After_a_refused_block_what_was_offered_behind_it_counts_for_nothing()
    {
        var ours = Offering(10, blocks: 64, out var peer);
        var jobs = Jobs(ours);

        ours.Step(new NetworkInput.BlocksJudged(jobs[0], new BlockAcceptance(ours.Tip.Hash, 0, 0, 0, new Refusal(RefusalCodes.NotFound, "There is no such event."))));
        var calls = ours.Made.Count;
        ours.Step(new NetworkInput.BlocksJudged(jobs[1], new BlockAcceptance(ours.Tip.Hash, 0, 0, 0, new Refusal(RefusalCodes.UnknownParent, "Its parent is not here."))));
        ours.Run();

        peer.IsLeftAlone.Should().BeTrue("its chain breaks a rule");
        Jobs(ours).Should().Equal(jobs, "nothing more of that branch is offered");
        ours.Made.Count.Should().Be(calls, "or asked for");
    }

    [Fact]
    public void Our_own_fault_in_judging_is_nobodys_blame_and_the_chain_is_taken_later()
    {
        var ours = new NetworkScenario { HoldsJudgement = true };
        var peer = new HandPeer(ours);
        peer.Chain.Seal();
        peer.Join();
        ours.Pass(1);
        var offer = (NetworkEffect.OfferBlocks)ours.Offered.Single();

        ours.Step(new NetworkInput.BlocksJudged(offer.Job, new Refusal("internal_error", "The disk is full.", RefusalKind.Transient)));
        ours.Step(new NetworkInput.BlocksJudged(offer.Job, new Refusal("internal_error", "Once more.", RefusalKind.Transient)));
        peer.IsConnected.Should().BeTrue();
        ours.HoldsJudgement = false;
        ours.Pass(21_000);

        ours.Tip.Should().Be(peer.Tip);
    }

    [Theory]
    [InlineData("storage_failed", true)]
    [InlineData("internal_error", false)]
    public void Whose_disk_failed_is_not_told_that_ours_is_the_heaviest(string code, bool isSaid)
    {
        var ours = new NetworkScenario { HoldsJudgement = true };
        var peer = new HandPeer(ours);
        peer.Join();
        peer.Chain.Seal();
        var answer = ours.Resolve();
        ours.Run();
        var offer = (NetworkEffect.OfferBlocks)ours.Offered.Single();

        ours.Step(new NetworkInput.BlocksJudged(offer.Job, new Refusal(code, "Not now.", RefusalKind.Transient)));
        ours.Run();

        LoopScenario.Answered(answer).Refusal?.Code.Should().Be("storage_failed");
        LoopScenario.Answered(answer).IsAccepted.Should().Be(!isSaid);

        // Only those who were waiting then.
        ours.HoldsJudgement = false;
        var again = ours.Resolve();
        ours.Run();
        LoopScenario.Answered(again).Value.Tip.Should().Be(peer.Tip);
    }

    // A node that took a peer's branch as far as it is, and has not judged anything of it.
    private static NetworkScenario Offering(int atOnce, int blocks, out HandPeer peer)
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, OfferedBlocks = atOnce, OffersAhead = 2 } }) { HoldsJudgement = true };
        peer = new HandPeer(ours);
        peer.Chain = HandPeer.Branch(peer.Chain, 0, "theirs", blocks);
        peer.Join();
        ours.Pass(1);
        return ours;
    }

    private static long[] Jobs(NetworkScenario ours) => [.. ours.Offered.Cast<NetworkEffect.OfferBlocks>().Select(offer => offer.Job)];

    private static SecuTicket.Core.Transactions.VerifiedTransaction ShortLived(TestChain chain, NetworkScenario ours)
    {
        var before = chain.ValidUntil;
        chain.ValidUntil = (ours.Now / 1_000) + 5;
        var transaction = chain.TopUp(Bob, 2);
        chain.ValidUntil = before;
        return transaction;
    }
}
