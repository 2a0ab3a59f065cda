using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>How new blocks go from node to node. Issue 4, 3.</summary>
public sealed class BlockRelayTests
{
    private readonly NetworkScenario _ours = new();
    private readonly HandPeer _peer;
    private readonly HandPeer _other;

    public BlockRelayTests()
    {
        _peer = new HandPeer(_ours);
        _other = new HandPeer(_ours, "other");
    }

    private TestChain Elsewhere => _ours.Ledger.Elsewhere;

    [Fact]
    public void A_new_tip_is_announced_in_short_to_every_peer()
    {
        _peer.Join();
        _other.Join();

        var block = _ours.Mine();
        _ours.Run();

        foreach (var peer in new[] { _peer, _other })
        {
            var announced = peer.Asked.OfType<PeerRequest.AnnounceBlock>().Should().ContainSingle().Subject;
            announced.Tip.Should().Be(_ours.Tip);
            announced.Block.Hash.Should().Be(block.Hash);
        }
    }

    [Fact]
    public void A_peer_that_does_not_want_a_block_gets_its_header_alone()
    {
        _peer.WantsBlocks = false;
        _peer.Join();

        var block = _ours.Mine();
        _ours.Run();

        _peer.Asked.OfType<PeerRequest.AnnounceTip>().Should().ContainSingle().Which.Header.Should().Be(block.Block.SealedHeader);
        _peer.Count<PeerRequest.AnnounceBlock>().Should().Be(0);
    }

    [Fact]
    public void A_block_that_follows_ours_is_wanted_of_the_first_who_announces_it()
    {
        _peer.Join();
        _other.Join();
        (_peer.Chain, _other.Chain) = (Elsewhere, Elsewhere);
        var block = Elsewhere.Seal(Elsewhere.TopUp(Alice, 1));

        _peer.AnnounceTip(block).Should().BeTrue();
        _other.AnnounceTip(block).Should().BeFalse("it is coming");
        _ours.Made.Should().NotContain(call => call.Request is PeerRequest.GetHeaders || call.Request is PeerRequest.GetCompactBlock);

        _ours.Pass(_ours.Setup.Network.Patience);
        _ours.Tip.Hash.Should().Be(block.Hash, "when it does not come it is fetched");
        _peer.AnnounceTip(block).Should().BeFalse("it is known");
    }

    [Fact]
    public void A_block_that_does_not_follow_ours_is_fetched_with_those_before_it()
    {
        _peer.Join();
        _peer.Chain = Elsewhere;
        Elsewhere.Seal();

        _peer.AnnounceTip(Elsewhere.Seal()).Should().BeFalse();
        _ours.Run();

        _ours.Tip.Should().Be(_peer.Tip);
    }

    [Fact]
    public void A_block_is_not_announced_to_whom_it_came_from_nor_to_one_whose_tip_it_is()
    {
        _peer.Join();
        _other.Join();
        var block = _peer.Chain.Seal();
        _other.Chain = _peer.Chain;
        _ours.Pass(6_000);
        _ours.Tip.Hash.Should().Be(block.Hash);
        _peer.Count<PeerRequest.AnnounceTip>().Should().Be(0);
        _other.Count<PeerRequest.AnnounceTip>().Should().Be(0);
        _peer.Count<PeerRequest.AnnounceBlock>().Should().Be(0);
        _other.Count<PeerRequest.AnnounceBlock>().Should().Be(0);

        var next = _peer.Chain.Seal();
        _peer.Announce(next);
        _ours.Run();

        _ours.Has(next.Hash).Should().BeTrue();
        _peer.Count<PeerRequest.AnnounceBlock>().Should().Be(0);
        _other.Count<PeerRequest.AnnounceBlock>().Should().Be(1, "we did not hear that it has it");
    }

    [Fact]
    public void One_announcement_is_on_its_way_at_a_time_and_the_latest_block_follows()
    {
        _peer.IsSilent = request => request is PeerRequest.AnnounceBlock;
        _peer.Join();
        for (var i = 0; i < 3; i++)
        {
            _ours.Mine();
            _ours.Run();
        }

        _peer.Count<PeerRequest.AnnounceBlock>().Should().Be(1);
        _ours.Answer(_ours.Held.Single(), new PeerAnswer.Noted());
        _ours.Run();

        _peer.Asked.OfType<PeerRequest.AnnounceBlock>().Select(request => request.Block.Header.Header.Index).Should().Equal(1, 3);
        _ours.Fail(_ours.Held.Single(), "unreachable");
        _ours.Mine();
        _ours.Run();
        _peer.Asked.OfType<PeerRequest.AnnounceBlock>().Select(request => request.Block.Header.Header.Index).Should().Equal(1, 3, 4);
    }

    [Fact]
    public void While_catching_up_only_the_last_block_is_news()
    {
        _peer.Join();

        _ours.Take(Elsewhere.Seal(), Elsewhere.Seal(), Elsewhere.Seal());
        _ours.Run();

        _peer.Asked.OfType<PeerRequest.AnnounceBlock>().Should().ContainSingle().Which.Block.Header.Header.Index.Should().Be(3);
    }

    [Fact]
    public void A_block_announced_whose_transactions_wait_here_costs_no_call()
    {
        _peer.Join();
        _peer.Chain = Elsewhere;
        var transaction = Elsewhere.Admit(Elsewhere.TopUp(Alice, 1));
        _ours.Submit(transaction);
        _ours.Pass(1);
        var calls = _ours.Made.Count;

        _peer.Announce(Elsewhere.Seal());

        _ours.Tip.Height.Should().Be(1);
        _ours.Made.Should().HaveCount(calls);
    }

    [Fact]
    public void Only_the_transactions_that_are_missing_are_asked_for()
    {
        _peer.Join();
        _peer.Chain = Elsewhere;
        Elsewhere.Admit(Elsewhere.TopUp(Alice, 1));
        _ours.Submit(Elsewhere.Admit(Elsewhere.TopUp(Alice, 2)));

        _peer.Announce(Elsewhere.Seal());
        _ours.Run();

        _ours.Tip.Height.Should().Be(1);
        _peer.Asked.OfType<PeerRequest.GetBlockTransactions>().Should().ContainSingle().Which.Places.Should().Equal(1);
        _peer.Count<PeerRequest.GetHeaders>().Should().Be(0);
    }

    [Fact]
    public void An_announced_block_that_is_known_costs_nothing()
    {
        _peer.Join();
        _peer.Chain = Elsewhere;
        var block = Elsewhere.Seal();
        _ours.Take(block);
        _ours.Run();
        var (calls, offered) = (_ours.Made.Count, _ours.Offered.Count);

        for (var i = 0; i < 3; i++) _peer.Announce(block);

        _ours.Made.Should().HaveCount(calls);
        _ours.Offered.Should().HaveCount(offered);
    }

    [Fact]
    public void One_block_announced_by_many_at_once_is_put_together_once()
    {
        _peer.IsSilent = request => request is PeerRequest.GetBlockTransactions;
        _peer.Join();
        _other.Join();
        (_peer.Chain, _other.Chain) = (Elsewhere, Elsewhere);
        var block = Elsewhere.Seal(Elsewhere.TopUp(Alice, 1));

        _peer.Announce(block);
        _other.Announce(block);
        _ours.Run();
        _other.Count<PeerRequest.GetBlockTransactions>().Should().Be(0);

        _ours.Fail(_ours.Held.Single(), "unreachable");
        _ours.Run();
        _ours.Has(block.Hash).Should().BeTrue("it is fetched of whoever has it then");
    }

    [Fact]
    public void A_block_that_follows_one_that_is_being_put_together_waits_for_it()
    {
        _peer.IsSilent = request => request is PeerRequest.GetBlockTransactions;
        _peer.Join();
        _peer.Chain = Elsewhere;
        var first = Elsewhere.Seal(Elsewhere.TopUp(Alice, 1));
        _peer.Announce(first);
        _ours.Run();

        _peer.Announce(Elsewhere.Seal());
        _ours.Run();
        _ours.Tip.Height.Should().Be(0);
        var call = _ours.Held.Single();
        _ours.Answer(call, _peer.Honestly(call.Request).Value);

        _ours.Tip.Height.Should().Be(2);
        _peer.Count<PeerRequest.GetHeaders>().Should().Be(0);
    }

    [Fact]
    public void A_block_that_could_not_be_put_together_is_not_tried_again_with_the_same_caller()
    {
        _peer.IsSilent = request => request is PeerRequest.GetBlockTransactions;
        _peer.Join();
        _peer.Claim = _ours.Tip;
        var block = Elsewhere.Seal(Elsewhere.TopUp(Alice, 1));
        _peer.Announce(block);
        _ours.Run();
        _ours.Fail(_ours.Held.Single(), "unreachable");

        _peer.Announce(block);
        _ours.Run();

        _peer.Count<PeerRequest.GetBlockTransactions>().Should().Be(1);
    }

    [Fact]
    public void No_more_blocks_are_put_together_at_once_than_the_limit_allows()
    {
        var ours = new NetworkScenario(setup: new NetworkSetup { Network = new NetworkSettings { LookAfterRegistration = 0, Assemblies = 2 } });
        var peer = new HandPeer(ours) { IsSilent = request => request is PeerRequest.GetBlockTransactions };
        peer.Join();
        var blocks = Enumerable.Range(1, 4).Select(i => ours.Ledger.Elsewhere.Forge(ours.Ledger.Elsewhere.TopUp(Alice, i))).ToArray();

        foreach (var block in blocks) peer.Announce(block);
        ours.Run();

        peer.Asked.OfType<PeerRequest.GetBlockTransactions>().Select(request => request.Hash).Should().Equal(blocks[0].Hash, blocks[1].Hash);
        ours.Fail(ours.Held[0], "unreachable");
        peer.Announce(blocks[2]);
        ours.Run();
        peer.Count<PeerRequest.GetBlockTransactions>().Should().Be(3);
    }

    [Fact]
    public void A_block_of_equal_weight_changes_nothing_and_the_next_one_decides()
    {
        _peer.Join();
        _peer.Chain.Seal();
        var first = _ours.Mine();
        var calls = _ours.Made.Count;

        _peer.Announce(_peer.Chain.Blocks[^1]);
        _ours.Pass(10_000);
        _ours.Tip.Hash.Should().Be(first.Hash, "the first seen stays");
        _ours.Asked<PeerRequest.GetHeaders>().Should().BeEmpty("nothing is fetched that weighs no more");
        _ours.Made.Count.Should().BeGreaterThan(calls);

        _peer.Chain.Seal();
        _peer.Announce(_peer.Chain.Blocks[^1]);
        _ours.Run();
        _ours.Tip.Hash.Should().Be(_peer.Chain.Chain.Tip.Hash);
        _ours.Ledger.Events.OfType<NodeEvent.Reorganised>().Should().ContainSingle().Which.Depth.Should().Be(1);
    }

    [Fact]
    public void A_caller_that_is_no_peer_may_announce_a_block_of_which_nothing_is_missing()
    {
        var block = Elsewhere.Seal();

        _peer.Announce(block);

        _ours.Tip.Hash.Should().Be(block.Hash);
        _ours.Made.Should().BeEmpty();
    }

    [Fact]
    public void Who_announces_an_invalid_block_is_dropped_and_so_is_who_announces_it_again()
    {
        _peer.Join();
        var bad = Forgery.WithInvalidBody(Elsewhere);
        _peer.Lie = request => request is PeerRequest.GetBlockTransactions ? HandPeer.Give(new PeerAnswer.Transactions([bad.Block.Transactions[1]])) : null;

        _peer.Announce(bad);
        _ours.Run();
        _ours.Tip.Height.Should().Be(0);
        _ours.Banished.Should().ContainSingle().Which.Caller.Should().Be(_peer.Node);

        var offered = _ours.Offered.Count;
        _other.Announce(bad);
        _ours.Banished.Select(banish => banish.Caller).Should().Equal(_peer.Node, _other.Node);
        _ours.Offered.Should().HaveCount(offered, "it is known to be invalid");
        var third = new HandPeer(_ours, "third");
        third.AnnounceTip(bad).Should().BeFalse();
        third.IsBanished.Should().BeTrue("the header is enough");
    }

    [Fact]
    public void One_new_block_on_a_long_chain_costs_one_header_and_one_block_and_resolve_says_so()
    {
        for (var i = 0; i < 150; i++) Elsewhere.Seal();
        _ours.Take([.. Elsewhere.Blocks]);
        _peer.Chain = Elsewhere;
        _peer.Join();
        Elsewhere.Seal(Elsewhere.TopUp(Alice, 1));

        var answer = _ours.Resolve();
        _ours.Run();

        var resolution = LoopScenario.Answered(answer).Value;
        resolution.Replaced.Should().BeTrue();
        resolution.Tip.Should().Be(_peer.Tip);
        resolution.Fetched.Should().Match<FetchCount>(fetched => fetched.Headers == 1 && fetched.Blocks == 1 && fetched.Bytes > 500 && fetched.Bytes < 2_048);
    }
}
