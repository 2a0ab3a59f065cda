using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Peers;

namespace SecuTicket.Simulation;

/// <summary>A node: what outlives its crashes, and the life that it leads now.</summary>
public sealed class SimulatedNode : IReachable
{
    private readonly World _world;
    private readonly NodeSettings _settings;

    /// <summary>A node that was never started.</summary>
    /// <param name="world">Where it lives.</param>
    /// <param name="number">Its number, from 0.</param>
    /// <param name="power">Hashes a second.</param>
    /// <param name="settings">Limits and habits.</param>
    public SimulatedNode(World world, int number, double power, NodeSettings settings)
    {
        (_world, _settings) = (world, settings);
        (Number, Power) = (number, power);
        Identity = new Person($"node-{number}-identity");
        Disk = new SimulatedDisk(world, number);
        Address = AddressOf(number);
    }

    /// <inheritdoc/>
    public int Number { get; }

    /// <summary>Hashes a second.</summary>
    public double Power { get; }

    /// <summary>Its key.</summary>
    public Person Identity { get; }

    /// <summary>Its account.</summary>
    public Address Self => Identity.Address;

    /// <summary>Its disk.</summary>
    public SimulatedDisk Disk { get; }

    /// <summary>How far its clock is ahead, in milliseconds.</summary>
    public long Skew { get; set; }

    /// <summary>What its clock says, in milliseconds since 1970.</summary>
    public long Clock => _world.Agenda.Now + Skew;

    /// <summary>Its ledger while it runs; null while it does not.</summary>
    public RunningLedger? Ledger { get; private set; }

    /// <summary>How it talks to others while it runs; null while it does not.</summary>
    public RunningPeers? Peers { get; private set; }

    /// <summary>Where it is reached: each node in an address block of its own.</summary>
    public PeerAddress Address { get; }

    /// <summary>Peers that its operator named.</summary>
    public IReadOnlyList<PeerAddress> Configured { get; set; } = [];

    /// <summary>What its book has on the disk.</summary>
    public SortedDictionary<PeerAddress, PeerRecord> Book { get; } = [];

    /// <summary>Starts it from what is on its disk.</summary>
    public void Start()
    {
        var (state, lost) = NodeState.Restore(
            Disk.Load(_world.Spec), _world.Spec, _world.Seals, _settings.Mempool,
            waiting => [.. waiting.Select(one => _world.Signatures.Verify(one.Transaction))], Clock);
        if (lost.Count > 0) Disk.Commit(lost);

        _world.Trace.Note(_world.Agenda.Now, Number, "starts at block", state.Chain.Tip.Header.Index, state.Chain.Tip.Hash);
        Ledger = new RunningLedger(_world, this, _settings, state, Happened);
        Peers = new RunningPeers(_world, this, Ledger);
    }

    /// <summary>Stops it without warning.</summary>
    public void Crash()
    {
        if (Ledger is null) return;

        _world.Trace.Note(_world.Agenda.Now, Number, "crashes");
        Ledger.Stop();
        Peers!.Stop();
        (Ledger, Peers) = (null, null);
        Disk.Crash();
    }

    /// <inheritdoc/>
    public bool Serve(ReceivedRequest request, Action<WireAnswer> answer)
    {
        Peers?.Serve(request, answer);
        return Peers is not null;
    }

    /// <summary>Writes a change of its book.</summary>
    public void Keep(PeerBookChange change)
    {
        if (change.Record is { } record) Book[change.Address] = record;
        else Book.Remove(change.Address);
    }

    /// <summary>Where a node is reached.</summary>
    public static PeerAddress AddressOf(int number) => PeerAddress.TryParse($"http://10.{number + 1}.0.1:5000", out var address) ? address : throw new ArgumentOutOfRangeException(nameof(number));

    private void Happened(NodeEvent happened)
    {
        _world.Watch.Happened(Number, happened);
        Peers?.Happened(happened);
    }
}
