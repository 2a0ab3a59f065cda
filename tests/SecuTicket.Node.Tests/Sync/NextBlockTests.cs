using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Mempool;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sync;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Sync;

// S2.9: catching up one block costs one block.
public class NextBlockTests
{
    private readonly HeaderWorld _world = new(difficulty: 4);
    private readonly Blockchain _chain;
    private readonly PeerLinks _links = new();
    private readonly Outbox _outbox = new();
    private readonly ChainSync _sync;
    private readonly PeerLink _link;

    public NextBlockTests()
    {
        _chain = Blockchain.Start(_world.Spec, _world.Seals);
        var snapshot = new NodeSnapshot(_chain, PendingSet.Empty(new MempoolLimits(), _chain.Ledger, 0));
        var settings = new NetworkSettings();
        var misconduct = new Misconduct(settings, new PeerBook(new PeerBookSettings(), () => 0.5, []), _links, _outbox);
        _sync = new ChainSync(settings, () => snapshot, _world.Seals, _links, _outbox, misconduct);
        _link = new PeerLink(TestPeer.AddressOf("http://peer.example:5000"), settings) { Session = new SessionToken(1), Identity = new TestPeer("peer").Identity };
        _links.Add(_link);
        _outbox.Begin(HeaderWorld.Now);
    }

    [Fact]
    public void The_one_missing_block_is_asked_for_without_asking_for_headers_when_its_header_came_with_the_tip()
    {
        var next = _world.Next(_world.Genesis);
        Say(next);

        Asked().Should().Equal(new PeerRequest.GetCompactBlock(next.Hash));
        _sync.Fetched.Headers.Should().Be(1);
    }

    [Fact]
    public void Headers_are_asked_for_when_more_than_one_block_is_missing()
    {
        var branch = _world.Extend(_world.Genesis, 2);
        Say(branch[2]);
        Asked().Should().ContainSingle().Which.Should().BeOfType<PeerRequest.GetHeaders>();
    }

    [Fact]
    public void Headers_are_asked_for_when_the_header_that_came_is_of_an_earlier_tip()
    {
        var branch = _world.Extend(_world.Genesis, 2);
        Say(branch[1]);
        _link.Tip = new PeerTip(2, 1_000, branch[2].Hash);

        Asked().Should().ContainSingle().Which.Should().BeOfType<PeerRequest.GetHeaders>();
    }

    [Fact]
    public void A_header_that_shows_no_work_is_misconduct_and_its_block_is_not_asked_for()
    {
        var next = _world.Next(_world.Genesis);
        while (ProofOfWork.LeadingZeroBits(next.Hash.Span) >= 4) next = next with { Nonce = next.Nonce + 1 };
        Say(next);

        Asked().Should().BeEmpty();
        _link.IsClosed.Should().BeTrue();
    }

    [Fact]
    public void A_block_that_is_being_judged_is_neither_put_together_nor_fetched_once_more()
    {
        var next = _world.Next(_world.Genesis);
        var announced = new NetworkInput.BlockAnnounced(_link.Identity!.Node, new PeerTip(1, 1_000, next.Hash), CompactBlock.Of(new Block(next, [])));
        _sync.Take(announced);
        _sync.Take(announced);
        _sync.Consider();

        _outbox.End().Should().ContainSingle().Which.Should().BeOfType<NetworkEffect.OfferBlocks>();
    }

    private void Say(BlockHeader header) =>
        (_link.Tip, _link.TipHeader) = (new PeerTip(header.Index, 1_000, header.Hash), new SealedHeader(header, null));

    private IEnumerable<PeerRequest> Asked()
    {
        _sync.Consider();
        return _outbox.End().OfType<NetworkEffect.Call>().Select(call => call.Request);
    }
}
