using System.Net;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Tests.Loop;
using SecuTicket.Node.Tests.Peers;

namespace SecuTicket.Node.Tests.Network;

/// <summary>What a scenario's node is made of.</summary>
internal sealed record NetworkSetup
{
    /// <summary>A peer's chain is looked at as soon as it was registered.</summary>
    public NetworkSettings Network { get; init; } = new() { LookAfterRegistration = 0 };

    public PeerBookSettings Book { get; init; } = new();

    public ChainSpec? Spec { get; init; }

    /// <summary>The peer book of an earlier run.</summary>
    public IReadOnlyCollection<PeerRecord> Kept { get; init; } = [];

    public int Seed { get; init; } = 1;

    /// <summary>What is drawn each time that looks at peers are spread.</summary>
    public double Chance { get; init; } = 0.5;
}

/// <summary>A real node, ledger and network, in one thread on a clock that stands still until it is moved. Its calls wait in order; <see cref="Run"/> hands each to whoever is at its address.</summary>
internal sealed class NetworkScenario
{
    private static readonly P256Verifier Keys = new(64);

    private readonly PeerServer _server;
    private readonly Queue<NetworkEffect> _offered = new();
    private bool _isJudging;
    private int _eventsTold;
    private int _drawn;

    public NetworkScenario(string name = "ours", NetworkSetup? setup = null)
    {
        Setup = setup ?? new NetworkSetup();
        Ledger = new LoopScenario(spec: Setup.Spec);
        Key = new TestPeer(name);
        Address = TestPeer.AddressOf($"http://{name}.example:5000");
        var random = new Random(Setup.Seed);
        Book = new PeerBook(Setup.Book, random.NextDouble, Setup.Kept);
        Loop = new NetworkLoop(
            Setup.Network,
            new NetworkSelf(() => Identity, Key.Sign, TestPeer.Verifier, () => Setup.Chance, () => TestPeer.Challenge($"{name} {++_drawn}")),
            Book,
            () => Snapshot,
            new ProofOfWorkVerifier(Ledger.Spec, Keys));
        Sessions = new PeerSessions(new PeerServerSettings { RequestsPerSecond = 100_000, BytesPerSecond = long.MaxValue / 1_000_000 });
        _server = new PeerServer(
            Ledger.Spec,
            new PeerSelf(() => Identity, Key.Sign, bytes => TestPeer.Challenge($"{name} {++_drawn}").Span[..bytes.Length].CopyTo(bytes), _ => true),
            Sessions,
            new PeerReads(() => Snapshot, Ledger.Store, () => Loop.View.Shared),
            TestPeer.Verifier);
    }

    public NetworkSetup Setup { get; }

    public LoopScenario Ledger { get; }

    public NetworkLoop Loop { get; }

    public PeerBook Book { get; }

    public PeerSessions Sessions { get; }

    public TestPeer Key { get; }

    public PeerAddress Address { get; }

    public PeerIdentity Identity => Key.Identity with { Address = Address, Tip = Tip, ChainId = Ledger.Spec.ChainId, Genesis = Ledger.Spec.Genesis.Hash };

    public NodeSnapshot Snapshot => new(Ledger.Loop.State.Chain, Ledger.Loop.State.Pending);

    public PeerTip Tip => TipOf(Snapshot);

    public long Now
    {
        get => Ledger.Now;
        set => Ledger.Now = value;
    }

    /// <summary>Who is at which address: gives an answer, or null when there is none yet.</summary>
    public Dictionary<PeerAddress, Func<NetworkEffect.Call, Verdict<PeerAnswer>?>> Others { get; } = [];

    /// <summary>In which address block somebody is reached, where the address does not show it.</summary>
    public Dictionary<PeerAddress, string> Blocks { get; } = [];

    /// <summary>Calls that nobody was handed yet.</summary>
    public Queue<NetworkEffect.Call> Calls { get; } = new();

    /// <summary>Calls that have no answer yet.</summary>
    public List<NetworkEffect.Call> Held { get; } = [];

    /// <summary>All calls that were ever made.</summary>
    public List<NetworkEffect.Call> Made { get; } = [];

    /// <summary>Blocks and transactions that were offered to the ledger, in order.</summary>
    public List<NetworkEffect> Offered { get; } = [];

    /// <summary>Of these, what waits to be judged.</summary>
    public Queue<NetworkEffect> Unjudged { get; } = new();

    /// <summary>Whether what is offered to the ledger waits until <see cref="Judge"/>.</summary>
    public bool HoldsJudgement { get; set; }

    public List<NetworkEffect.Report> Reports { get; } = [];

    public List<NetworkEffect.Banish> Banished { get; } = [];

    public List<PeerBookChange> Kept { get; } = [];

    public static PeerTip TipOf(NodeSnapshot snapshot) => new(snapshot.Tip.Index, snapshot.Chain.Tip.Weight, snapshot.Tip.Hash);

    /// <summary>Lets time pass for nodes that know each other: each does what is due when it is due.</summary>
    public static void Pass(long time, params NetworkScenario[] nodes)
    {
        var end = nodes[0].Now + time;
        RunAll(nodes);
        while (nodes.Min(node => node.Loop.NextTickAt ?? long.MaxValue) is var at && at <= end)
        {
            foreach (var node in nodes) node.Now = Math.Max(node.Now, at);
            foreach (var node in nodes.Where(node => node.Loop.NextTickAt <= at)) node.Step(new NetworkInput.Tick());
            RunAll(nodes);
        }

        foreach (var node in nodes) node.Now = end;
    }

    /// <summary>Hands over calls and answers, in turn, until nobody has anything to say.</summary>
    public static void RunAll(params NetworkScenario[] nodes)
    {
        while (nodes.Select(static node => node.HandOver()).ToArray().Contains(true))
        {
        }
    }

    /// <summary>Makes two nodes reach each other.</summary>
    public void Connect(NetworkScenario other)
    {
        Others[other.Address] = other.Serve;
        other.Others[Address] = Serve;
    }

    public void Pass(long time) => Pass(time, this);

    public void Run() => RunAll(this);

    /// <summary>Takes one input and does what follows.</summary>
    public void Step(NetworkInput input)
    {
        foreach (var effect in Loop.Step(input, Now)) Do(effect);
        JudgeOffered();
    }

    public void Answer(NetworkEffect.Call call, PeerAnswer answer)
    {
        Held.Remove(call);
        Step(new NetworkInput.Answered(call.Number, answer, PeerCodec.Encode(answer).Length, Blocks.GetValueOrDefault(call.To)));
    }

    public void Fail(NetworkEffect.Call call, string code, RefusalKind kind = RefusalKind.Transient)
    {
        Held.Remove(call);
        Step(new NetworkInput.CallFailed(call.Number, new Refusal(code, "It failed.", kind)));
    }

    public Task<Verdict<PeerAddress>> Register(PeerAddress address)
    {
        var reply = new Reply<PeerAddress>();
        Step(new NetworkInput.Register(address, reply));
        return reply.Answer;
    }

    public Task<Verdict<PeerAddress>> Forget(PeerAddress address)
    {
        var reply = new Reply<PeerAddress>();
        Step(new NetworkInput.Forget(address, reply));
        return reply.Answer;
    }

    public Task<Verdict<Resolution>> Resolve()
    {
        var reply = new Reply<Resolution>();
        Step(new NetworkInput.Resolve(reply));
        return reply.Answer;
    }

    /// <summary>Makes a peer of somebody, as an operator does.</summary>
    public void Join(PeerAddress address)
    {
        var answer = Register(address);
        Run();
        LoopScenario.Answered(answer).Refusal.Should().BeNull();
    }

    /// <summary>Which places of an announcement are wanted.</summary>
    public EquatableArray<int> Announce(Address caller, params Hash256[] leaves)
    {
        var reply = new Reply<PeerAnswer>();
        Step(new NetworkInput.TransactionsAnnounced(caller, [.. leaves], reply));
        return ((PeerAnswer.Wanted)LoopScenario.Answered(reply.Answer).Value).Places;
    }

    public Submission Submit(VerifiedTransaction transaction)
    {
        var submission = Ledger.Submit(transaction);
        TellEvents();
        return submission;
    }

    public VerifiedBlock Mine()
    {
        var block = Ledger.Mine();
        TellEvents();
        return block;
    }

    /// <summary>Offers blocks to the ledger as somebody else would.</summary>
    public void Take(params VerifiedBlock[] blocks)
    {
        Ledger.Offer(blocks);
        TellEvents();
    }

    /// <summary>Judges what was held since.</summary>
    public void Judge()
    {
        HoldsJudgement = false;
        while (Unjudged.TryDequeue(out var effect)) _offered.Enqueue(effect);
        JudgeOffered();
    }

    public bool IsConnected(PeerAddress address) => Loop.View.Peers.Any(peer => peer.Address == address && peer.IsConnected);

    public bool Has(Hash256 block) => Snapshot.Chain.Find(block) is { Invalid: false };

    public IEnumerable<T> Asked<T>(PeerAddress? of = null)
        where T : PeerRequest => Made.Where(call => of is null || call.To == of).Select(call => call.Request).OfType<T>();

    /// <summary>Answers a call as the node does on the network, bytes and all.</summary>
    public Verdict<PeerAnswer>? Serve(NetworkEffect.Call call)
    {
        var kind = PeerKinds.Of(call.Request);
        var served = _server.Serve(new ReceivedRequest(kind, PeerCodec.Encode(call.Request), call.Session, IPAddress.Parse("192.0.2.1")), Now);
        if (served.Told is { } told) Step(told);
        var answer = served.Waited is { } waited ? LoopScenario.Answered(waited.Answer) : served.Answer!.Value;
        return answer.TryGet(out var value, out var refusal) ? PeerCodec.DecodeAnswer(kind, PeerCodec.Encode(value), Ledger.Spec) : PeerRefusals.Of(refusal.Code) ?? refusal;
    }

    private bool HandOver()
    {
        if (!Calls.TryDequeue(out var call)) return false;

        var answer = Others.TryGetValue(call.To, out var other) ? other(call) : new Refusal("unreachable", "Nobody is there.", RefusalKind.Transient);
        if (answer is not { } given) Held.Add(call);
        else if (given.TryGet(out var value, out var refusal)) Answer(call, value);
        else Step(new NetworkInput.CallFailed(call.Number, refusal));
        return true;
    }

    private void Do(NetworkEffect effect)
    {
        switch (effect)
        {
            case NetworkEffect.Call call: Calls.Enqueue(call); Made.Add(call); break;
            case NetworkEffect.Answer answer: answer.Deliver(); break;
            case NetworkEffect.Keep keep: Kept.Add(keep.Change); break;
            case NetworkEffect.Banish banish: Banished.Add(banish); Sessions.Banish(banish.Caller, banish.Until); break;
            case NetworkEffect.Report report: Reports.Add(report); break;
            default:
                Offered.Add(effect);
                (HoldsJudgement ? Unjudged : _offered).Enqueue(effect);
                break;
        }
    }

    // In the order of the offers, whatever judging one of them leads to.
    private void JudgeOffered()
    {
        if (_isJudging) return;

        _isJudging = true;
        while (_offered.TryDequeue(out var next)) JudgeOne(next);
        _isJudging = false;
    }

    private void JudgeOne(NetworkEffect effect)
    {
        if (effect is NetworkEffect.OfferBlocks offer)
        {
            var (verified, bad) = BlockChecks.Verify(offer.Blocks, TestPeer.Verifier);
            var acceptance = Ledger.Offer([.. verified]);
            TellEvents();
            Step(new NetworkInput.BlocksJudged(offer.Job, acceptance.Refusal is null ? acceptance with { Refusal = bad } : acceptance));
        }
        else if (effect is NetworkEffect.SubmitTransactions submit)
        {
            Refusal?[] refusals = [.. submit.Transactions.Select(one => TestPeer.Verifier.Verify(one).TryGet(out var verified, out var refusal) ? Ledger.Submit(verified).Refusal : refusal)];
            TellEvents();
            Step(new NetworkInput.TransactionsJudged(submit.Job, refusals));
        }
    }

    private void TellEvents()
    {
        while (_eventsTold < Ledger.Events.Count) Step(new NetworkInput.Happened([Ledger.Events[_eventsTold++]]));
    }
}
