using SecuTicket.Core.Consensus;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Peers;

/// <summary>All that a node decides about others: inputs go in, one after the other, effects come out; nothing here touches a clock, a socket, a disk or a thread.</summary>
/// <remarks>
/// It never writes the ledger: it offers blocks and transactions to <see cref="NodeLoop"/> as anybody does, and hears what became of them. So a mistake here may cost time, never a ticket.
/// The same inputs at the same times give the same effects, so a simulation can run a whole network in one thread and replay any failure from its seed.
/// </remarks>
public sealed class NetworkLoop
{
    private readonly NetworkSettings _settings;
    private readonly PeerLinks _links = new();
    private readonly Outbox _outbox = new();
    private readonly PeerBook _book;
    private readonly Misconduct _misconduct;
    private readonly Membership _membership;
    private readonly TransactionIntake _intake;
    private readonly TransactionRelay _transactions;
    private readonly BlockRelay _blocks;
    private readonly ChainSync _sync;
    private readonly Resolutions _resolutions;
    private readonly LastPeer _lastPeer;
    private EquatableArray<PeerAddress> _shared = [];
    private long _nextDrawAt;
    private bool _started;

    /// <summary>A loop that knows whom the book knows, and calls nobody yet.</summary>
    /// <param name="settings">Its habits and limits.</param>
    /// <param name="self">Who it is.</param>
    /// <param name="book">Whom it knows.</param>
    /// <param name="snapshot">The ledger as it is now.</param>
    /// <param name="seals">Checks seals of headers.</param>
    public NetworkLoop(NetworkSettings settings, NetworkSelf self, PeerBook book, Func<NodeSnapshot> snapshot, ISealVerifier seals)
    {
        _settings = settings;
        _book = book;
        _misconduct = new Misconduct(settings, book, _links, _outbox);
        var pending = new PendingLeaves(snapshot);
        _intake = new TransactionIntake(settings, pending, _links, _outbox, _misconduct);
        _transactions = new TransactionRelay(settings, snapshot, pending, _links, _outbox);
        _blocks = new BlockRelay(snapshot, _links, _outbox);
        _sync = new ChainSync(settings, snapshot, seals, _links, _outbox, _misconduct);
        var introductions = new Introductions(settings, self, book, _links, _outbox)
        {
            Met = link =>
            {
                _transactions.Offer(link);
                if (link.NextLookAt <= _outbox.Now) _sync.Consider();
            },
        };
        _membership = new Membership(settings, self, book, _links, _outbox, _misconduct, introductions) { Looked = _ => _sync.Consider() };
        _resolutions = new Resolutions(settings, snapshot, _links, _membership, _sync, _outbox);
        _lastPeer = new LastPeer(settings, _links, _outbox);
    }

    /// <summary>The peers as they are now.</summary>
    public NetworkView View
    {
        get
        {
            // Whoever asks again and again gets the same few, not the whole book piece by piece. While there are few, all are told: a node that kept to the first it met would hide from
            // those who come next the ones who came just before them.
            if (_outbox.Now >= _nextDrawAt)
            {
                _shared = [.. _book.ToShare(PeerLimits.Addresses, _outbox.Now)];
                _nextDrawAt = _outbox.Now + (_shared.Count == 0 ? 0 : _shared.Count < PeerLimits.Addresses ? _settings.LookInterval : _settings.DiscoveryInterval);
            }

            return NetworkView.Of(_links, _book, _shared);
        }
    }

    /// <summary>Values remembered of peers and transactions, all together: bounded whatever peers do.</summary>
    public int Remembered => _transactions.Remembered + _intake.Remembered + _misconduct.Remembered + _outbox.Awaited;

    /// <summary>Takes one input.</summary>
    /// <param name="input">What happened.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <returns>What is to be done, in order.</returns>
    public IReadOnlyList<NetworkEffect> Step(NetworkInput input, long now)
    {
        var isClockSetBack = now < _outbox.Now - _settings.LookInterval;
        _outbox.Begin(now);
        if (isClockSetBack) Reschedule();
        if (!_started)
        {
            _started = true;
            _transactions.Restart();
        }

        Take(input);
        if (now >= _membership.NextAt) _membership.Tick();
        _sync.Tick();
        if (now >= _transactions.NextAt) _transactions.Tick();
        _resolutions.Settle();
        _lastPeer.Look();
        foreach (var change in _book.TakeChanges()) _outbox.Keep(change);
        return _outbox.End();
    }

    /// <summary>When <see cref="NetworkInput.Tick"/> is needed next, in milliseconds since 1970; null while nothing waits for time to pass.</summary>
    public long? NextTickAt
    {
        get
        {
            long[] times = [_membership.NextAt, _resolutions.NextAt, _sync.NextAt, _transactions.NextAt, _lastPeer.NextAt];
            var next = times.Min();
            return next == long.MaxValue ? null : next;
        }
    }

    // The clock was set back: what is due would not be due for as long.
    private void Reschedule()
    {
        _membership.Reschedule();
        _transactions.Reschedule();
        _intake.Restart();
        _sync.LookAgain();
    }

    private void Take(NetworkInput input)
    {
        switch (input)
        {
            case NetworkInput.Answered answered: Hear(answered); break;
            case NetworkInput.CallFailed failed: Miss(failed); break;
            case NetworkInput.Greeted greeted: _membership.Greet(greeted); break;
            case NetworkInput.TipAnnounced announced: _sync.Take(announced); break;
            case NetworkInput.BlockAnnounced announced: _sync.Take(announced); break;
            case NetworkInput.TransactionsAnnounced announced: _intake.Judge(announced); break;
            case NetworkInput.TransactionsBrought brought: _intake.Take(brought); break;
            case NetworkInput.Misbehaved misbehaved: _misconduct.ChargeCaller(misbehaved.Caller, Misconduct.Grave, $"it sent what is refused with {misbehaved.Why.Code}"); break;
            case NetworkInput.Happened happened:
                foreach (var one in happened.Events) Follow(one);
                break;
            case NetworkInput.EventsMissed: _transactions.Restart(); break;
            case NetworkInput.BlocksJudged judged: _outbox.TakeBlocks(judged.Job)?.Invoke(judged.Verdict); break;
            case NetworkInput.TransactionsJudged judged: _outbox.TakeTransactions(judged.Job)?.Invoke(judged.Refusals); break;
            case NetworkInput.Register register: _membership.Register(register); break;
            case NetworkInput.Forget forget: _membership.Forget(forget); break;
            case NetworkInput.Resolve resolve: _resolutions.Add(resolve); break;
            case NetworkInput.Tick: break;
        }
    }

    private void Hear(NetworkInput.Answered answered)
    {
        if (_outbox.TakeCall(answered.Call) is not { } call) return;

        if (call.Link.IsClosed)
        {
            call.Failed(Outbox.LinkClosed);
            return;
        }

        if (answered.Block is { } block) call.Link.Block = block;
        _membership.Heard(call.Link);
        try
        {
            call.Answered(answered.Answer, answered.Bytes);
        }
        catch
        {
            // A bug, which the shell reports; whoever waits for this answer must not wait for ever.
            call.Failed(Outbox.LinkClosed);
            throw;
        }
    }

    private void Miss(NetworkInput.CallFailed failed)
    {
        if (_outbox.TakeCall(failed.Call) is not { } call) return;

        _membership.Missed(call, failed.Why);
        call.Failed(failed.Why);
    }

    private void Follow(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.TransactionDecided decision:
                // What is confirmed stands in the block that was connected.
                if (decision.Waiting is { } waiting) _transactions.Announce(waiting);
                else if (decision.Status == TransactionStatus.Rejected) _intake.Reject(decision.Id);
                break;
            case NodeEvent.BlockConnected connected:
                _intake.Follow(connected);
                _blocks.Announce(connected);
                break;
        }
    }
}
