using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sync;
using SecuTicket.Simulation.Stakes.Trials;

namespace SecuTicket.Simulation.Stakes;

/// <summary>Validators who make and vote on blocks, in one thread on virtual time: all that happens follows from the seed.</summary>
/// <remarks>What nodes say to each other is simpler than on a real network, which the worlds of work try: here it is about who signs what, and what is final.</remarks>
public sealed class StakeWorld
{
    private const long GenesisTime = 1_800_000_000_000;
    private const int SlotTime = 1_000;
    private const int Stake = 1_000;
    private const int QuietEnd = 12;

    // Blocks after the final one, and behind the others, that are nothing unusual.
    private const int MostOpen = 6;
    private const int MostBehind = 3;

    // Short, so that validators come to their ends.
    private const int OnionLength = 72;

    private readonly Dictionary<Hash256, VerifiedBlock> _blocks = [];
    private readonly Dictionary<(int Number, int Which), Onion> _onions = [];
    private readonly HashSet<(int From, int To)> _cut = [];
    private double _loss;

    /// <summary>A world in which nothing has happened.</summary>
    public StakeWorld(StakeSettings settings)
    {
        Settings = settings;
        Dice = new Dice(settings.Seed);
        Agenda = new Agenda(GenesisTime);
        Spec = DrawSpec();
        Seals = SealVerifiers.Of(Spec, new P256Verifier(new ProvenSignatures(new P256KeyCache(2 * settings.Nodes))));
        Watch = new StakeWatch(this);
        Trial = StakeTrial.Of(this);
        Nodes = [.. Enumerable.Range(0, settings.Nodes).Select(number => new StakeNode(this, number, Dice.Fork(), Spec) { Attack = Trial.AttackOf(number) })];
        _loss = 0.05 * Dice.Unit();
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

    /// <summary>What is tried.</summary>
    public StakeTrial Trial { get; }

    /// <summary>How often happened what the scenarios are about.</summary>
    public StakeTally Tally { get; } = new();

    /// <summary>The validators; where one attacks, or something happens to one, it is the last.</summary>
    public IReadOnlyList<StakeNode> Nodes { get; private set; }

    /// <summary>Those that do as they should.</summary>
    public IEnumerable<StakeNode> Honest => Nodes.Where(static node => node.Attack is null);

    /// <summary>The validator that attacks, or to which something happens.</summary>
    public StakeNode Last => Nodes[^1];

    /// <summary>The world's chance.</summary>
    public Dice Dice { get; }

    /// <summary>Blocks of the longest chain at the end.</summary>
    public long Height { get; private set; }

    private long Slot => Spec.SlotOf(Agenda.Now);

    /// <summary>Lets it all happen, and checks what came of it.</summary>
    /// <returns>What must never be, and was.</returns>
    public IReadOnlyList<Violation> Run()
    {
        foreach (var node in Nodes.Where(node => !Trial.IsAway(node))) node.Start();
        for (var slot = 1; slot <= Settings.Slots && Watch.Violations.Count == 0; slot++)
        {
            if (slot == Settings.Slots / 4) Trial.Quarter();
            if (slot == Settings.Slots / 2) Trial.Half();
            if (slot == Settings.Slots * 3 / 4) Trial.ThreeQuarters();
            if (Dice.Chance(0.1)) Strike();
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
        Know(block);
        foreach (var other in Nodes)
            if (other != from && to?.Invoke(other.Number) != false) Send(from, other, () => Bring(from, other, block));
    }

    /// <summary>A node says a transaction.</summary>
    public void Spread(StakeNode from, VerifiedTransaction transaction)
    {
        foreach (var other in Nodes)
            if (other != from) Send(from, other, () => other.Take(transaction));
    }

    /// <summary>A block is there to be asked for.</summary>
    public void Know(VerifiedBlock block) => _blocks.TryAdd(block.Hash, block);

    /// <summary>The slot of a block that somebody made.</summary>
    public long SlotOf(Hash256 block) => Spec.SlotOf(_blocks[block].Header.Timestamp);

    /// <summary>The blocks of a chain from block 1 on.</summary>
    public IReadOnlyList<VerifiedBlock> BranchOf(Blockchain chain)
    {
        var blocks = new Stack<VerifiedBlock>();
        for (var hash = chain.Tip.Hash; _blocks.TryGetValue(hash, out var block); hash = block.Header.Previous) blocks.Push(block);
        return [.. blocks];
    }

    /// <summary>What everybody should have after a chain's tip.</summary>
    public StakeBooks BooksOf(Blockchain chain) => new(Spec, BranchOf(chain));

    /// <summary>The hash chain of a validator.</summary>
    public Onion OnionOf(int number, int which) =>
        _onions.TryGetValue((number, which), out var onion) ? onion : _onions[(number, which)] = new Onion(Hash256.Sha256([(byte)number, (byte)which, 77]), OnionLength);

    /// <summary>What a validator reveals after a link.</summary>
    public Hash256? RevealAfter(int number, Hash256 link) => Enumerable.Range(0, 16).Select(which => OnionOf(number, which).Before(link)).FirstOrDefault(static reveal => reveal is not null);

    /// <summary>The last validator's node begins late, with a checkpoint in its specification.</summary>
    public void Join(KnownBlock checkpoint)
    {
        Nodes = [.. Nodes.SkipLast(1), new StakeNode(this, Last.Number, Dice.Fork(), Spec with { Checkpoint = checkpoint })];
        Last.Start();
    }

    /// <summary>Brings a node a block, and those before it that are missing there.</summary>
    /// <param name="from">Who brings it, and must be running to be asked for more; null for a stranger who has them all.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="block">The block.</param>
    public void Bring(StakeNode? from, StakeNode to, VerifiedBlock block)
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
            if (!_blocks.ContainsKey(at.Header.Previous) || from is { IsRunning: false }) return;
        }

        VerifiedBlock[] blocks = [.. branch];
        var refusal = headers.Add([.. blocks.Select(static one => one.Block.SealedHeader)], Agenda.Now).Refusal;
        if (refusal is null && (headers.LacksCheckpoint || (headers.Weight <= chain.Tip.Weight && blocks.Length > 1))) return;

        if (refusal is null && blocks.All(one => Signatures.Verify(one.Block).IsAccepted)) refusal = to.Take([.. blocks.Where(one => chain.Find(one.Hash) is null)]);
        if (refusal is { Kind: RefusalKind.Invalid } && from is { Attack: null }) Watch.Violate("honest blocks are right", $"node {to.Number} refused block {block.Header.Index} of node {from.Number}: {refusal.Code}, {refusal.Detail}");
    }

    private void NextSlot()
    {
        // What was lost comes again: each tells another what it has, as nodes do now and then.
        foreach (var node in Nodes)
        {
            var other = Dice.Pick(Nodes);
            if (node.Chain is not { } chain || other == node || !_blocks.TryGetValue(chain.Tip.Hash, out var tip)) continue;

            Send(node, other, () => Bring(node, other, tip));
            if (!Dice.Chance(0.25)) continue;

            foreach (var waiting in node.Pending.Take(64).ToArray()) Send(node, other, () => other.Take(waiting));
        }

        Agenda.RunUntil(Spec.StartOf(Slot + 1), () => Watch.Violations.Count > 0);
    }

    private void Send(StakeNode from, StakeNode to, Action action)
    {
        if (_cut.Contains((from.Number, to.Number)) || Dice.Chance(_loss)) return;

        Agenda.After(Dice.Exponential(40) + 5, action);
    }

    private void Strike()
    {
        var node = Dice.Pick(Nodes);
        if (Dice.Chance(0.5))
        {
            if (!node.IsRunning) return;

            node.Crash();
            Agenda.After(Dice.Between(500, 8_000), () =>
            {
                if (!Trial.IsAway(node)) node.Start();
            });
            return;
        }

        var side = Nodes.Select(_ => Dice.Chance(0.5)).ToArray();
        for (var from = 0; from < side.Length; from++)
            for (var to = 0; to < side.Length; to++)
                if (side[from] != side[to]) _cut.Add((from, to));
        Agenda.After(Dice.Between(1_000, 10_000), _cut.Clear);
    }

    private void Heal()
    {
        _cut.Clear();
        _loss = 0;
        foreach (var node in Nodes) node.Start();
    }

    private bool IsSettled() => Nodes.All(static node => node.Chain!.Tip.Header.Index - node.Chain.Ledger.Final <= MostOpen && node.Chain.Ledger.Final > 0) && Trial.IsOver;

    private void Inspect()
    {
        Height = Nodes.Max(static node => node.Chain!.Tip.Header.Index);
        foreach (var node in Honest)
        {
            var chain = node.Chain!;
            var books = BooksOf(chain);
            if (chain.Tip.Header.Index - chain.Ledger.Final > MostOpen) Watch.Violate("finality comes back", $"node {node.Number} is at block {chain.Tip.Header.Index}, and block {chain.Ledger.Final} is the last that is final");
            if (Height - chain.Tip.Header.Index > MostBehind) Watch.Violate("one chain", $"node {node.Number} is at block {chain.Tip.Header.Index}, another at {Height}");
            foreach (var difference in books.Differences(chain.Ledger)) Watch.Violate("books", $"at node {node.Number} {difference}");
            foreach (var other in Nodes.Where(other => (other.Attack is null || Trial is not OffenceTrial) && books.SlashedAt(other.Person.Address) is not null))
                Watch.Violate("the honest keep their stake", $"node {other.Number} was slashed at node {node.Number}");
        }

        for (var renewed = BooksOf(Nodes[0].Chain!).Renewals; renewed > 0; renewed--) Tally.Count(StakeHappening.CommitmentRenewed);
        Trial.Inspect();
    }

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
            epoch_length = Dice.Between(4, 16),
            unbonding_blocks = 60,
            validators = Enumerable.Range(0, Settings.Nodes).Select(number => new
            {
                address = StakeNode.PersonOf(number).Address.ToString(),
                amount = Stake,
                commitment = OnionOf(number, 0).Commitment.ToString(),
            }),
        },
    })).Value;
}
