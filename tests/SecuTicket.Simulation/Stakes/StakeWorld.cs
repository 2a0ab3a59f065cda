using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Simulation.Stakes;

/// <summary>Validators who make and vote on blocks, in one thread on virtual time: all that happens follows from the seed.</summary>
/// <remarks>What nodes say to each other is simpler than on a real network, which the worlds of work try: here it is about who signs what, and what is final.</remarks>
public sealed class StakeWorld
{
    private const long GenesisTime = 1_800_000_000_000;
    private const int SlotTime = 1_000;
    private const int Stake = 1_000;
    private const int QuietEnd = 12;

    private readonly Dice _dice;
    private readonly Dictionary<Hash256, VerifiedBlock> _blocks = [];
    private readonly HashSet<(int From, int To)> _cut = [];
    private double _loss;
    private bool _away;
    private (IReadOnlyList<VerifiedBlock> Blocks, ForgingMark? Mark)? _backup;

    /// <summary>A world in which nothing has happened.</summary>
    public StakeWorld(StakeSettings settings)
    {
        Settings = settings;
        _dice = new Dice(settings.Seed);
        Agenda = new Agenda(GenesisTime);
        Spec = DrawSpec();
        Seals = SealVerifiers.Of(Spec, new P256Verifier(64));
        Watch = new StakeWatch(this);
        Nodes = [.. Enumerable.Range(0, settings.Nodes).Select(Draw)];
        _loss = 0.05 * _dice.Unit();
    }

    /// <summary>What it is like.</summary>
    public StakeSettings Settings { get; }

    /// <summary>Virtual time.</summary>
    public Agenda Agenda { get; }

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec { get; }

    /// <summary>Checks seals.</summary>
    public ISealVerifier Seals { get; }

    /// <summary>Checks signatures.</summary>
    public Signatures Signatures { get; } = new();

    /// <summary>Sees everything.</summary>
    public StakeWatch Watch { get; }

    /// <summary>The validators; where one attacks, or something happens to one, it is the last.</summary>
    public IReadOnlyList<StakeNode> Nodes { get; private set; }

    /// <summary>Blocks of the longest chain at the end.</summary>
    public long Height { get; private set; }

    private long Slot => Spec.SlotOf(Agenda.Now);

    private StakeNode Last => Nodes[^1];

    /// <summary>Lets it all happen, and checks what came of it.</summary>
    /// <returns>What must never be, and was.</returns>
    public IReadOnlyList<Violation> Run()
    {
        foreach (var node in Nodes)
            if (Settings.Scenario != StakeScenario.LateJoiner || node != Last) node.Start();
        var third = (Settings.Nodes / 3) + 1;
        for (var slot = 1; slot <= Settings.Slots && Watch.Violations.Count == 0; slot++)
        {
            if (slot == Settings.Slots / 4) Backup();
            if (slot == Settings.Slots / 2) Begin(third);
            if (slot == Settings.Slots * 3 / 4) End(third);
            if (_dice.Chance(0.1)) Strike();
            NextSlot();
        }

        Heal();
        for (var slot = 0; slot < Settings.QuietSlots && Watch.Violations.Count == 0 && (slot < QuietEnd || !IsSettled()); slot++) NextSlot();
        if (Watch.Violations.Count == 0) Inspect();
        return Watch.Violations;
    }

    /// <summary>A node says that it has a block.</summary>
    public void Spread(StakeNode from, VerifiedBlock block, Func<int, bool>? to = null)
    {
        _blocks.TryAdd(block.Hash, block);
        foreach (var other in Nodes)
            if (other != from && to?.Invoke(other.Number) != false) Send(from, other, () => Bring(from, other, block));
    }

    /// <summary>A node says a transaction.</summary>
    public void Spread(StakeNode from, VerifiedTransaction transaction)
    {
        foreach (var other in Nodes)
            if (other != from) Send(from, other, () => other.Take(transaction));
    }

    private void NextSlot()
    {
        // What was lost comes again: each tells another what it has, as nodes do now and then.
        foreach (var node in Nodes)
        {
            var other = _dice.Pick(Nodes);
            if (node.Chain is not { } chain || other == node || !_blocks.TryGetValue(chain.Tip.Hash, out var tip)) continue;

            Send(node, other, () => Bring(node, other, tip));
            if (!_dice.Chance(0.25)) continue;

            foreach (var waiting in node.Pending.Take(64).ToArray()) Send(node, other, () => other.Take(waiting));
        }

        Agenda.RunUntil(Spec.StartOf(Slot + 1), () => Watch.Violations.Count > 0);
    }

    private void Send(StakeNode from, StakeNode to, Action action)
    {
        if (_cut.Contains((from.Number, to.Number)) || _dice.Chance(_loss)) return;

        Agenda.After(_dice.Exponential(40) + 5, action);
    }

    // Blocks that are missing before it come with it, if whoever brings it has them.
    private void Bring(StakeNode from, StakeNode to, VerifiedBlock block)
    {
        if (to.Chain is not { } chain || chain.Find(block.Hash) is not null) return;

        // Headers first, as nodes do.
        var headers = new HeaderBranch(chain, Seals);
        var asked = headers.Request.Locator.ToHashSet();
        var branch = new Stack<VerifiedBlock>();
        for (var at = block; ; at = _blocks[at.Header.Previous])
        {
            branch.Push(at);
            if (asked.Contains(at.Header.Previous)) break;
            if (!_blocks.ContainsKey(at.Header.Previous) || (!from.IsRunning && from != to)) return;
        }

        VerifiedBlock[] blocks = [.. branch];
        var refusal = headers.Add([.. blocks.Select(static one => one.Block.SealedHeader)], Agenda.Now).Refusal;
        if (refusal is null && (headers.LacksCheckpoint || headers.Weight <= chain.Tip.Weight && blocks.Length > 1)) return;

        if (refusal is null && blocks.All(one => Signatures.Verify(one.Block).IsAccepted)) refusal = to.Take([.. blocks.Where(one => chain.Find(one.Hash) is null)]);
        if (refusal is { Kind: RefusalKind.Invalid } && from.Attack is null && from != to) Watch.Violate("honest blocks are right", $"node {to.Number} refused block {block.Header.Index} of node {from.Number}: {refusal.Code}, {refusal.Detail}");
    }

    private void Strike()
    {
        var node = _dice.Pick(Nodes);
        if (_dice.Chance(0.5))
        {
            if (!node.IsRunning) return;

            node.Crash();
            Agenda.After(_dice.Between(500, 8_000), () =>
            {
                if (!IsAway(node)) node.Start();
            });
            return;
        }

        var side = Nodes.Select(_ => _dice.Chance(0.5)).ToArray();
        for (var from = 0; from < side.Length; from++)
            for (var to = 0; to < side.Length; to++)
                if (side[from] != side[to]) _cut.Add((from, to));
        Agenda.After(_dice.Between(1_000, 10_000), _cut.Clear);
    }

    private bool IsAway(StakeNode node) => _away && (Settings.Scenario == StakeScenario.OfflineThird ? node.Number < (Settings.Nodes / 3) + 1 : node == Last);

    private void Backup()
    {
        if (Last.Chain is not { } chain) return;

        var blocks = new Stack<VerifiedBlock>();
        for (var at = chain.Tip; at is not null && at.Header.Index > 0; at = chain.Find(at.Header.Previous)) blocks.Push(_blocks[at.Hash]);
        _backup = ([.. blocks], _dice.Chance(0.8) ? Last.Mark : null);
    }

    private void Begin(int third)
    {
        _away = Settings.Scenario is StakeScenario.OfflineThird or StakeScenario.LateJoiner;
        if (Settings.Scenario == StakeScenario.OfflineThird)
            foreach (var node in Nodes.Take(third)) node.Crash();
        if (Settings.Scenario == StakeScenario.RestoredBackup && _backup is var (blocks, mark)) Last.Restore(blocks, mark);
    }

    private void End(int third)
    {
        _away = false;
        if (Settings.Scenario == StakeScenario.OfflineThird)
            foreach (var node in Nodes.Take(third)) node.Start();
        if (Settings.Scenario == StakeScenario.LateJoiner) Join();
    }

    // It has a checkpoint, and is offered first what leaves the chain before it.
    private void Join()
    {
        if (Nodes[0].Chain?.Ledger.Stakes is not { Round.Final: { Index: > 1 } final } || Nodes[0].Chain!.Find(final.Hash) is null) return;

        var late = new StakeNode(this, Last.Number, _dice.Fork(), Spec with { Checkpoint = new KnownBlock(final.Index, final.Hash) });
        Nodes = [.. Nodes.SkipLast(1), late];
        late.Start();
        Bring(late, late, OtherPast());
    }

    // With the keys of all who had stake at the beginning, another past costs nothing: blocks in every slot, and everybody's votes.
    private VerifiedBlock OtherPast()
    {
        var chain = Blockchain.Start(Spec, Seals);
        var archive = new InMemoryBlockStore();
        archive.Load(Spec);
        VerifiedTransaction[] votes = [];
        VerifiedBlock? block = null;
        for (var slot = 1; slot < Slot; slot++)
        {
            var forger = Nodes.First(node => node.Person.Address == chain.Turns!.ForgerOf(slot));
            var reveal = StakeNode.OnionOf(forger.Number, 0).Before(chain.Ledger.Stakes!.Validators.Find(forger.Person.Address)!.Onion)!.Value;
            var template = BlockTemplate.Next(chain, votes, forger.Person.Address, Spec.StartOf(slot), reveal);
            block = VerifiedBlock.Of(template.Header, template.Transactions, forger.Person.Sign(template.Header.Hash));
            _blocks[block.Hash] = block;
            chain = chain.Add(block, Agenda.Now, archive, template).Chain;
            var source = chain.Ledger.Stakes!.Round.Justified;
            votes = [.. Nodes.Select(node => StakeAttack.Vote(this, node, $"other-past-{slot:D8}", source.Index, source.Hash, template.Header))];
        }

        return block!;
    }

    private void Heal()
    {
        _away = false;
        _cut.Clear();
        _loss = 0;
        foreach (var node in Nodes) node.Start();
    }

    private bool IsSettled() => Nodes.All(node => node.Chain!.Tip.Header.Index - node.Chain.Ledger.Final <= 6 && node.Chain.Ledger.Final > 0);

    private void Inspect()
    {
        Height = Nodes.Max(static node => node.Chain!.Tip.Header.Index);
        foreach (var node in Nodes.Where(static node => node.Attack is null))
        {
            var chain = node.Chain!;
            if (chain.Tip.Header.Index - chain.Ledger.Final > 6) Watch.Violate("finality comes back", $"node {node.Number} is at block {chain.Tip.Header.Index}, and block {chain.Ledger.Final} is the last that is final");
            if (Height - chain.Tip.Header.Index > 3) Watch.Violate("one chain", $"node {node.Number} is at block {chain.Tip.Header.Index}, another at {Height}");
        }

        var stakes = Nodes[0].Chain!.Ledger.Stakes!;
        foreach (var (account, validator) in stakes.Validators)
        {
            var node = Nodes.First(one => one.Person.Address == account);
            if (node.Attack is null && validator.Slashed > 0) Watch.Violate("the honest keep their stake", $"node {node.Number} lost {validator.Slashed}");
            if (node.Attack is { Times: > 0 } && Settings.Scenario == StakeScenario.Equivocation && validator.Slashed == 0) Watch.Violate("offences cost", $"node {node.Number} made two blocks of one slot and lost nothing");
        }
    }

    private StakeNode Draw(int number) => new(this, number, _dice.Fork(), Spec)
    {
        Attack = number == Settings.Nodes - 1 && (Settings.Scenario is StakeScenario.Equivocation or StakeScenario.NothingAtStake or StakeScenario.Grinding)
            ? new StakeAttack(this, Settings.Scenario)
            : null,
    };

    private ChainSpec DrawSpec() => ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new
    {
        chain_id = "simulated-stakes",
        currency = "EUR",
        engine = ChainSpec.ProofOfStakeEngine,
        genesis_time = GenesisTime,
        reward = 10,
        reorganisation_limit = 500,
        stake = new
        {
            slot_time = SlotTime,
            epoch_length = _dice.Between(4, 16),
            unbonding_blocks = 60,
            validators = Enumerable.Range(0, Settings.Nodes).Select(number => new
            {
                address = StakeNode.PersonOf(number).Address.ToString(),
                amount = Stake,
                commitment = StakeNode.OnionOf(number, 0).Commitment.ToString(),
            }),
        },
    })).Value;
}
