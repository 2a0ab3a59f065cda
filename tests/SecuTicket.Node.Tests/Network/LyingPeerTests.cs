using SecuTicket.Core.Blocks;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Blocks that are not what was announced or asked for: the liar is dropped, and the good block is taken from somebody else. Issue 4, 4 and the named cases.</summary>
public sealed class LyingPeerTests
{
    private readonly NetworkScenario _ours;
    private readonly HandPeer _liar;
    private readonly HandPeer _honest;
    private readonly TestChain _chain;

    public LyingPeerTests()
    {
        _ours = new NetworkScenario(setup: new NetworkSetup { Spec = SpecOf(sealers: Organiser) });
        _chain = _ours.Ledger.Elsewhere;
        _liar = new HandPeer(_ours, "aliar", new TestChain(new InMemoryBlockStore(), _ours.Ledger.Spec));
        _honest = new HandPeer(_ours, "honest", new TestChain(new InMemoryBlockStore(), _ours.Ledger.Spec));
        _liar.Join();
        _honest.Join();
        _ours.Pass(1);
    }

    [Fact]
    public void A_good_header_announced_with_another_body_does_not_stand_for_the_block()
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));
        var mutated = Forgery.Mutated(block, _chain.TopUp(Bob, 2).Transaction);
        _liar.Lie = request => request is PeerRequest.GetBlockTransactions ? HandPeer.Give(new PeerAnswer.Transactions([mutated.Transactions[1]])) : null;

        _liar.Announce(mutated);
        _ours.Run();

        TheLiarIsDropped();
        _ours.Offered.Should().BeEmpty();
        TheGoodBlockIsTaken(block);
    }

    [Fact]
    public void Nor_when_the_other_body_is_of_what_waits_here()
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));
        var waiting = _chain.TopUp(Bob, 2);
        _ours.Submit(waiting);
        var mutated = Forgery.Mutated(block, waiting.Transaction);
        _liar.Lie = request => request is PeerRequest.GetBlocks ? HandPeer.Give(new PeerAnswer.Blocks([mutated])) : null;

        _liar.Announce(mutated);
        _ours.Run();

        TheLiarIsDropped();
        TheGoodBlockIsTaken(block);
    }

    [Fact]
    public void Short_ids_that_name_other_transactions_here_cost_the_whole_block_and_nobody_is_to_blame()
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));
        var waiting = _chain.TopUp(Bob, 2);
        _ours.Submit(waiting);
        _honest.Chain = _chain;

        _honest.Announce(Forgery.Mutated(block, waiting.Transaction));
        _ours.Run();

        _honest.Count<PeerRequest.GetBlocks>().Should().Be(1);
        _ours.Tip.Hash.Should().Be(block.Hash);
        _ours.Reports.Should().BeEmpty();
    }

    [Fact]
    public void Nor_when_a_stranger_gives_all_of_the_other_body()
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));
        var mutated = Forgery.Mutated(block);
        var stranger = new HandPeer(_ours, "stranger", _chain);

        stranger.Announce(mutated);
        _ours.Run();

        _ours.Banished.Should().ContainSingle().Which.Caller.Should().Be(stranger.Node);
        TheGoodBlockIsTaken(block);
    }

    [Theory]
    [InlineData("other transactions")]
    [InlineData("too few")]
    public void Who_gives_other_transactions_than_a_block_names_is_dropped(string how)
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1), _chain.TopUp(Alice, 2));
        var other = _chain.TopUp(Bob, 2).Transaction;
        _liar.Chain = _chain;
        _liar.Lie = request => request is PeerRequest.GetBlockTransactions ? HandPeer.Give(new PeerAnswer.Transactions(how == "too few" ? [] : [block.Block.Transactions[1], other])) : null;

        _liar.Announce(block);
        _ours.Run();

        TheLiarIsDropped();
        TheGoodBlockIsTaken(block);
    }

    [Fact]
    public void A_changed_seal_is_seen_in_an_announcement()
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));

        _liar.Announce(Resealed(block));
        _ours.Run();

        TheLiarIsDropped();
        TheGoodBlockIsTaken(block);
    }

    [Theory]
    [InlineData("another body")]
    [InlineData("another seal")]
    [InlineData("another block")]
    [InlineData("more blocks")]
    public void A_changed_block_in_a_download_is_its_senders_fault_and_the_good_one_is_fetched_of_another(string lie)
    {
        for (var i = 0; i < 12; i++) _chain.Seal();
        (_liar.Chain, _honest.Chain) = (_chain, _chain);
        _liar.Claim = _liar.Tip with { Weight = _liar.Tip.Weight };
        _liar.Lie = request => request is PeerRequest.GetBlocks blocks && _liar.Honestly(blocks).Value is PeerAnswer.Blocks { Items: var items }
            ? HandPeer.Give(new PeerAnswer.Blocks(lie switch
            {
                "another body" => [Forgery.Mutated(_chain.Blocks[0], _chain.TopUp(Bob, 2).Transaction), .. items.Skip(1)],
                "another seal" => [Resealed(_chain.Blocks[0]), .. items.Skip(1)],
                "another block" => [.. items.Skip(1)],
                _ => [.. items, _chain.Spec.Genesis],
            }))
            : null;

        _ours.Resolve();
        _ours.Run();
        TheLiarIsDropped();
        _ours.Pass(21_000);

        _ours.Tip.Should().Be(_honest.Tip);
        _honest.IsConnected.Should().BeTrue();
    }

    [Fact]
    public void A_seal_that_was_changed_on_the_way_is_not_held_against_whose_chain_it_is()
    {
        var owner = new HandPeer(_ours, "aa-owner", new TestChain(new InMemoryBlockStore(), _ours.Ledger.Spec));
        owner.Join();
        for (var i = 0; i < 40; i++) _chain.Seal();
        (owner.Chain, _liar.Chain) = (_chain, _chain);
        _liar.Lie = request => request is PeerRequest.GetBlocks blocks && _liar.Honestly(blocks).Value is PeerAnswer.Blocks { Items: var items }
            ? HandPeer.Give(new PeerAnswer.Blocks([Resealed(_chain.Blocks[(int)items[0].Header.Index - 1]), .. items.Skip(1)]))
            : null;

        _ours.Resolve();
        _ours.Run();

        _liar.Count<PeerRequest.GetBlocks>().Should().BePositive();
        TheLiarIsDropped();
        owner.IsConnected.Should().BeTrue();
        _ours.Pass(21_000);
        _ours.Tip.Should().Be(owner.Tip);
    }

    [Theory]
    [InlineData("another body")]
    [InlineData("another seal")]
    [InlineData("another block")]
    public void So_it_is_with_one_that_was_fetched_in_short(string lie)
    {
        var block = _chain.Seal(_chain.TopUp(Alice, 1));
        var other = _chain.TopUp(Bob, 2).Transaction;
        (_liar.Chain, _honest.Chain) = (_chain, _chain);
        _liar.Lie = request => request switch
        {
            PeerRequest.GetCompactBlock => HandPeer.Give(new PeerAnswer.Compact(CompactBlock.Of(lie switch
            {
                "another body" => Forgery.Mutated(block, other),
                "another seal" => Resealed(block),
                _ => _chain.Spec.Genesis,
            }))),
            PeerRequest.GetBlockTransactions when lie == "another body" => HandPeer.Give(new PeerAnswer.Transactions([other])),
            _ => null,
        };

        _ours.Resolve();
        _ours.Run();

        TheLiarIsDropped();
        _ours.Pass(21_000);
        _ours.Tip.Hash.Should().Be(block.Hash);
    }

    [Fact]
    public void Whose_chain_breaks_a_rule_is_dropped_and_what_is_good_of_it_stays()
    {
        var ours = new NetworkScenario();
        var liar = new HandPeer(ours, "liar");
        liar.Join();
        var good = liar.Chain.Seal();
        var bad = Forgery.WithInvalidBody(liar.Chain);
        liar.Claim = new PeerTip(2, 4, bad.Hash);
        liar.Lie = request => request switch
        {
            PeerRequest.GetHeaders => HandPeer.Give(new PeerAnswer.Headers([good.Block.SealedHeader, bad.Block.SealedHeader])),
            PeerRequest.GetCompactBlock { Hash: var hash } when hash == bad.Hash => HandPeer.Give(new PeerAnswer.Compact(CompactBlock.Of(bad.Block))),
            PeerRequest.GetBlockTransactions => HandPeer.Give(new PeerAnswer.Transactions([bad.Block.Transactions[1]])),
            _ => null,
        };

        ours.Resolve();
        ours.Run();

        liar.IsLeftAlone.Should().BeTrue();
        ours.Tip.Hash.Should().Be(good.Hash);

        var second = new HandPeer(ours, "second", liar.Chain) { Claim = liar.Claim, Lie = liar.Lie };
        second.Join();
        ours.Pass(1);
        second.IsLeftAlone.Should().BeTrue();
        second.Count<PeerRequest.GetCompactBlock>().Should().Be(0, "the block is known to be invalid: its header is enough");
    }

    private static Block Resealed(VerifiedBlock block) => new(block.Header, block.Block.Transactions, Bank.Sign(block.Hash));

    private void TheLiarIsDropped()
    {
        (_liar.IsBanished || _liar.IsLeftAlone).Should().BeTrue();
        _honest.IsConnected.Should().BeTrue();
        _honest.IsBanished.Should().BeFalse();
    }

    private void TheGoodBlockIsTaken(VerifiedBlock block)
    {
        _honest.Chain = _chain;
        _honest.Announce(block);
        _ours.Run();
        _ours.Tip.Hash.Should().Be(block.Hash);
    }
}
