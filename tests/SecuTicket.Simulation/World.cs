using System.Text.Json;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Peers;

namespace SecuTicket.Simulation;

/// <summary>A network of nodes and those who use it, in one thread on virtual time: all that happens follows from the seed.</summary>
public sealed class World
{
    private const long GenesisTime = 1_800_000_000_000;
    private const int Difficulty = 7;
    private const long InspectionPause = 60_000;
    private static readonly TimeSpan SettleStep = TimeSpan.FromMinutes(1);

    private readonly Mischief _mischief;
    private readonly Crowd _crowd;

    /// <summary>A world that nothing has happened in.</summary>
    /// <param name="settings">What it is like.</param>
    /// <param name="trace">Takes the trace as text; null when nobody reads it.</param>
    public World(WorldSettings settings, TextWriter? trace = null)
    {
        Settings = settings;
        Dice = new Dice(settings.Seed);
        Agenda = new Agenda(GenesisTime + 3_600_000);
        Start = Agenda.Now;
        Trace = new Trace(Start, trace);
        IsShallow = Dice.Chance(0.25);
        Spec = DrawSpec() with { SkipsMedianTime = settings.Plant == Plant.SkipsMedianTime };
        var seals = new ProofOfWorkVerifier(Spec, new P256Verifier(1));
        Seals = settings.Plant == Plant.LongestChain ? new FlatSeals(seals) : seals;
        Network = new FaultyNetwork(settings.Nodes + 1, Agenda, Dice.Fork(), Faults);
        Watch = new Watch(this);
        Nodes = [.. Enumerable.Range(0, settings.Nodes).Select(DrawNode)];
        foreach (var node in Nodes) node.Configured = DrawConfigured(node.Number);
        _mischief = new Mischief(this, Dice.Fork());
        _crowd = new Crowd(this, Dice.Fork());
        if (settings.HasLiar) Liar = new Liar(this, Dice.Fork());
    }

    /// <summary>What it is like.</summary>
    public WorldSettings Settings { get; }

    /// <summary>How many nodes there are.</summary>
    public int NodeCount => Settings.Nodes;

    /// <summary>When it began.</summary>
    public long Start { get; }

    /// <summary>Whether few blocks make one final: then clocks are right within minutes and no split lasts, so that honest nodes stay within the limit, and the liar does not.</summary>
    public bool IsShallow { get; }

    /// <summary>Chance.</summary>
    public Dice Dice { get; }

    /// <summary>Virtual time.</summary>
    public Agenda Agenda { get; }

    /// <summary>What happened.</summary>
    public Trace Trace { get; }

    /// <summary>What went wrong on purpose.</summary>
    public FaultCounts Faults { get; } = new();

    /// <summary>What the chain's nodes agree on.</summary>
    public ChainSpec Spec { get; }

    /// <summary>Checks seals.</summary>
    public ISealVerifier Seals { get; }

    /// <summary>Checks signatures.</summary>
    public Signatures Signatures { get; } = new();

    /// <summary>Checks signatures of handshakes.</summary>
    public TransactionVerifier Verifier { get; } = new(new P256Verifier(64));

    /// <summary>Between the nodes.</summary>
    public FaultyNetwork Network { get; }

    /// <summary>Sees everything.</summary>
    public Watch Watch { get; }

    /// <summary>The honest nodes.</summary>
    public IReadOnlyList<SimulatedNode> Nodes { get; }

    /// <summary>The node that lies, when there is one.</summary>
    public Liar? Liar { get; }

    /// <summary>Lets it all happen, and checks what came of it.</summary>
    public RunResult Run()
    {
        try
        {
            Live();
        }
        catch (Exception failure)
        {
            Watch.Violations.Add(new Violation("no exception", failure.ToString()));
        }

        return new RunResult(Settings.Seed, [.. Watch.Violations], Trace.Hash, Agenda.Now - Start, Faults, this);
    }

    /// <summary>The node that is reached at an address.</summary>
    public IReachable? Find(PeerAddress address) => Nodes.FirstOrDefault(node => node.Address == address) is { } node ? node : address == Liar?.Address ? Liar : null;

    private void Live()
    {
        foreach (var node in Nodes) node.Start();
        _mischief.Begin();
        _crowd.Begin();
        Liar?.Begin();
        Inspect();
        Agenda.RunUntil(Start + (long)Settings.Storm.TotalMilliseconds, IsBroken);
        if (!IsBroken()) Settle();
        if (!IsBroken()) Watch.Violations.AddRange(Inspection.Of(this));
    }

    private void Inspect()
    {
        foreach (var node in Nodes) Watch.Violations.AddRange(Inspection.Excess(this, node));
        Agenda.After(InspectionPause, Inspect);
    }

    private bool IsBroken() => Watch.Violations.Count > 0;

    // Everything is repaired; what was timed an hour ahead becomes timely; then blocks until all agree, for a tie is broken by the next one.
    private void Settle()
    {
        _mischief.End();
        _crowd.End();
        Liar?.End();
        Trace.Note(Agenda.Now, -1, "everything is repaired");
        var latest = Watch.Blocks.Values.Select(block => block.Header.Timestamp).DefaultIfEmpty().Max();
        Agenda.RunUntil(Math.Max(Agenda.Now, latest) + (long)Settings.Quiet.TotalMilliseconds, IsBroken);
        for (var blocks = 0; blocks < Settings.MaxSettlingBlocks && !IsBroken() && (blocks < 3 || !IsSettled()); blocks++)
        {
            Nodes[Dice.Below(NodeCount)].Ledger!.Seal();
            Agenda.RunUntil(Agenda.Now + Dice.Between(Spec.Work.TargetBlockTime, 4 * Spec.Work.TargetBlockTime), IsBroken);
        }

        for (var steps = 0; steps < 60 && !IsBroken() && !IsSettled(); steps++) Agenda.RunUntil(Agenda.Now + (long)SettleStep.TotalMilliseconds, IsBroken);
    }

    private bool IsSettled() => Nodes.All(node => node.Ledger!.Snapshot is var at && at.Pending.Count == 0 && at.Tip.Hash == Nodes[0].Ledger!.Snapshot.Tip.Hash && node.Ledger.State.Sealing is null);

    // Each knows the one before it, so that all can find all, and sometimes one more.
    private IReadOnlyList<PeerAddress> DrawConfigured(int number)
    {
        int[] known = [Math.Max(number - 1, 0), Dice.Chance(0.5) ? Dice.Below(NodeCount) : number];
        return [.. known.Where(other => other != number).Distinct().Select(SimulatedNode.AddressOf)];
    }

    private ChainSpec DrawSpec() => ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new
    {
        chain_id = "simulated",
        currency = "EUR",
        engine = ChainSpec.ProofOfWorkEngine,
        exchange_authorities = new[] { Crowd.Bank.Address.ToString() },
        genesis_time = GenesisTime,
        max_block_transactions = 50,
        proof_of_work = new { difficulty = Difficulty, retarget_interval = Dice.Between(4, 10), target_block_time = Dice.Between(15_000, 60_000) },
        reorganisation_limit = IsShallow ? 40 : 500,
        reward = 100,
    })).Value;

    // Power is shared unevenly; together they find a block of the first difficulty in the target's time.
    private SimulatedNode DrawNode(int number)
    {
        var power = Math.Pow(2, Difficulty) / (Spec.Work.TargetBlockTime / 1_000.0) / NodeCount * (0.2 + (1.6 * Dice.Unit()));
        var sealing = new SealingSettings { MinPending = (int)Dice.Between(1, 5), MaxWait = TimeSpan.FromSeconds(Dice.Between(10, 120)) };
        return new SimulatedNode(this, number, power, new NodeSettings { Sealing = sealing, ForgetsAbandoned = Settings.Plant == Plant.ForgetsAbandoned });
    }
}

/// <summary>What a world is like.</summary>
/// <param name="Seed">Where chance starts.</param>
/// <param name="Nodes">How many honest nodes there are.</param>
public sealed record WorldSettings(ulong Seed, int Nodes = 7)
{
    /// <summary>How long things go wrong.</summary>
    public TimeSpan Storm { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A fault that is planted in all nodes, to see that it is found.</summary>
    public Plant Plant { get; init; }

    /// <summary>Whether one more node takes part that lies.</summary>
    public bool HasLiar { get; init; } = true;

    /// <summary>How long everybody is left alone after it, once no block is of the future any more.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Most blocks that are asked for until all agree.</summary>
    public int MaxSettlingBlocks { get; init; } = 40;
}

/// <summary>What came of a run.</summary>
/// <param name="Seed">Where chance started.</param>
/// <param name="Violations">What must never be, and was; none when all is well.</param>
/// <param name="TraceHash">Hash over all that happened.</param>
/// <param name="VirtualTime">How long it took, in virtual milliseconds.</param>
/// <param name="Faults">What went wrong on purpose.</param>
/// <param name="World">The world after it.</param>
public sealed record RunResult(ulong Seed, IReadOnlyList<Violation> Violations, ulong TraceHash, long VirtualTime, FaultCounts Faults, World World);
