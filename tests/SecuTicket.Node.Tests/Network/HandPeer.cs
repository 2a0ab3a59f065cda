using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Loop;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>A peer that the test plays by hand: it answers truly from its own chain, except where it is told to lie.</summary>
internal sealed class HandPeer
{
    private readonly NetworkScenario _node;
    private int _handshakes;

    public HandPeer(NetworkScenario node, string name = "peer", TestChain? chain = null, string? address = null)
    {
        _node = node;
        Key = new TestPeer(name);
        Chain = chain ?? new TestChain(new InMemoryBlockStore(), node.Ledger.Spec, name);
        Address = TestPeer.AddressOf(address ?? $"http://{name}.example:5000");
        node.Others[Address] = Answer;
    }

    public TestPeer Key { get; set; }

    public Address Node => Key.Node;

    public TestChain Chain { get; set; }

    public PeerAddress Address { get; }

    public PeerTip Tip => Claim ?? NetworkScenario.TipOf(Snapshot);

    /// <summary>What it says of its branch, when that is not the truth.</summary>
    public PeerTip? Claim { get; set; }

    /// <summary>Its answer to a request when that is not the truth; the truth where this gives null.</summary>
    public Func<PeerRequest, Verdict<PeerAnswer>?> Lie { get; set; } = _ => null;

    /// <summary>Requests that it gives no answer to for now.</summary>
    public Func<PeerRequest, bool> IsSilent { get; set; } = _ => false;

    /// <summary>Which of the announced transactions it wants.</summary>
    public bool WantsTransactions { get; set; } = true;

    /// <summary>Whether it wants blocks that are announced.</summary>
    public bool WantsBlocks { get; set; } = true;

    /// <summary>Addresses that it tells.</summary>
    public List<PeerAddress> Tells { get; } = [];

    public List<PeerRequest> Asked { get; } = [];

    public IEnumerable<Transaction> Brought => Asked.OfType<PeerRequest.SendTransactions>().SelectMany(request => request.Transactions);

    public bool IsConnected => _node.IsConnected(Address);

    /// <summary>Whether it is not called any more, for what it answered.</summary>
    public bool IsLeftAlone => !IsConnected && _node.Book.Find(Address)!.IsBanned(_node.Now);

    /// <summary>Whether its calls are refused, for what it sent.</summary>
    public bool IsBanished => _node.Banished.Any(banish => banish.Caller == Node && banish.Until > _node.Now);

    private NodeSnapshot Snapshot => new(Chain.Chain, Chain.Pending);

    /// <summary>A chain that follows this one up to a block and then goes its own way.</summary>
    public static TestChain Branch(TestChain from, long index, string name, int blocks)
    {
        var branch = from.Fork(index, name);
        branch.Take(Forgery.At(branch, branch.Now + 1 + (name.Sum(static letter => letter) % 900)));
        for (var i = 1; i < blocks; i++) branch.Seal();
        return branch;
    }

    /// <summary>A lie: the truth that somebody else, or nobody, would tell.</summary>
    public static Verdict<PeerAnswer>? Give(PeerAnswer answer) => answer;

    /// <summary>A refusal to answer, for now.</summary>
    public static Verdict<PeerAnswer>? Refuse(string code) => new Refusal(code, "It does not want to.", RefusalKind.Transient);

    /// <summary>An answer that is no message.</summary>
    public static Verdict<PeerAnswer>? Break(string code) => new Refusal(code, "It can not be read.");

    public void Join() => _node.Join(Address);

    public void Greet() => _node.Step(new NetworkInput.Greeted(Key.Identity with { Tip = Tip }, Address));

    public void Announce(VerifiedBlock block) => Announce(block.Block);

    public void Announce(Block block) => Announce(CompactBlock.Of(block));

    public void Announce(CompactBlock block) => _node.Step(new NetworkInput.BlockAnnounced(Node, Tip, block));

    /// <summary>Announces a block by its header.</summary>
    /// <returns>Whether it is to be sent.</returns>
    public bool AnnounceTip(VerifiedBlock block)
    {
        var reply = new Reply<PeerAnswer>();
        _node.Step(new NetworkInput.TipAnnounced(Node, Tip with { Hash = block.Hash }, block.Block.SealedHeader, reply));
        return ((PeerAnswer.Wanted)LoopScenario.Answered(reply.Answer).Value).Places.Count > 0;
    }

    public EquatableArray<int> Announce(params VerifiedTransaction[] transactions) => _node.Announce(Node, [.. transactions.Select(one => one.Transaction.Leaf)]);

    public void Bring(params VerifiedTransaction[] transactions) => _node.Step(new NetworkInput.TransactionsBrought(Node, [.. transactions.Select(one => one.Transaction)]));

    public int Count<T>()
        where T : PeerRequest => Asked.OfType<T>().Count();

    /// <summary>The truth.</summary>
    public Verdict<PeerAnswer> Honestly(PeerRequest request)
    {
        switch (request)
        {
            case PeerRequest.Hello hello:
                var self = Key.Identity with { Address = Address, Tip = Tip, ChainId = Chain.Spec.ChainId, Genesis = Chain.Spec.Genesis.Hash };
                return new PeerAnswer.Welcome(new PeerWelcome(self, TestPeer.Challenge("hand"), Key.Sign(PeerHandshake.WelcomeDigest(hello.Claims, self, TestPeer.Challenge("hand")))));
            case PeerRequest.Prove: return new PeerAnswer.Session(new SessionToken((UInt128)(++_handshakes)));
            case PeerRequest.GetTip: return new PeerAnswer.Tip(Tip);
            case PeerRequest.AnnounceTransactions announced: return new PeerAnswer.Wanted(WantsTransactions ? [.. Enumerable.Range(0, announced.Leaves.Count)] : []);
            case PeerRequest.AnnounceTip: return new PeerAnswer.Wanted(WantsBlocks ? [0] : []);
            case PeerRequest.AnnounceBlock or PeerRequest.SendTransactions: return new PeerAnswer.Noted();
            default:
                var answer = new PeerReads(() => Snapshot, Chain.Store, () => Tells).Answer(request, out _);
                return answer.TryGet(out var given, out _) ? PeerCodec.DecodeAnswer(PeerKinds.Of(request), PeerCodec.Encode(given), Chain.Spec) : answer;
        }
    }

    private Verdict<PeerAnswer>? Answer(NetworkEffect.Call call)
    {
        Asked.Add(call.Request);
        if (IsSilent(call.Request)) return null;

        return Lie(call.Request) ?? Honestly(call.Request);
    }
}
