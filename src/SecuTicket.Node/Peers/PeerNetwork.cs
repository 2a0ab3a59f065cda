using System.Net;
using System.Threading.Channels;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>A running node's place among others: the shell around <see cref="NetworkLoop"/> that has the queue, the sockets, the disk and the clock.</summary>
/// <remarks>
/// What comes of our own calls always gets into the queue, however full it is; what others want is refused with <c>not_ready</c> then. So no peer can keep the loop from
/// hearing what it asked for.
/// </remarks>
public sealed class PeerNetwork : IAsyncDisposable
{
    // Steps after which waiting answers are given and readers see the peers anew.
    private const int StepsAtOnce = 256;

    // Events of our own ledger that are one input.
    private const int EventsAtOnce = 256;

    // Milliseconds.
    private const long ViewInterval = 100;

    private const string OwnError = "The network met an error of its own.";

    // What is being checked when the node stops can not be given up half-way, and nobody waits for it any more.
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly PeerNetworkParts _parts;
    private readonly NetworkLoop _loop;
    private readonly PeerBook _book;
    private readonly PeerSessions _sessions;
    private readonly PeerReception _reception;
    private readonly NetworkErrands _errands;
    private readonly PeerBookKeeping _keeping;
    private readonly Inbox _inbox;
    private readonly ReportLimit _lines;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _timer;
    private volatile NetworkView _view = NetworkView.Empty;
    private Task _running = Task.CompletedTask;
    private Task _listening = Task.CompletedTask;
    private readonly Lazy<Task> _end;
    private bool _isStale;
    private long _shownAt;
    private int _underWay = 1;

    /// <summary>A place that knows whom its book knows, or nobody when the book can not be read. It answers callers, but calls nobody before <see cref="Start"/>.</summary>
    public PeerNetwork(PeerNetworkParts parts)
    {
        var (node, settings, random) = (parts.Node, parts.Settings, (Func<double>)Random.Shared.NextDouble);
        _parts = parts;
        _stop = _stopping.Token;
        _end = new Lazy<Task>(StopAsync);
        _book = new PeerBook(settings.Book, random, Load(parts));
        _loop = new NetworkLoop(settings.Network, new NetworkSelf(parts.Self.Identity, parts.Self.Sign, node.Verifier, random, parts.Self.Challenge), _book, () => node.Snapshot, parts.Seals);
        _sessions = new PeerSessions(settings.Server);
        _errands = new NetworkErrands(node, parts.Client, Counts, parts.Report, _stop);
        _keeping = new PeerBookKeeping(parts.Store, parts.Clock, parts.Report);
        _inbox = new Inbox(settings);
        _lines = new ReportLimit(parts.Report);
        var reads = new PeerReads(() => node.Snapshot, node.Store, () => _view.Shared.ToArray());
        var server = new PeerServer(node.Spec, parts.Self, _sessions, reads, node.Verifier);
        _reception = new PeerReception(server, settings, _inbox.TryAdd, Counts, parts.Clock, _stop);
        _timer = parts.Clock.CreateTimer(_ => _inbox.TryAdd(new NetworkInput.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The peers as they were after the last steps.</summary>
    public NetworkView View => _view;

    /// <summary>What went on with peers.</summary>
    public NetworkCounts Counts { get; } = new();

    /// <summary>Callers that proved who they are.</summary>
    public int Callers => _sessions.Count;

    /// <summary>Begins to call peers: those that the settings name, and those that the book knows. Once.</summary>
    /// <param name="configured">Addresses of the settings; what the book has of earlier settings and is not among them is a peer like any other.</param>
    public void Start(IEnumerable<PeerAddress> configured)
    {
        foreach (var address in _book.Configure(configured, Now())) _parts.Report(new NetworkReport($"There is no room for the configured peer {address}."));
        var events = _parts.Node.Events.SubscribeWithin();
        _keeping.Add(_book.TakeChanges(), isUrgent: true);
        _view = _loop.View;
        _running = Task.Run(RunAsync, CancellationToken.None);
        _listening = Task.Run(() => ListenAsync(events), CancellationToken.None);
        _inbox.TryAdd(new NetworkInput.Tick());
    }

    /// <summary>Makes a node a peer; answered when a handshake proved who is there.</summary>
    /// <returns>Who it is; refusals are those of <see cref="PeerClient"/> and <see cref="PeerHandshake"/>, <c>peers_full</c> and <c>not_ready</c>.</returns>
    public Task<Verdict<PeerAddress>> RegisterAsync(PeerAddress address, CancellationToken cancellation = default) =>
        AskAsync<PeerAddress>(reply => new NetworkInput.Register(address, reply), cancellation);

    /// <summary>Forgets a node.</summary>
    /// <returns>Its address; <c>not_found</c> or <c>not_ready</c>.</returns>
    public Task<Verdict<PeerAddress>> ForgetAsync(PeerAddress address, CancellationToken cancellation = default) =>
        AskAsync<PeerAddress>(reply => new NetworkInput.Forget(address, reply), cancellation);

    /// <summary>Asks all peers for their chains and takes the heaviest valid one.</summary>
    /// <returns>What that gave; <c>not_ready</c>.</returns>
    public Task<Verdict<Resolution>> ResolveAsync(CancellationToken cancellation = default) =>
        AskAsync<Resolution>(static reply => new NetworkInput.Resolve(reply), cancellation);

    /// <summary>Whether a caller's session is open here: asked before its message is read. Counts nothing.</summary>
    /// <param name="session">What the header <see cref="SessionToken.HeaderName"/> says.</param>
    public bool Knows(string session) => SessionToken.TryParse(session, out var token) && _sessions.IsOpen(token, Now());

    /// <summary>Answers a caller.</summary>
    /// <param name="kind">The last part of the path: <c>/peer/v1/{kind}</c>.</param>
    /// <param name="body">The message, at most <see cref="PeerCodec.MaxRequestSize"/>.</param>
    /// <param name="session">What the header <see cref="SessionToken.HeaderName"/> says; null when it is not there.</param>
    /// <param name="remote">Where the call came from.</param>
    /// <param name="cancellation">The caller went away.</param>
    /// <returns>The answer's bytes; refusals are those of <see cref="PeerServer"/> and <c>not_ready</c>.</returns>
    /// <exception cref="Storage.StorageException">The disk failed.</exception>
    public Task<Verdict<ReadOnlyMemory<byte>>> ReceiveAsync(string kind, ReadOnlyMemory<byte> body, string? session, IPAddress remote, CancellationToken cancellation) =>
        _reception.ReceiveAsync(new ReceivedRequest(kind, body, session is not null && SessionToken.TryParse(session, out var token) ? token : null, remote), cancellation);

    /// <summary>Stops: calls under way are given up, whoever waits is answered, the peer book is written. Again waits for the same end.</summary>
    public ValueTask DisposeAsync() => new(_end.Value);

    private static IReadOnlyList<PeerRecord> Load(PeerNetworkParts parts)
    {
        try
        {
            var kept = parts.Store.Load();
            foreach (var skipped in kept.Skipped) parts.Report(new NetworkReport(skipped));
            return kept.Records;
        }
        catch (StorageException failure)
        {
            parts.Report(new NetworkReport("The peer book could not be read: this node begins without the peers that it knew.", Failure: failure));
            return [];
        }
    }

    private async Task StopAsync()
    {
        await _stopping.CancelAsync();
        _inbox.Close();
        await _timer.DisposeAsync();
        await _running;
        await _listening;
        End();
        await Task.WhenAny(_idle.Task, Task.Delay(StopTime, _parts.Clock, CancellationToken.None));
        await _keeping.DisposeAsync();
        _reception.Dispose();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        while (await WaitAsync(_inbox.WaitAsync))
        {
            var answers = new List<NetworkEffect.Answer>();
            for (var steps = 0; steps < StepsAtOnce && _inbox.TryTake(out var input); steps++)
            {
                _isStale |= input is NetworkInput.Answered or NetworkInput.CallFailed or NetworkInput.TipAnnounced or NetworkInput.BlockAnnounced;
                foreach (var effect in Step(input))
                {
                    if (effect is NetworkEffect.Answer answer) answers.Add(answer);
                    else Try(() => Do(effect));
                }
            }

            Try(() => Show(isAwaited: answers.Exists(static one => one.Reply is not Reply<PeerAnswer>)));
            foreach (var answer in answers) Try(answer.Deliver);
            SetTimer();
        }
    }

    // What the peers are is put together a few times a second at most, but who changed them sees it when he is answered.
    private void Show(bool isAwaited)
    {
        var now = Now();
        if (!_isStale || (!isAwaited && now - _shownAt is >= 0 and < ViewInterval)) return;

        (_isStale, _shownAt) = (false, now);
        _view = _loop.View;
    }

    // Whatever goes wrong, the loop goes on: nobody else would hear what comes in.
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            _parts.Report(new NetworkReport(OwnError, Failure: failure));
        }
    }

    private IReadOnlyList<NetworkEffect> Step(NetworkInput input)
    {
        try
        {
            return _loop.Step(input, Now());
        }
        catch (Exception failure)
        {
            _parts.Report(new NetworkReport(OwnError, Failure: failure));
            input.Awaiting?.Fail(NetworkErrands.Failed);
            return [];
        }
    }

    private void Do(NetworkEffect effect)
    {
        switch (effect)
        {
            case NetworkEffect.Call call: Begin(() => _errands.CallAsync(call)); break;
            case NetworkEffect.OfferBlocks offer:
                var judged = _errands.OfferAsync(offer);
                Begin(() => judged);
                break;
            case NetworkEffect.SubmitTransactions submit: Begin(() => _errands.SubmitAsync(submit)); break;
            case NetworkEffect.Banish banish: _sessions.Banish(banish.Caller, banish.Until); break;
            case NetworkEffect.Witness witness: _parts.Node.Witness(witness.Header); break;
            case NetworkEffect.Keep keep:
                _isStale = true;
                _keeping.Add([keep.Change], keep.Change.Record is { IsWanted: true } or { IsForgotten: true });
                break;
            case NetworkEffect.Report { IsAlarm: true } report:
                Counts.AddAlarm();
                _parts.Report(new NetworkReport(report.Sentence, IsAlarm: true));
                break;
            case NetworkEffect.Report report: _lines.Report(report.Sentence, Now()); break;
        }
    }

    private void Begin(Func<Task<NetworkInput>> errand)
    {
        Interlocked.Increment(ref _underWay);
        _ = Task.Run(async () =>
        {
            await TellAsync(await errand());
            End();
        });
    }

    private void End()
    {
        if (Interlocked.Decrement(ref _underWay) == 0) _idle.SetResult();
    }

    private async Task ListenAsync(Channel<NodeEvent> events)
    {
        while (true)
        {
            while (await WaitAsync(events.Reader.WaitToReadAsync))
            {
                // Together, for a step costs more than an event: a busy sale has two for each ticket.
                var happened = new List<NodeEvent>();
                while (happened.Count < EventsAtOnce && events.Reader.TryRead(out var one))
                {
                    if (one is NodeEvent.Reorganised) Counts.AddReorganisation();
                    if (one is NodeEvent.ForkTooDeep) Counts.AddAlarm();
                    happened.Add(one);
                }

                await TellAsync(new NetworkInput.Happened(happened));
            }

            _parts.Node.Events.Unsubscribe(events);
            if (_stop.IsCancellationRequested) return;

            events = _parts.Node.Events.SubscribeWithin();
            await TellAsync(new NetworkInput.EventsMissed());
        }
    }

    // Waits for room, which the loop always makes: it waits for nobody.
    private async Task TellAsync(NetworkInput input)
    {
        try
        {
            await _inbox.AddAsync(input, _stop);
        }
        catch (Exception end) when (end is ChannelClosedException or OperationCanceledException)
        {
            // The loop has ended: nobody waits for it.
        }
    }

    private Task<Verdict<T>> AskAsync<T>(Func<Reply<T>, NetworkInput> input, CancellationToken cancellation)
        where T : notnull
    {
        var reply = new Reply<T>();
        return _inbox.TryAdd(input(reply)) ? reply.WaitAsync(NetworkErrands.Stopping, _stop, cancellation) : Task.FromResult<Verdict<T>>(PeerReception.Busy);
    }

    private async Task<bool> WaitAsync(Func<CancellationToken, ValueTask<bool>> wait)
    {
        try
        {
            return await wait(_stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void SetTimer()
    {
        if (_stop.IsCancellationRequested) return;

        var wait = ViewInterval;
        Try(() => wait = _loop.NextTickAt is { } at ? Math.Clamp(at - Now(), 1, _isStale ? ViewInterval : 60_000) : _isStale ? ViewInterval : Timeout.Infinite);
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private long Now() => _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
