using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>The single writer: commands go in, one after the other, effects come out; nothing here touches a clock, a disk, a thread or a random source.</summary>
/// <remarks>
/// What costs (signatures, the search for a nonce, the disk) happens before or after; here transactions and blocks are only put in order and applied.
/// The same commands at the same times give the same effects, so a simulation can run it in one thread and replay any failure from its seed.
/// </remarks>
/// <param name="state">What the node knows.</param>
/// <param name="settings">Its limits and habits.</param>
/// <param name="turns">When it makes blocks, and on which terms.</param>
/// <param name="archive">Bodies and undo records of stored blocks.</param>
/// <param name="jitter">A random number from 0 to 1.</param>
public sealed class NodeLoop(NodeState state, NodeSettings settings, ISealTurns turns, IBlockArchive archive, Func<double> jitter)
{
    /// <summary>After what expired was taken out, it is next looked for when a millisecond has passed for each so many transactions that waited: two seconds after 100,000.</summary>
    public const int ExpiryJudgedPerMillisecond = 50;

    // Milliseconds that a clock goes back by while it is kept right.
    private const long ClockTolerance = 1000;

    private readonly StepEffects _effects = new();
    private readonly StepBlocks _blocks = new(archive);
    private readonly SteppedState _stepped = new(state);
    private readonly int _overhead = BlockTemplate.Overhead(state.Chain.Spec);
    private EarlyTransactions _early = EarlyTransactions.None;

    // As it would be, had no block come since all was durable.
    private EarlyTransactions _earlyBefore = EarlyTransactions.None;
    private bool _started;

    // When what expired is taken out next at the earliest.
    private long _expireFrom;

    private long _now;

    /// <summary>What the node knows after the last step.</summary>
    public NodeState State
    {
        get => _stepped.Whole;
        private set => _stepped.Whole = value;
    }

    /// <summary>Takes one command.</summary>
    /// <param name="command">What is asked.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <returns>What is to be done, in order. When it holds a block, it must be written before the next step: the archive is asked for blocks of the steps before.</returns>
    public IReadOnlyList<NodeEffect> Step(NodeCommand command, long now)
    {
        var isSetBack = _started && now < _now - ClockTolerance;
        _now = now;
        _effects.Clear();
        _blocks.Clear();
        if (isSetBack) ForgetTimes();
        if (!_started || isSetBack) State = turns.After(State, SealMoment.Started, now, jitter);
        _started = true;
        switch (command)
        {
            case NodeCommand.Submit submit: Submit(submit); break;
            case NodeCommand.Seal seal: Request(seal); break;
            case NodeCommand.Sealed found: Connect(found); break;
            case NodeCommand.SealFailed failed: GiveUp(failed); break;
            case NodeCommand.Offer offer: Offer(offer); break;
            case NodeCommand.Tick when now >= _expireFrom && _stepped.Waiting.FirstExpiry < Basis.Chain.NextContext(now).Seconds: Expire(); break;
        }

        StartSealingIfDue();
        return _effects.ToList();
    }

    /// <summary>What the node knows and has on its disk: the state after the last step before <see cref="Settle"/>.</summary>
    /// <remarks>May be asked for while steps are taken, by any thread, and does not end what admissions share.</remarks>
    public DurableState Durable => _stepped.Durable;

    /// <summary>Notes that all that the steps so far want written is durable.</summary>
    /// <returns>False when there were only admissions, and nobody asked for the state with them.</returns>
    public bool Settle()
    {
        _earlyBefore = _early;
        return _stepped.Settle();
    }

    /// <summary>What the node knows, when all of it is durable: what may be shown. Ends what admissions share.</summary>
    public NodeState Settled => _stepped.Settled();

    /// <summary>Goes back to what is durable, because what followed could not be written; blocks asked for meanwhile are refused.</summary>
    /// <returns>What is to be done: whoever waits for a block hears why there is none.</returns>
    public IReadOnlyList<NodeEffect> TakeBack(Refusal why)
    {
        _effects.Clear();
        foreach (var request in Basis.SealRequests) _effects.Answer(request.Reply, why);
        if (Basis.Sealing is not null) _effects.Add(new NodeEffect.StopSealing());
        _early = _earlyBefore;
        var former = Durable.ToState();
        _stepped.Reset(turns.After(former with { Sealing = null, SealRequests = [], SealRequestCount = 0, NextJob = Basis.NextJob }, SealMoment.TakenBack, _now, jitter));
        return _effects.ToList();
    }

    /// <summary>When <see cref="NodeCommand.Tick"/> is needed next, in milliseconds since 1970; null when nothing waits for time to pass.</summary>
    public long? NextTickAt
    {
        get
        {
            // The second after the last one in which it is valid.
            var waiting = _stepped.Waiting;
            var expiry = waiting.Count == 0 ? (long?)null : Math.Max((waiting.FirstExpiry + 1) * 1000, _expireFrom);
            return Basis.Sealing is null && turns.DueAt(Basis, waiting) is { } due ? Math.Min(expiry ?? due, due) : expiry;
        }
    }

    // What it knows, but for what waits: to ask for all of it would end what admissions share.
    private NodeState Basis => _stepped.Basis;

    private void Submit(NodeCommand.Submit command)
    {
        var context = Basis.Chain.NextContext(_now);
        var pending = _stepped.Admissions;
        var first = pending.FirstSequence;
        var submissions = new Submission[command.Transactions.Count];
        for (var i = 0; i < submissions.Length; i++)
        {
            var transaction = command.Transactions[i];
            if (Known(transaction, pending, first) is { } known)
            {
                submissions[i] = known;
            }
            else if (pending.Admit(transaction, context, _now).TryGet(out var admitted, out var refusal))
            {
                _stepped.Admitted(admitted);
                _effects.Store(new StoreChange.Admitted(admitted));
                _effects.Decided(admitted);
                submissions[i] = new Submission(transaction.Id, TransactionStatus.Pending, true, BlockOf(admitted, first), null);
            }
            else
            {
                if (EarlyTransactions.MayCome(refusal)) (_early, _earlyBefore) = (_early.With(transaction, context.BlockIndex), _earlyBefore.With(transaction, context.BlockIndex));
                submissions[i] = new Submission(transaction.Id, null, false, null, refusal);
            }
        }

        _effects.Answer<IReadOnlyList<Submission>>(command.Reply, submissions);
    }

    private Submission? Known(VerifiedTransaction transaction, PendingEdit pending, long first)
    {
        if (pending.Find(transaction.Id) is { } waiting) return new Submission(transaction.Id, TransactionStatus.Pending, false, BlockOf(waiting, first), null);

        var key = new NumberedHash(transaction.Payload.ValidUntil, transaction.Id);
        if (Basis.Chain.Ledger.Seen.Contains(key)) return new Submission(transaction.Id, TransactionStatus.Confirmed, false, null, null);

        return Basis.Rejections.Find(key) is { } refusal ? new Submission(transaction.Id, TransactionStatus.Rejected, false, null, refusal) : null;
    }

    // The block that it will be in, if all goes well: of ours, and as many in each as fit. What came after a block was begun waits for the next.
    private long BlockOf(PendingTransaction pending, long first)
    {
        var (waiting, next) = (_stepped.Waiting, Basis.Chain.Tip.Header.Index + 1);
        var perBlock = waiting.PerBlock(Basis.Chain.Spec, _overhead);
        var place = Math.Clamp(pending.Sequence - first, 0, Math.Max(0, waiting.Count - 1));
        if (Basis.Sealing is not { } job) return next + (place / perBlock);

        var taken = Math.Min(job.Begun.Count, perBlock);
        return place < taken ? next : next + 1 + ((place - taken) / perBlock);
    }

    private void Request(NodeCommand.Seal command)
    {
        if (State.SealRequestCount >= settings.MaxSealRequests)
        {
            _effects.Answer(command.Reply, new Refusal(RefusalCodes.PoolFull, $"{settings.MaxSealRequests} blocks are asked for already: try again later.", RefusalKind.Transient));
            return;
        }

        State = State with { SealRequests = State.SealRequests.Enqueue(command), SealRequestCount = State.SealRequestCount + 1 };
    }

    private void Connect(NodeCommand.Sealed found)
    {
        if (State.Sealing is not { } job || job.Number != found.Job) return;

        var block = job.Complete(found.Header);
        State = State with { Sealing = null };
        var update = Add(block, job.Template);
        if (!TakeOut(job, update)) RebaseOnTip();
        AdmitEarly();
        State = turns.After(State, update.Verdict.IsAccepted ? SealMoment.Sealed : Failed(job), _now, jitter);
        if (job.Requested) AnswerRequest(update.Verdict.Refusal is { } refusal ? refusal : block);
    }

    private void GiveUp(NodeCommand.SealFailed failed)
    {
        if (State.Sealing is not { } job || job.Number != failed.Job) return;

        State = turns.After(State with { Sealing = null }, Failed(job), _now, jitter);
        if (job.Requested) AnswerRequest(failed.Refusal);
    }

    private static SealMoment Failed(SealJob job) => job.Requested ? SealMoment.RequestFailed : SealMoment.Failed;

    private void AnswerRequest(Verdict<VerifiedBlock> answer)
    {
        State = State with { SealRequests = State.SealRequests.Dequeue(out var request), SealRequestCount = State.SealRequestCount - 1 };
        _effects.Answer(request.Reply, answer);
    }

    private void Offer(NodeCommand.Offer offer)
    {
        var (connected, disconnected, taken) = (0, 0, 0);
        Refusal? refused = null;
        foreach (var block in offer.Blocks)
        {
            var update = Add(block);

            // Whoever sends a run of blocks need not know which of them are here already.
            if (update.Verdict.Refusal is { Code: not RefusalCodes.BlockExists } refusal)
            {
                refused = refusal;
                break;
            }

            connected += update.Connected.Count;
            disconnected += update.Disconnected.Count;
            taken++;
        }

        RebaseOnTip();
        AdmitEarly();
        if (_blocks.MovedTip)
        {
            if (State.Sealing is not null) _effects.Add(new NodeEffect.StopSealing());
            State = turns.After(State, SealMoment.TipMoved, _now, jitter) with { Sealing = null };
        }

        _effects.Answer<BlockAcceptance>(offer.Reply, new BlockAcceptance(State.Chain.Tip.Hash, connected, disconnected, taken, refused));
    }

    private ChainUpdate Add(VerifiedBlock block, BlockTemplate? made = null)
    {
        var former = State.Chain.Tip;
        var update = State.Chain.Add(block, _now, _blocks, made);
        State = State with { Chain = update.Chain };
        _blocks.Add(update);
        _effects.Move(block, update, former);
        return update;
    }

    // Once for all blocks of the step: what waits is judged on the last tip, so that no block on the way there rejects what may still be confirmed.
    private void RebaseOnTip()
    {
        if (_blocks.MovedTip) Rebase(settings.ForgetsAbandoned ? [] : _blocks.Returning(), _blocks.Confirmed().Contains);
    }

    private void AdmitEarly()
    {
        if (!_blocks.MovedTip || _early.Waiting.IsEmpty) return;

        var pending = State.Pending.Edit();
        (var admitted, _early) = _early.Try(pending, State.Chain.NextContext(_now), _now, transaction => Known(transaction, pending, pending.FirstSequence) is not null);
        foreach (var one in admitted)
        {
            _effects.Store(new StoreChange.Admitted(one));
            _effects.Decided(one);
        }

        State = State with { Pending = pending.ToSet() };
    }

    // What waits need not be judged anew when the block is of what came first, and all of it was judged for the block.
    private bool TakeOut(SealJob job, ChainUpdate update)
    {
        if (job.Template.PassedOver || update.Connected is not [var connected] || State.Pending.After(job.Begun, connected.Block, connected.Outcome) is not { } left) return false;

        State = (State with { Pending = left }).Remembering(State.Rejections, State.Chain.NextContext(_now).Seconds, settings.MaxRememberedRejections);
        return true;
    }

    // Times of before would hold everything up for as long as the clock was set back.
    private void ForgetTimes()
    {
        _expireFrom = 0;
        State = State with { DueBefore = State.Pending.NextSequence };
    }

    // One that expired has all that waits judged anew, some 6 us each: without a rest a sender of what expires each second would keep the writer at it.
    private void Expire()
    {
        _expireFrom = _now + (_stepped.Waiting.Count / ExpiryJudgedPerMillisecond);
        Rebase([], static _ => false);
    }

    private void Rebase(VerifiedTransaction[] returning, Func<Hash256, bool> isConfirmed)
    {
        var context = State.Chain.NextContext(_now);
        var (pending, rejected) = State.Pending.Rebase(State.Chain.Ledger, context, returning, isConfirmed, _now);
        var rejections = State.Rejections;
        foreach (var one in rejected)
        {
            _effects.Store(new StoreChange.Rejected(one));

            // A vote for a block of the branch that was left can come into no block of another, and nobody misses it.
            if (_blocks.Reorganised && one.Transaction.Payload.Operation is not Vote) _effects.Report($"Transaction {one.Transaction.Id} ({one.Transaction.Payload.Operation.Type}) was rejected after the reorganisation: {one.Refusal.Code}, {one.Refusal.Detail}");
            _effects.Decided(one.Transaction, TransactionStatus.Rejected, null, one.Refusal);
            rejections = rejections.Set(new NumberedHash(one.Transaction.Payload.ValidUntil, one.Transaction.Id), one.Refusal);
        }

        // What waits got new places in the order when others came back before it.
        if (returning.Length > 0)
            foreach (var (_, transaction) in pending.InOrder) _effects.Store(new StoreChange.Admitted(transaction));
        foreach (var transaction in returning)
            if (pending.ById.Find(transaction.Id) is { } waiting) _effects.Decided(waiting);

        State = (State with { Pending = pending }).Remembering(rejections, context.Seconds, settings.MaxRememberedRejections);
    }

    private void StartSealingIfDue()
    {
        // Not the state itself, while there is nothing to do: that would end what admissions share.
        while (Basis.Sealing is null && (!Basis.SealRequests.IsEmpty || _now >= Basis.NextSealAt || _stepped.Waiting.IsCrowded(Basis.Chain.Spec)))
        {
            var requested = !Basis.SealRequests.IsEmpty;
            if (!requested && !(turns.DueAt(Basis, _stepped.Waiting) is { } due && _now >= due)) return;

            if (turns.TermsOf(State, requested ? State.SealRequests.Peek().Sealer : null, _now).TryGet(out var terms, out var refusal))
            {
                Start(terms, requested);
            }
            else if (requested)
            {
                AnswerRequest(refusal);
            }
            else
            {
                State = turns.After(State, SealMoment.Failed, _now, jitter);
                return;
            }
        }
    }

    private void Start(SealTerms terms, bool requested)
    {
        var (chain, pending, now) = (State.Chain, State.Pending, _now);
        var job = new SealJob(State.NextJob, chain, pending,
            () => BlockTemplate.OfAll(chain, pending, terms.Sealer, now) ?? BlockTemplate.Next(chain, turns.Candidates(pending), terms.Sealer, now, terms.Reveal), requested);
        State = turns.After(State, SealMoment.Begun, _now, jitter) with { Sealing = job, NextJob = job.Number + 1 };
        _effects.Add(new NodeEffect.StartSealing(job));
    }
}
