using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Simulation;

/// <summary>A Byzantine peer: it has a right identity, shakes hands as all do, sees every honest node's chain, and then lies in one way after another.</summary>
/// <remarks>It has as much work as it likes, up to what the rules allow without outdoing the honest. Whoever is refused everywhere comes back under another name.</remarks>
public sealed class Liar : IReachable
{
    private const double MeanPause = 60_000;
    private const long DeepTime = 60_000;
    private const int Margin = 6;
    private const int MostWithheld = 4;

    private readonly World _world;
    private readonly Dice _dice;
    private readonly SortedDictionary<int, SessionToken> _sessions = [];
    private Person _identity;
    private Forge _forge;
    private List<Block> _branch;
    private PeerTip _claim;
    private Fault? _lie;
    private int _names;
    private bool _ended;

    /// <summary>A liar who has not begun.</summary>
    public Liar(World world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        Number = world.NodeCount;
        (_identity, _forge, Address) = NextName();
        _branch = [world.Spec.Genesis];
        _claim = new PeerTip(0, 0, world.Spec.Genesis.Hash);
    }

    /// <inheritdoc/>
    public int Number { get; }

    /// <summary>Where it is reached under its present name.</summary>
    public PeerAddress Address { get; private set; }

    /// <summary>Begins.</summary>
    public void Begin() => Next();

    /// <summary>Ends: nobody is there any more.</summary>
    public void End() => _ended = true;

    /// <inheritdoc/>
    public bool Serve(ReceivedRequest request, Action<WireAnswer> answer)
    {
        if (_ended) return false;
        if (_lie == Fault.Garbage && request.Kind is not (PeerKinds.Hello or PeerKinds.Proof))
        {
            if (Babble(request) is { } babble) answer(babble);
            return true;
        }

        if (PeerCodec.DecodeRequest(request.Kind, request.Body.Span, _world.Spec).TryGet(out var read, out _)) answer(WireAnswer.Of(Answer(read)));
        return true;
    }

    private void Next() => _world.Agenda.After(_dice.Exponential(MeanPause), () =>
    {
        if (_ended) return;

        Lie();
        Next();
    });

    private void Lie()
    {
        var running = _world.Nodes.Where(node => node.Ledger is not null).ToArray();
        if (running.Length == 0) return;

        var branch = Forge.BranchOf(_world, _dice.Pick(running).Ledger!.Snapshot.Chain.Tip.Hash);
        var lie = _world.IsShallow && _dice.Chance(0.2) ? Fault.TooDeepBranch : (Fault)_dice.Between((long)Fault.BadWork, (long)Fault.UnsignedTransactions);
        if (Make(lie, branch) is not { } other) return;

        _world.Faults.Count(lie);
        _world.Trace.Note(_world.Agenda.Now, Number, $"lies: {lie}", other[^1].Header.Index, other[^1].Hash);
        (_lie, _branch) = (lie, other);
        _claim = lie == Fault.WrongClaim
            ? new PeerTip(_dice.Between(1_000, (1L << 53) - 1), UInt128.MaxValue / 2, other[^1].Hash)
            : new PeerTip(other[^1].Header.Index, Forge.WeightOf(other), other[^1].Hash);
        foreach (var node in _world.Nodes) Approach(node, lie);
        if (lie == Fault.TooDeepBranch) _world.Agenda.After(DeepTime, () => _branch = branch);
    }

    // Null when the chain is not long enough for it yet.
    private List<Block>? Make(Fault lie, List<Block> branch)
    {
        var now = Math.Max(_world.Agenda.Now, Forge.MedianOf(branch) + 1);
        return lie switch
        {
            Fault.BadWork => [.. branch, _forge.Next(branch, now, work: false)],
            Fault.BadRoot => [.. branch, Rebodied(_forge.Next(branch, now, Unsigned(1)), [])],
            Fault.MutatedBody => branch[^1].Transactions.Count > 1 ? [.. branch.SkipLast(1), Mutated(branch[^1])] : null,
            Fault.BadSignature => Unsigned(1) is { Length: > 0 } unsigned ? [.. branch, _forge.Next(branch, now, unsigned)] : null,
            Fault.BrokenRule => [.. branch, _forge.Next(branch, now, [_identity.Wish(_world.Spec.ChainId, (now / 1_000) + 600, "transfer", ("recipient", Crowd.Bank), ("amount", 1L << 40))])],
            Fault.WrongReward => [.. branch, _forge.Next(branch, now, reward: _world.Spec.Reward + 1)],
            Fault.BeforeMedian => branch.Count > 11 ? [.. branch, _forge.Next(branch, Forge.MedianOf(branch) - _dice.Between(0, 60_000))] : null,
            Fault.FarFuture => [.. branch, _forge.Next(branch, now + _dice.Between(200_000, 7_200_000))],
            Fault.WithheldBranch => Withheld(branch, now),
            Fault.LongLightBranch => LongAndLight(branch),
            Fault.TooDeepBranch => TooDeep(branch, now),
            Fault.Equivocation => [.. branch, _forge.Next(branch, now)],
            _ => branch,
        };
    }

    private List<Block>? Withheld(List<Block> branch, long now)
    {
        var back = (int)_dice.Between(1, MostWithheld);
        if (branch.Count <= back + 1) return null;

        return Heavier(branch, back, now);
    }

    // Only while all honest nodes are where it is too deep for: one that is far behind can not know better, and its operator would have to decide.
    private List<Block>? TooDeep(List<Block> branch, long now)
    {
        var back = _world.Spec.ReorganisationLimit + Margin;
        if (branch.Count <= back + 1) return null;

        var recent = branch.TakeLast(Margin / 2).Select(block => block.Hash).ToHashSet();
        return _world.Nodes.All(node => node.Ledger is { } ledger && recent.Contains(ledger.Snapshot.Chain.Tip.Hash)) ? Heavier(branch, back, now) : null;
    }

    private List<Block> Heavier(List<Block> branch, int back, long now)
    {
        List<Block> other = [.. branch.SkipLast(back)];
        var (weight, pace) = (Forge.WeightOf(branch), _world.Spec.Work.TargetBlockTime);
        while (Forge.WeightOf(other) <= weight) other.Add(_forge.Next(other, Math.Max(Math.Min(now, now - (pace * (branch.Count - other.Count))), Forge.MedianOf(other) + 1)));
        return other;
    }

    // Slow intervals lower the difficulty, quick ones then cost next to nothing until it is back: as many blocks in the same time, with less work.
    private List<Block>? LongAndLight(List<Block> branch)
    {
        var lowered = (int)_dice.Between(1, 3);
        var interval = _world.Spec.Work.RetargetInterval;
        var slow = _world.Spec.Work.TargetBlockTime * 2 * interval * 11 / 10;
        var since = _world.Agenda.Now - ((lowered + 1) * slow);
        var fork = branch.FindLastIndex(block => block.Header.Timestamp < since && block.Header.Index % interval == 0);
        if (fork < 1) return null;

        List<Block> other = [.. branch.Take(fork + 1)];
        var weight = Forge.WeightOf(branch);
        var time = other[^1].Header.Timestamp;
        while (other.Count <= branch.Count + 2)
        {
            time = Math.Min(Math.Max(time + (other.Count - fork <= (lowered + 1) * interval ? slow / interval : 1), Forge.MedianOf(other) + 1), _world.Agenda.Now);
            if (time <= Forge.MedianOf(other)) return null;

            other.Add(_forge.Next(other, time));
        }

        return Forge.WeightOf(other) < weight ? other : null;
    }

    private Block Mutated(Block block) => _dice.Below(3) switch
    {
        0 => Rebodied(block, [.. block.Transactions.SkipLast(1)]),
        1 => Rebodied(block, [.. block.Transactions, block.Transactions[^1]]),
        _ => Rebodied(block, [.. block.Transactions.SkipLast(1), Unsigned(block.Transactions[^1])]),
    };

    private static Block Rebodied(Block block, Transaction[] body) => new(block.Header, [.. body], block.Seal);

    // Transactions that wait somewhere, with the signatures of somebody else.
    private Transaction[] Unsigned(int most) =>
        [.. _world.Nodes.Select(node => node.Ledger).OfType<RunningLedger>().SelectMany(ledger => ledger.Snapshot.Pending.InOrder).Take(most).Select(entry => Unsigned(entry.Value.Transaction.Transaction))];

    private Transaction Unsigned(Transaction transaction) =>
        new(transaction.Payload, [new TransactionSignature(SignatureScheme.P256, transaction.Signatures[0].Key, _identity.SignDigest(transaction.Id))]);

    private void Approach(SimulatedNode node, Fault lie)
    {
        if (_sessions.ContainsKey(node.Number))
        {
            Tell(node, lie);
            return;
        }

        var hello = PeerHandshake.Hello(Claims(), Random());
        Ask(node, new PeerRequest.Hello(hello), answer =>
        {
            if (answer is PeerAnswer.Welcome welcome)
            {
                Ask(node, new PeerRequest.Prove(PeerHandshake.Prove(hello, welcome.Claims, _identity.SignDigest)), proven =>
                {
                    if (proven is not PeerAnswer.Session session) return;

                    _sessions[node.Number] = session.Token;
                    Tell(node, lie);
                });
            }
        });
    }

    private void Tell(SimulatedNode node, Fault lie)
    {
        if (lie == Fault.UnsignedTransactions)
        {
            if (Unsigned(5) is { Length: > 0 } unsigned) Ask(node, new PeerRequest.SendTransactions([.. unsigned]), static _ => { });
            return;
        }

        var last = lie == Fault.Equivocation && _dice.Chance(0.5) ? _forge.Next(_branch.SkipLast(1).ToArray(), _branch[^1].Header.Timestamp + 1) : _branch[^1];
        if (last.Header.Index > 0) Ask(node, new PeerRequest.AnnounceBlock(_claim with { Hash = last.Hash, Height = last.Header.Index }, CompactBlock.Of(last)), static _ => { });
    }

    private void Ask(SimulatedNode node, PeerRequest request, Action<PeerAnswer> then)
    {
        var (kind, body) = (PeerKinds.Of(request), PeerCodec.Encode(request));
        SessionToken? session = _sessions.TryGetValue(node.Number, out var token) ? token : null;
        _world.Network.Send(Number, node.Number, body.Length, () => node.Serve(
            new ReceivedRequest(kind, body, session, Address.Literal!), answer => _world.Network.Send(node.Number, Number, answer.Body.Length, () => Hear(node, kind, answer, then))));
    }

    private void Hear(SimulatedNode node, string kind, WireAnswer answer, Action<PeerAnswer> then)
    {
        if (_ended) return;
        if (answer.Code is null)
        {
            if (PeerCodec.DecodeAnswer(kind, answer.Body, _world.Spec).TryGet(out var read, out _)) then(read);
            return;
        }

        _sessions.Remove(node.Number);
        if (answer.Code != PeerSessions.Banished) return;

        _world.Trace.Note(_world.Agenda.Now, Number, "was found out and takes another name", _names);
        _sessions.Clear();
        (_identity, _forge, Address) = NextName();
    }

    private Verdict<PeerAnswer> Answer(PeerRequest request) => request switch
    {
        PeerRequest.Hello hello when PeerHandshake.Welcome(hello.Claims, Claims(), Random(), _identity.SignDigest).TryGet(out var welcome, out _) => new PeerAnswer.Welcome(welcome),
        PeerRequest.Prove => new PeerAnswer.Session(new SessionToken(_dice.Next())),
        PeerRequest.GetTip => new PeerAnswer.Tip(_claim),
        PeerRequest.GetAddresses => new PeerAnswer.Addresses([.. Enumerable.Range(0, _dice.Below(3)).Select(_ => SimulatedNode.AddressOf(200 + _dice.Below(50)))]),
        PeerRequest.GetHeaders headers => Headers(headers),
        PeerRequest.GetBlocks blocks => new PeerAnswer.Blocks([.. blocks.Hashes.Select(Find).TakeWhile(static block => block is not null).Select(static block => block!)]),
        PeerRequest.GetCompactBlock compact when Find(compact.Hash) is { } block => new PeerAnswer.Compact(CompactBlock.Of(block)),
        PeerRequest.GetBlockTransactions wanted when Find(wanted.Hash) is { } block => new PeerAnswer.Transactions([.. wanted.Places.Where(place => place < block.Transactions.Count).Select(place => block.Transactions[place])]),
        PeerRequest.AnnounceTransactions or PeerRequest.AnnounceTip => new PeerAnswer.Wanted([]),
        PeerRequest.AnnounceBlock or PeerRequest.SendTransactions => new PeerAnswer.Noted(),
        _ => new Refusal(RefusalCodes.NotFound, "No.", RefusalKind.Transient),
    };

    private PeerAnswer.Headers Headers(PeerRequest.GetHeaders request)
    {
        var places = new Dictionary<Hash256, int>();
        for (var i = 0; i < _branch.Count; i++) places[_branch[i].Hash] = i;
        var from = request.Locator.Where(places.ContainsKey).Select(hash => places[hash]).FirstOrDefault(-1);
        return new PeerAnswer.Headers(from < 0 ? [] : [.. _branch.Skip(from + 1).Take(request.Count).Select(block => block.SealedHeader)]);
    }

    private Block? Find(Hash256 hash) => _branch.FindLast(block => block.Hash == hash);

    private WireAnswer? Babble(ReceivedRequest request)
    {
        switch (_dice.Below(4))
        {
            case 0: return null;
            case 1: return new WireAnswer([], "no_such_code");
            case 2 when request.Kind == PeerKinds.Headers:
                return WireAnswer.Of(new PeerAnswer.Headers([.. Enumerable.Repeat(_branch[^1].SealedHeader, PeerLimits.Headers)]));
            default:
                var bytes = new byte[_dice.Below(2_000)];
                _dice.Fill(bytes);
                return new WireAnswer(bytes, null);
        }
    }

    private PeerIdentity Claims() => new(_world.Spec.ChainId, _world.Spec.Genesis.Hash, _identity.Key, Address, null, _claim, "simulated/1");

    private (Person Identity, Forge Forge, PeerAddress Address) NextName()
    {
        var person = new Person($"liar-number-{_names:D6}");
        return (person, new Forge(_world, person.Address), SimulatedNode.AddressOf(100 + (_names++ % 100)));
    }

    private Hash256 Random()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        _dice.Fill(bytes);
        return new Hash256(bytes);
    }
}
