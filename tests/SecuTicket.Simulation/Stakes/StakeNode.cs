using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation.Stakes;

/// <summary>A validator's node: the single writer, the forger and the watch of offences as they are, on virtual time; how blocks reach it is the world's.</summary>
public sealed class StakeNode
{
    private readonly StakeWorld _world;
    private readonly Dice _dice;
    private readonly ForgingSelf _self;
    private readonly ChainSpec _spec;
    private Life? _life;

    /// <summary>A node that was never started.</summary>
    /// <param name="world">Where it lives.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="dice">Its chance.</param>
    /// <param name="spec">The specification it has.</param>
    public StakeNode(StakeWorld world, int number, Dice dice, ChainSpec spec)
    {
        (_world, _dice, _spec, Number) = (world, dice, spec, number);
        Person = PersonOf(number);
        _self = new ForgingSelf(Person.Address, digest => Person.Sign(digest), which => world.OnionOf(number, which));
    }

    /// <summary>Its number, from 0.</summary>
    public int Number { get; }

    /// <summary>Its key.</summary>
    public Person Person { get; }

    /// <summary>What it does that no node may; null when it is honest.</summary>
    public StakeAttack? Attack { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _life is not null;

    /// <summary>Its chain; null while it does not run.</summary>
    public Blockchain? Chain => _life?.Loop.State.Chain;

    /// <summary>Its disk.</summary>
    public InMemoryBlockStore Store { get; private set; } = new();

    /// <summary>How far it has signed, as its disk has it.</summary>
    public ForgingMark? Mark { get; private set; }

    /// <summary>What waits at it.</summary>
    public IEnumerable<VerifiedTransaction> Pending => _life?.Loop.State.Pending.InOrder.Select(static entry => entry.Value.Transaction) ?? [];

    /// <summary>The key of a number.</summary>
    public static Person PersonOf(int number) => new($"validator-{number:D6}");

    /// <summary>Starts it from what is on its disk.</summary>
    public void Start()
    {
        if (_life is not null) return;

        _world.Trial.Began(this);
        _world.Watch.Began(Number);
        var settings = new NodeSettings();
        var (state, _) = NodeState.Restore(Store.Load(_spec), _spec, _world.Seals, settings.Mempool, waiting => [.. waiting.Select(one => _world.Signatures.Verify(one.Transaction))], _world.Agenda.Now);
        var forger = new Forger(_spec, _self, Mark, mark => Mark = mark, _world.Agenda.Now) { ForgetsVotes = _world.Settings.ForgetsVotes || (Attack is not null && _world.Settings.Scenario == StakeScenario.NothingAtStake) };
        _life = new Life(
            new NodeLoop(state, settings, SealTurns.Of(_spec, settings.Sealing, Person.Address, forger), Store, _dice.Unit),
            forger, new ForgingDuty(forger, new OffenceWatch(_spec, _world.Seals)));
        SetTimer(_life);
    }

    /// <summary>Stops it without warning; the mark is on its disk, what it was about to say is said by nobody.</summary>
    public void Crash() => _life = null;

    /// <summary>Puts its disk back to what it was: blocks up to an index, and a mark.</summary>
    public void Restore(IReadOnlyList<VerifiedBlock> blocks, ForgingMark? mark)
    {
        Crash();
        (Store, Mark) = (new InMemoryBlockStore(), mark);
        _world.Watch.Forget(Number);
        Start();
        Take(blocks);
    }

    /// <summary>Takes blocks in order.</summary>
    /// <returns>Why the first that was refused was; null when none was.</returns>
    public Refusal? Take(IReadOnlyList<VerifiedBlock> blocks)
    {
        var reply = new Reply<BlockAcceptance>();
        Post(new NodeCommand.Offer(blocks, reply));
        return reply.Answer.IsCompleted && reply.Answer.Result.TryGet(out var acceptance, out _) ? acceptance.Refusal : null;
    }

    /// <summary>Takes a transaction.</summary>
    public void Take(VerifiedTransaction transaction)
    {
        if (_life is not { } life) return;

        _world.Trial.Took(this, transaction);
        Post(new NodeCommand.Submit([transaction], new Reply<IReadOnlyList<Submission>>()));
        if (transaction.Payload.Operation is Vote) Say(life.Duty.Answer(life.Loop.State.Chain, [transaction], _world.Agenda.Now));
    }

    private void Post(NodeCommand command)
    {
        if (_life is not { } life) return;

        var before = life.Loop.State.Chain;
        NodeEffect[] effects = [.. life.Loop.Step(command, _world.Agenda.Now)];
        StoreChange[] changes = [.. effects.OfType<NodeEffect.Store>().Select(static effect => effect.Change)];
        if (changes.Length > 0) Store.Commit(changes);
        foreach (var left in changes.OfType<StoreChange.Disconnected>()) _world.Watch.Left(Number, left.Block.Block.Header);
        foreach (var effect in effects) Do(life, effect);
        if (life.Loop.State.Chain.Tip.Hash != before.Tip.Hash)
        {
            if (Attack is null) _world.Watch.Moved(this, life.Loop.State.Chain);
            life.Former = before;
        }

        Answer(life, ForgingDuty.BlocksOf(effects));
        SetTimer(life);
    }

    private void Do(Life life, NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Answer answer: answer.Deliver(); break;
            case NodeEffect.StartSealing start: _world.Agenda.After(_dice.Between(1, 20), () => Seal(life, start.Job)); break;
            case NodeEffect.Announce { Event: NodeEvent.BlockConnected connected }: _world.Spread(this, connected.Block); break;
        }
    }

    private void Seal(Life life, SealJob job)
    {
        if (_life != life || life.Loop.State.Sealing != job) return;

        if (Attack?.LeavesOut(life.Loop.State.Chain, job.Template.Header) == true || !life.Forger.Seal(job.Template.Header).TryGet(out var header, out var refusal))
        {
            Post(new NodeCommand.SealFailed(job.Number, new Refusal(RefusalCodes.NotForger, "It is left out.", RefusalKind.Transient)));
            return;
        }

        if (Attack is null) _world.Watch.Note(this, header.Header);
        Attack?.MakeMore(this, life.Former ?? life.Loop.State.Chain, job);
        Post(new NodeCommand.Sealed(job.Number, header));
    }

    // What is signed is said, and taken at home too.
    private void Answer(Life life, IReadOnlyList<VerifiedBlock> blocks)
    {
        if (blocks.Count == 0) return;

        foreach (var block in blocks) _world.Trial.Took(this, block);
        Say(life.Duty.Answer(life.Loop.State.Chain, blocks, _world.Agenda.Now));
        if (Attack is not null) Say(Attack.VotesFor(this, life.Loop.State.Chain, blocks));
    }

    private void Say(IReadOnlyList<VerifiedTransaction> transactions)
    {
        foreach (var transaction in transactions)
        {
            if (Attack is null && transaction.Payload.Operation is Vote vote) _world.Watch.Note(this, vote);
            _world.Spread(this, transaction);
            Post(new NodeCommand.Submit([transaction], new Reply<IReadOnlyList<Submission>>()));
        }
    }

    private void SetTimer(Life life)
    {
        if (life.Loop.NextTickAt is not { } at || at >= life.Timer) return;

        life.Timer = at;
        _world.Agenda.After(Math.Clamp(at - _world.Agenda.Now, 1, 60_000), () =>
        {
            if (_life != life || life.Timer != at) return;

            life.Timer = long.MaxValue;
            Post(new NodeCommand.Tick());
        });
    }

    private sealed record Life(NodeLoop Loop, Forger Forger, ForgingDuty Duty)
    {
        public long Timer { get; set; } = long.MaxValue;

        public Blockchain? Former { get; set; }
    }
}
