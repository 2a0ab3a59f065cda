using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

/// <summary>One life of a node's ledger: what <see cref="TicketNode"/> is around <see cref="NodeLoop"/>, on virtual time.</summary>
/// <remarks>Commands wait while a write is under way; what a step says is told and shown when it is durable, and taken back when it could not be written.</remarks>
public sealed class RunningLedger
{
    private static readonly Refusal Trouble = new("storage_failed", "The node could not write to its disk.", RefusalKind.Transient);

    private readonly World _world;
    private readonly SimulatedNode _node;
    private readonly NodeSettings _settings;
    private readonly NodeLoop _loop;
    private readonly Action<NodeEvent> _happened;
    private readonly Queue<NodeCommand> _commands = new();
    private readonly Dictionary<Reply, Action> _waiting = [];
    private bool _writing;
    private bool _stopped;
    private long _search;
    private long _timer = long.MaxValue;

    /// <summary>Starts from a state.</summary>
    public RunningLedger(World world, SimulatedNode node, NodeSettings settings, NodeState state, Action<NodeEvent> happened)
    {
        (_world, _node, _settings, _happened) = (world, node, settings, happened);
        _loop = new NodeLoop(state, settings, SealTurns.Of(world.Spec, settings.Sealing, node.Self, null), node.Disk.Store, world.Dice.Unit);
        Snapshot = new NodeSnapshot(state.Chain, state.Pending);
        SetTimer();
    }

    /// <summary>The last durable state.</summary>
    public NodeSnapshot Snapshot { get; private set; }

    /// <summary>What the loop knows, for whoever counts what it holds.</summary>
    public NodeState State => _loop.State;

    /// <summary>Submits transactions whose signatures were checked.</summary>
    public void Submit(IReadOnlyList<VerifiedTransaction> transactions, Action<Verdict<IReadOnlyList<Submission>>> then)
    {
        var reply = new Reply<IReadOnlyList<Submission>>();
        Post(new NodeCommand.Submit(transactions, reply), reply, () => then(reply.Answer.Result));
    }

    /// <summary>Offers blocks whose signatures were checked.</summary>
    public void Offer(IReadOnlyList<VerifiedBlock> blocks, Action<Verdict<BlockAcceptance>> then)
    {
        var reply = new Reply<BlockAcceptance>();
        Post(new NodeCommand.Offer(blocks, reply), reply, () => then(reply.Answer.Result));
    }

    /// <summary>Asks for a block now.</summary>
    public void Seal()
    {
        var reply = new Reply<VerifiedBlock>();
        Post(new NodeCommand.Seal(_node.Self, reply), reply, static () => { });
    }

    /// <summary>The node stopped without warning: nothing that was scheduled happens any more.</summary>
    public void Stop() => _stopped = true;

    private void Post(NodeCommand command, Reply reply, Action then)
    {
        _waiting.Add(reply, then);
        Post(command);
    }

    private void Post(NodeCommand command)
    {
        if (_stopped) return;

        _commands.Enqueue(command);
        Work();
    }

    private void Work()
    {
        if (_writing || _commands.Count == 0) return;

        var effects = new List<NodeEffect>();
        NodeCommand command;
        bool more;
        do
        {
            command = _commands.Dequeue();
            var step = _loop.Step(command, _node.Clock);
            effects.AddRange(step);
            more = !step.Any(effect => effect is NodeEffect.Store { Change: not StoreChange.Admitted });
        }
        while (more && _commands.Count > 0 && effects.Count < _settings.MaxGroupSize);

        _writing = true;
        _node.Disk.Write([.. effects.OfType<NodeEffect.Store>().Select(effect => effect.Change)], failure =>
        {
            _writing = false;
            if (failure is null) Finish(effects);
            else TakeBack(effects, command);
            SetTimer();
            Work();
        });
    }

    private void Finish(List<NodeEffect> effects)
    {
        _loop.Settle();
        var settled = _loop.Settled;
        Snapshot = new NodeSnapshot(settled.Chain, settled.Pending);
        foreach (var effect in effects) Do(effect);
    }

    private void TakeBack(List<NodeEffect> effects, NodeCommand last)
    {
        foreach (var answer in effects.OfType<NodeEffect.Answer>()) Fail(answer.Reply);
        switch (last)
        {
            case NodeCommand.Submit submit: Fail(submit.Reply); break;
            case NodeCommand.Seal seal: Fail(seal.Reply); break;
            case NodeCommand.Offer offer: Fail(offer.Reply); break;
        }

        foreach (var effect in _loop.TakeBack(Trouble)) Do(effect);
    }

    private void Fail(Reply reply)
    {
        reply.Fail(Trouble);
        Told(reply);
    }

    private void Do(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Answer answer:
                answer.Deliver();
                Told(answer.Reply);
                break;
            case NodeEffect.StartSealing start: StartSearch(start.Job); break;
            case NodeEffect.StopSealing: _search = 0; break;
            case NodeEffect.Announce announce: _happened(announce.Event); break;
        }
    }

    private void Told(Reply reply)
    {
        if (_waiting.Remove(reply, out var then)) then();
    }

    // The time that a search takes has no memory; the nonce is then searched for in no time at all.
    private void StartSearch(SealJob job)
    {
        _search = job.Number;
        var header = job.Template.Header;
        var time = _world.Dice.Exponential(Math.Pow(2, header.Difficulty) / _node.Power * 1_000);
        _world.Agenda.After(time, () =>
        {
            if (_stopped || _search != job.Number) return;

            _search = 0;
            var nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value;
            var found = new SealedHeader(header with { Nonce = nonce }, null);
            Compare(job, found);
            Post(new NodeCommand.Sealed(job.Number, found));
        });
    }

    // What the node takes its own block to have done is what its bytes do, as every other node finds out.
    private void Compare(SealJob job, SealedHeader found)
    {
        var bytes = job.Complete(found).Block.Encode();
        var update = job.Chain.Add(VerifiedBlock.Restore(Block.Decode(bytes, int.MaxValue).Value), _node.Clock, _node.Disk.Store);
        if (update.Connected is [var applied] && (!LedgerState.SameContent(applied.Outcome.State, job.Template.Outcome.State) || !applied.Outcome.Effects.Equals(job.Template.Outcome.Effects)))
            _world.Watch.Violations.Add(new Violation("own block", $"node {_node.Number} takes block {found.Header.Index} {found.Header.Hash} for something else than it does"));
    }

    private void SetTimer()
    {
        if (_loop.NextTickAt is not { } at || at >= _timer) return;

        _timer = at;
        _world.Agenda.After(Math.Clamp(at - _node.Clock, 1, 60_000), () =>
        {
            if (_stopped || _timer != at) return;

            _timer = long.MaxValue;
            Post(new NodeCommand.Tick());
        });
    }
}
