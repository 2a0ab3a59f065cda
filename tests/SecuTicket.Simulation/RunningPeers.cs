using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Simulation;

/// <summary>One life of a node among others: what the process is around <see cref="NetworkLoop"/> and <see cref="PeerServer"/>, on virtual time and a faulty network.</summary>
/// <remarks>Messages travel as the bytes that they are on a wire, and both sides read them as anybody's.</remarks>
public sealed class RunningPeers
{
    private const long AnswerTime = 10_000;
    private const double CheckTime = 0.2;
    private const int OpenCalls = 500;

    // As seldom as a node may look at its peers: most of a run is nodes that have nothing to say. And bounds so small that runs meet them.
    private static readonly NetworkSettings Habits = new() { LookInterval = 10_000, KnownLeaves = 200, QueuedLeaves = 100, UnwantedLeaves = 200, RememberedMisconduct = 4, OfferedAgain = 50 };
    private static readonly PeerBookSettings BookBounds = new() { Records = 40, Unproven = 16, Registered = 16, Forgotten = 8, SharesPrivate = true };
    private static readonly PeerServerSettings ServerBounds = new() { Sessions = 24, Handshakes = 12, Banished = 4 };

    private readonly World _world;
    private readonly SimulatedNode _node;
    private readonly RunningLedger _ledger;
    private readonly NetworkLoop _loop;
    private readonly PeerServer _server;
    private readonly Dictionary<Reply, Action> _waiting = [];
    private readonly HashSet<long> _open = [];
    private bool _stopped;
    private long _checkedAt;
    private long _timer = long.MaxValue;

    /// <summary>Starts with the peers that the node's book kept.</summary>
    public RunningPeers(World world, SimulatedNode node, RunningLedger ledger)
    {
        (_world, _node, _ledger) = (world, node, ledger);
        var book = new PeerBook(BookBounds, world.Dice.Unit, [.. node.Book.Values]);
        book.Configure(node.Configured, node.Clock);
        var self = new NetworkSelf(Claims, node.Identity.SignDigest, world.Verifier, world.Dice.Unit, Challenge);
        _loop = new NetworkLoop(Habits, self, book, () => _ledger.Snapshot, world.Seals);
        Sessions = new PeerSessions(ServerBounds);
        var reads = new PeerReads(() => _ledger.Snapshot, node.Disk.Store, () => _loop.View.Shared);
        _server = new PeerServer(world.Spec, new PeerSelf(Claims, node.Identity.SignDigest, world.Dice.Fill, to => to == Claims().Address), Sessions, reads, world.Verifier);
        Tell(new NetworkInput.Tick());
    }

    /// <summary>Who may call.</summary>
    public PeerSessions Sessions { get; }

    /// <summary>What is held beyond its bounds; none when all is well.</summary>
    public IEnumerable<string> Excess()
    {
        var remembered = Habits.RememberedMisconduct + Habits.UnwantedLeaves + ((BookBounds.Active + BookBounds.Registered) * (Habits.KnownLeaves + Habits.QueuedLeaves)) + OpenCalls;
        if (_loop.Remembered > remembered) yield return $"{_loop.Remembered} values are remembered of peers and transactions, at most {remembered} may be";
        if (Sessions.Count > ServerBounds.Sessions) yield return $"{Sessions.Count} callers have sessions, at most {ServerBounds.Sessions} may";
        if (_node.Book.Count > BookBounds.Records + BookBounds.Forgotten) yield return $"{_node.Book.Count} addresses are in the book";
        if (_open.Count > OpenCalls) yield return $"{_open.Count} calls are under way";
    }

    /// <summary>Our ledger says something.</summary>
    public void Happened(NodeEvent happened) => Tell(new NetworkInput.Happened([happened]));

    /// <summary>The node stopped without warning.</summary>
    public void Stop() => _stopped = true;

    /// <summary>A request came over the network.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">Takes the answer.</param>
    public void Serve(ReceivedRequest request, Action<WireAnswer> answer)
    {
        var served = _server.Serve(request, _node.Clock);
        if (served.Waited is { } waited) _waiting.Add(waited, () => answer(WireAnswer.Of(waited.Answer.Result)));
        if (served.Answer is { } now) answer(WireAnswer.Of(now));
        if (served.Told is { } told) Tell(told);
    }

    private void Tell(NetworkInput input)
    {
        if (_stopped) return;

        foreach (var effect in _loop.Step(input, _node.Clock)) Do(effect);
        SetTimer();
    }

    private void Do(NetworkEffect effect)
    {
        switch (effect)
        {
            case NetworkEffect.Call call: Call(call); break;
            case NetworkEffect.OfferBlocks offer: Offer(offer); break;
            case NetworkEffect.SubmitTransactions submit: Submit(submit); break;
            case NetworkEffect.Keep { Change: var change }: _node.Keep(change); break;
            case NetworkEffect.Banish banish: Sessions.Banish(banish.Caller, banish.Until); break;
            case NetworkEffect.Report report: _world.Trace.Note(_world.Agenda.Now, _node.Number, report.IsAlarm ? "alarm:" : "reports:", detail: report.Sentence); break;
            case NetworkEffect.Answer answer:
                answer.Deliver();
                if (_waiting.Remove(answer.Reply, out var then)) then();
                break;
        }
    }

    private void Call(NetworkEffect.Call call)
    {
        var (kind, body) = (PeerKinds.Of(call.Request), PeerCodec.Encode(call.Request));
        _open.Add(call.Number);
        _world.Trace.Note(_world.Agenda.Now, _node.Number, kind, body.Length, detail: call.To.Host);
        if (_world.Find(call.To) is not { } other)
        {
            Fail(call.Number, PeerRefusals.Unreachable, 100);
            return;
        }

        _world.Agenda.After(AnswerTime, () => Close(call.Number, new NetworkInput.CallFailed(call.Number, new Refusal(PeerRefusals.Unreachable, "No answer in time.", RefusalKind.Transient))));
        _world.Network.Send(_node.Number, other.Number, body.Length, () =>
        {
            if (!other.Serve(new ReceivedRequest(kind, body, call.Session, _node.Address.Literal!), Reply)) Fail(call.Number, PeerRefusals.Unreachable, 50);
        });

        void Reply(WireAnswer answer) => _world.Network.Send(other.Number, _node.Number, answer.Body.Length, () => Hear(call.Number, kind, call.To, answer));
    }

    private void Hear(long number, string kind, PeerAddress from, WireAnswer answer)
    {
        if (answer.Code is { } code)
        {
            Close(number, new NetworkInput.CallFailed(number, PeerRefusals.Of(code) ?? new Refusal(PeerRefusals.NotANode, "It answered as no node does.")));
            return;
        }

        Close(number, PeerCodec.DecodeAnswer(kind, answer.Body, _world.Spec).TryGet(out var read, out var refusal)
            ? new NetworkInput.Answered(number, read, answer.Body.Length, AddressBlock.Of(from.Literal!).ToString())
            : new NetworkInput.CallFailed(number, refusal));
    }

    private void Fail(long number, string code, long after) =>
        _world.Agenda.After(after, () => Close(number, new NetworkInput.CallFailed(number, new Refusal(code, "Nobody answers there.", RefusalKind.Transient))));

    private void Close(long number, NetworkInput input)
    {
        if (!_stopped && _open.Remove(number)) Tell(input);
    }

    // One offer is checked after the other, in order.
    private void Offer(NetworkEffect.OfferBlocks offer)
    {
        _checkedAt = Math.Max(_checkedAt, _world.Agenda.Now) + TimeFor(offer.Blocks.Sum(block => block.Transactions.Count));
        After(_checkedAt - _world.Agenda.Now, () => Check(offer));
    }

    private void Check(NetworkEffect.OfferBlocks offer)
    {
        var verified = new List<VerifiedBlock>();
        Refusal? bad = null;
        foreach (var block in offer.Blocks)
        {
            if (!_world.Signatures.Verify(block).TryGet(out var right, out bad)) break;

            verified.Add(right);
        }

        _ledger.Offer(verified, verdict => Tell(new NetworkInput.BlocksJudged(
            offer.Job, verdict.TryGet(out var acceptance, out _) && acceptance.Refusal is null ? acceptance with { Refusal = bad } : verdict)));
    }

    private void Submit(NetworkEffect.SubmitTransactions submit) => After(TimeFor(submit.Transactions.Count), () =>
    {
        var refusals = new Refusal?[submit.Transactions.Count];
        var (right, places) = (new List<VerifiedTransaction>(), new List<int>());
        for (var i = 0; i < refusals.Length; i++)
        {
            if (!_world.Signatures.Verify(submit.Transactions[i]).TryGet(out var verified, out refusals[i])) continue;

            right.Add(verified);
            places.Add(i);
        }

        _ledger.Submit(right, answer =>
        {
            for (var i = 0; i < places.Count; i++) refusals[places[i]] = answer.TryGet(out var submissions, out var trouble) ? submissions[i].Refusal : trouble;
            Tell(new NetworkInput.TransactionsJudged(submit.Job, refusals));
        });
    });

    // Signatures take the processor's time, some fifth of a millisecond each.
    private static long TimeFor(int signatures) => 1 + (long)(signatures * CheckTime);

    private void After(long time, Action action) => _world.Agenda.After(time, () =>
    {
        if (!_stopped) action();
    });

    private PeerIdentity Claims()
    {
        var tip = _ledger.Snapshot.Chain.Tip;
        return new PeerIdentity(_world.Spec.ChainId, _world.Spec.Genesis.Hash, _node.Identity.Key, _node.Address, null, new PeerTip(tip.Header.Index, tip.Weight, tip.Hash), "simulated/1");
    }

    private Hash256 Challenge()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        _world.Dice.Fill(bytes);
        return new Hash256(bytes);
    }

    private void SetTimer()
    {
        if (_loop.NextTickAt is not { } at || at >= _timer) return;

        _timer = at;
        _world.Agenda.After(Math.Clamp(at - _node.Clock, 1, 60_000), () =>
        {
            if (_stopped || _timer != at) return;

            _timer = long.MaxValue;
            Tell(new NetworkInput.Tick());
        });
    }
}

/// <summary>An answer on its way: bytes, or the code of a refusal.</summary>
/// <param name="Body">The bytes; those of a problem document are not made.</param>
/// <param name="Code">The code; null for an answer.</param>
public sealed record WireAnswer(byte[] Body, string? Code)
{
    /// <summary>What a node's verdict is on a wire.</summary>
    public static WireAnswer Of(Verdict<PeerAnswer> verdict) => verdict.TryGet(out var answer, out var refusal) ? new WireAnswer(PeerCodec.Encode(answer), null) : new WireAnswer([], refusal.Code);
}
