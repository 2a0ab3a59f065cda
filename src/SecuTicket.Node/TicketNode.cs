using System.Threading.Channels;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>A running node: the shell around <see cref="NodeLoop"/> that has the queue, the disk, the clock and the search.</summary>
/// <remarks>
/// All commands that wait are taken together and written with one durable write; only then are they answered and is the new state shown to readers. So
/// an answer is never ahead of the disk, and a slow disk makes larger groups instead of a longer queue.
/// </remarks>
public sealed class TicketNode : IAsyncDisposable
{
    /// <summary>What those hear who ask, or wait, while the node stops: <c>not_ready</c>.</summary>
    public static Refusal Stopping { get; } = new("not_ready", "The node is stopping.", RefusalKind.Transient);

    private readonly NodeParts _parts;
    private readonly NodeLoop _loop;
    private readonly Channel<NodeCommand> _commands;
    private readonly DecisionWaiters _waiters = new();
    private readonly BlockIntake _intake;
    private readonly SharedValidation _validation;
    private readonly ITimer _timer;
    private readonly ForgingDuties? _duties;
    private readonly BlockSearch _search;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _running;
    private readonly ShownState _shown;
    private readonly NodeTrouble _trouble;
    private readonly DiskNews _news = new();

    private TicketNode(NodeParts parts, NodeState state, Address self)
    {
        _parts = parts;
        Self = self;
        _trouble = new NodeTrouble(parts.Clock, parts.TryDisk);
        _loop = new NodeLoop(state, parts.Settings, SealTurns.Of(parts.Spec, parts.Settings.Sealing, self, parts.Forger), parts.Store, parts.Jitter);
        _shown = new ShownState(_loop, Show);
        _duties = parts.Forger is { } forger
            ? new ForgingDuties(new ForgingDuty(forger, new OffenceWatch(parts.Spec, parts.Seals)), Now, transactions => SubmitAsync(transactions), parts.Report)
            : null;
        var validator = new ChainValidator(parts.Spec, parts.Seals, parts.Verifier, parts.Clock);
        _validation = new SharedValidation(givenUp => validator.Validate(Store, () => Recent.Chain, givenUp), parts.Clock);
        _commands = Channel.CreateBounded<NodeCommand>(new BoundedChannelOptions(parts.Settings.MaxQueuedCommands) { SingleReader = true });
        _search = new BlockSearch(parts, _trouble, result => SendAsync(result, CancellationToken.None).AsTask());
        _intake = new BlockIntake(parts.Verifier, id => Snapshot.Pending.ById.Find(id)?.Transaction, SendAsync);
        _timer = parts.Clock.CreateTimer(_ => _commands.Writer.TryWrite(new NodeCommand.Tick()), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        SetTimer();
        _running = Task.Run(RunAsync);
    }

    /// <summary>The node's own account.</summary>
    public Address Self { get; }

    /// <summary>Whose blocks this node makes when nobody else is named: the validator whose key it has, else its own account.</summary>
    public Address Sealer => _parts.Forger?.Account ?? Self;

    /// <summary>The validator whose key this node has, and its next slot as far as can be told now; null on a node that has none.</summary>
    public ForgingState? Forging => _parts.Forger is { } forger ? ForgingState.Of(forger, _shown.Recent.Chain, Now()) : null;

    /// <summary>The last durable state.</summary>
    public NodeSnapshot Snapshot => _shown.Latest;

    /// <summary>As <see cref="Snapshot"/>, but what waits may lack what was admitted since somebody asked for that: for whoever needs the chain, or asks again before it matters.</summary>
    /// <remarks>Whoever asks for more makes the next admissions dearer: see <see cref="ShownState"/>.</remarks>
    public NodeSnapshot Recent => _shown.Recent;

    /// <summary>What happened, for those who listen.</summary>
    public EventHub Events { get; } = new();

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec => _parts.Spec;

    /// <summary>Histories and blocks.</summary>
    public IBlockStore Store => _parts.Store;

    /// <summary>The accounts whose keys are kept here.</summary>
    public KeptAccounts Accounts => _parts.Accounts;

    /// <summary>Checks signatures, before anything reaches the single writer.</summary>
    public TransactionVerifier Verifier => _parts.Verifier;

    /// <summary>Whether the node takes transactions: not after it could not write something, until it could, or some seconds have passed and a trial could: then it is worth a try again, which tells.</summary>
    public Verdict Readiness => _trouble.Now is { } trouble ? trouble : _stopping.IsCancellationRequested ? Stopping : Verdict.Accepted;

    // Why commands are not taken any more.
    private Refusal Closed => _trouble.Now ?? Stopping;

    /// <summary>Commands that wait for the single writer.</summary>
    public int QueuedCommands => _commands.Reader.Count;

    /// <summary>Starts a node from what its store holds.</summary>
    /// <exception cref="StorageException">The store is broken, or holds another chain or another block than the operator's checkpoint.</exception>
    public static TicketNode Start(NodeParts parts)
    {
        var stored = parts.Store.Load(parts.Spec);
        var (state, lost) = NodeState.Restore(
            stored, parts.Spec, parts.Seals, parts.Settings.Mempool,
            waiting => [.. waiting.AsParallel().AsOrdered().Select(pending => parts.Verifier.Verify(pending.Transaction))],
            parts.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (parts.Spec.Checkpoint is { } known && state.Chain.Tip.Header.Index >= known.Index && parts.Store.FindIndex(known.Hash) is null) throw StorageException.OtherPast(known);
        if (lost.Count > 0) parts.Store.Commit(lost);

        // The links of its hash chain are gone through once: not when its slot has come.
        _ = parts.Forger?.RevealAfter(state.Chain);
        return new TicketNode(parts, state, parts.Accounts.NodeAccount());
    }

    /// <summary>Submits transactions whose signatures were checked; the answer comes when what it says is durable.</summary>
    public Task<Verdict<IReadOnlyList<Submission>>> SubmitAsync(IReadOnlyList<VerifiedTransaction> transactions, CancellationToken cancellation = default)
    {
        _duties?.Take(transactions, Recent.Chain);
        var command = new NodeCommand.Submit(transactions, new Reply<IReadOnlyList<Submission>>());
        return _commands.Writer.TryWrite(command) ? command.Reply.Answer : SubmitInTurnAsync(command, cancellation);
    }

    /// <summary>Seals a block now, whether anything waits or not.</summary>
    /// <param name="sealer">Who gets the reward; null for <see cref="Sealer"/>.</param>
    /// <param name="cancellation">Gives up while the single writer's queue is full.</param>
    /// <returns>The block; <c>not_forger</c> outside a slot of this node's validator, on chains with stakes.</returns>
    public async Task<Verdict<VerifiedBlock>> SealAsync(Address? sealer, CancellationToken cancellation = default)
    {
        var reply = new Reply<VerifiedBlock>();
        return await SendAsync(new NodeCommand.Seal(sealer, reply), cancellation) ? await reply.Answer : Closed;
    }

    /// <summary>Offers blocks from elsewhere, in order: their signatures are checked here, on all cores, the rest by the single writer in one step. What comes before a bad one is taken.</summary>
    /// <remarks>Several offers may be under way, in the order of these calls: the signatures of the next are checked while those before it are applied and written.</remarks>
    /// <param name="blocks">The caller bounds them: they are held, checked and written together.</param>
    /// <param name="cancellation">Gives up while the single writer's queue is full.</param>
    public async Task<Verdict<BlockAcceptance>> OfferAsync(IReadOnlyList<Block> blocks, CancellationToken cancellation = default) => await _intake.OfferAsync(blocks, cancellation) ?? Closed;

    /// <summary>Looks at a header that a peer announced: when it proves an offence, that is reported. More than some at once are not looked at.</summary>
    public void Witness(SealedHeader header) => _duties?.Take(header, Recent.Chain);

    /// <summary>What became of a transaction, as far as is durable; null when it was never acknowledged nor came in a block.</summary>
    public StoredTransaction? FindTransaction(Hash256 id) =>
        Snapshot.Pending.ById.Find(id) is { } pending ? new StoredTransaction(pending.Transaction.Transaction, TransactionStatus.Pending, null) : Store.FindTransaction(id);

    /// <summary>Whether a transaction may have been acknowledged here or come in a block. False only when it certainly was not; costs no look at the disk.</summary>
    public bool MayKnow(Payload payload)
    {
        var snapshot = Snapshot;
        var key = new NumberedHash(payload.ValidUntil, payload.Id);

        // What has expired may have been forgotten: the expiry rule refuses it without being remembered.
        return snapshot.Rejections is not { } rejections || rejections.Contains(key) || snapshot.Pending.ById.Contains(payload.Id) || snapshot.Chain.Ledger.Seen.Contains(key)
            || payload.ValidUntil * 1000 <= Math.Max(Now(), snapshot.Tip.Timestamp);
    }

    /// <summary>Waits until a transaction is confirmed or rejected, or for <paramref name="time"/> at the most.</summary>
    public Task WaitForDecisionAsync(Hash256 id, TimeSpan time, CancellationToken cancellation = default) =>
        _waiters.WaitAsync(id, () => Snapshot.Pending.ById.Contains(id), time, _parts.Clock, cancellation);

    /// <summary>Checks the whole stored chain; those who ask meanwhile share one run, and the next one begins only after as much time as it took.</summary>
    /// <param name="asker">Cancelled when the one who asks does not wait any more: when nobody does, the run is given up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="asker"/> was cancelled, or the node was stopped.</exception>
    public Task<Verdict<ChainValidation>> ValidateAsync(CancellationToken asker = default) => _validation.AskAsync(asker);

    /// <summary>Makes what of the stored ledger is not made yet, for when nothing else is to be done: see <see cref="LedgerState.Complete"/>.</summary>
    /// <remarks>A damage that is found is reported, and the node is not ready any more.</remarks>
    public void Complete()
    {
        try
        {
            Recent.Chain.Ledger.Complete();
        }
        catch (Exception damage) when (damage is StorageException or ArgumentException)
        {
            // Something stands there twice, as the store says of it or as the map does.
            _trouble.Damage();
            _parts.Report(damage.Message, damage);
        }
    }

    /// <summary>Stops: what was taken is finished and written, what waits for time to pass is on the disk already.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;

        await _stopping.CancelAsync();
        _commands.Writer.TryComplete();
        await _running;
        await _search.DisposeAsync();
        if (_duties is not null) await _duties.DisposeAsync();
        await _timer.DisposeAsync();
        await _validation.DisposeAsync();
        _stopping.Dispose();
    }

    private NodeSnapshot Show(NodeState state) =>
        new(state.Chain, state.Pending) { Rejections = state.Rejections.Count < Math.Min(_parts.Settings.MaxRememberedRejections, StoredNode.MaxRejected) ? state.Rejections : null };

    private async Task<Verdict<IReadOnlyList<Submission>>> SubmitInTurnAsync(NodeCommand.Submit command, CancellationToken cancellation) =>
        await SendAsync(command, cancellation) ? await command.Reply.Answer : Closed;

    private async ValueTask<bool> SendAsync(NodeCommand command, CancellationToken cancellation)
    {
        if (_commands.Writer.TryWrite(command)) return true;

        try
        {
            await _commands.Writer.WriteAsync(command, cancellation);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private async Task RunAsync()
    {
        var effects = new List<NodeEffect>();
        try
        {
            await WriteAsync(effects);
        }
        catch (Exception fault)
        {
            End(effects, fault);
        }

        _search.Stop();
    }

    private async Task WriteAsync(List<NodeEffect> effects)
    {
        while (await _commands.Reader.WaitToReadAsync())
        {
            // Those whose signatures were checked meanwhile, or are next, come into the same group.
            await Task.Yield();
            effects.Clear();
            if (!TryGroup(effects)) continue;

            foreach (var effect in effects) Do(effect);
            _duties?.Take(effects, Recent.Chain);
        }

        effects.Clear();
        using var group = _shown.Begin();
        foreach (var effect in _loop.TakeBack(Stopping)) Do(effect);
    }

    // An error of our own outside of what can be taken back: nothing is taken any more, whoever waits hears it, and so does whoever looks after the node.
    private void End(List<NodeEffect> effects, Exception fault)
    {
        var why = _trouble.Close();
        _commands.Writer.TryComplete();
        foreach (var answer in effects.OfType<NodeEffect.Answer>()) answer.Reply.Fail(why);
        while (_commands.Reader.TryRead(out var command)) Fail(command, why);
        _parts.Report(why.Detail, fault);
        using var group = _shown.Begin();
        foreach (var request in _loop.State.SealRequests) request.Reply.Fail(why);
    }

    // Takes the commands that wait, and writes what they did.
    private bool TryGroup(List<NodeEffect> effects)
    {
        NodeCommand? command = null;
        using var group = _shown.Begin();
        try
        {
            var more = true;
            while (more && effects.Count < _parts.Settings.MaxGroupSize && _commands.Reader.TryRead(out command))
            {
                var step = _loop.Step(command, Now());
                effects.AddRange(step);
                more = !HoldsBlock(step);
            }

            Write(effects);
        }
        catch (Exception failure)
        {
            TakeBack(effects, command, failure);
            return false;
        }

        // Before anybody sees what waits for time to pass: whoever moves the clock then moves it past that.
        SetTimer();
        _shown.Settle();
        return true;
    }

    // A block ends a group: the next step may ask the archive for it.
    private static bool HoldsBlock(IReadOnlyList<NodeEffect> step) => step.Any(effect => effect is NodeEffect.Store { Change: not StoreChange.Admitted });

    private void Write(List<NodeEffect> effects)
    {
        var changes = effects.OfType<NodeEffect.Store>().Select(effect => effect.Change).ToArray();
        if (changes.Length == 0) return;

        _parts.Store.Commit(changes);
        _trouble.End();
        _news.End();
    }

    private void TakeBack(List<NodeEffect> effects, NodeCommand? command, Exception failure)
    {
        var trouble = _trouble.Of(failure);
        try
        {
            if (_news.Tells(failure)) _parts.Report(NodeTrouble.IsOfDisk(failure) ? $"Nothing was written: {failure.Message}" : trouble.Detail, failure);
        }
        finally
        {
            foreach (var answer in effects.OfType<NodeEffect.Answer>()) answer.Reply.Fail(trouble);
            if (command is not null) Fail(command, trouble);
        }

        foreach (var effect in _loop.TakeBack(trouble)) Do(effect);
        SetTimer();
    }

    private static void Fail(NodeCommand command, Refusal why)
    {
        switch (command)
        {
            case NodeCommand.Submit submit: submit.Reply.Fail(why); break;
            case NodeCommand.Seal seal: seal.Reply.Fail(why); break;
            case NodeCommand.Offer offer: offer.Reply.Fail(why); break;
        }
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Answer answer: answer.Deliver(); break;
            case NodeEffect.StartSealing start: _search.Start(start.Job); break;
            case NodeEffect.StopSealing: _search.Stop(); break;
            case NodeEffect.Report report: _parts.Report(report.Sentence, null); break;
            case NodeEffect.Announce announce:
                _waiters.Notify(announce.Event);
                Events.Publish(announce.Event);
                break;
        }
    }

    private void SetTimer() => _timer.Change(
        _loop.NextTickAt is { } at ? TimeSpan.FromMilliseconds(Math.Clamp(at - Now(), 1, 60_000)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private long Now() => _parts.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
