using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

/// <summary>A node's disk: what is on it outlives the node; writes take time, can fail, and can be lost or go unheard of when the node stops meanwhile.</summary>
public sealed class SimulatedDisk(World world, int node)
{
    private IReadOnlyList<StoreChange>? _underWay;
    private Action? _done;

    /// <summary>What is on it.</summary>
    public InMemoryBlockStore Store { get; } = new();

    /// <summary>How long a write takes on average, in milliseconds.</summary>
    public double WriteTime { get; set; } = 5;

    /// <summary>How often a write is refused, 0 to 1.</summary>
    public double Failing { get; set; }

    /// <summary>What happens in the middle of the next write, once; null for nothing.</summary>
    public Action? WhileWriting { get; set; }

    /// <summary>Writes; one at a time.</summary>
    /// <param name="changes">What.</param>
    /// <param name="done">Called when it is durable, with null, or when it failed, with why.</param>
    public void Write(IReadOnlyList<StoreChange> changes, Action<StorageException?> done)
    {
        if (changes.Count == 0)
        {
            done(null);
            return;
        }

        var fails = world.Dice.Chance(Failing);
        Action complete = () =>
        {
            _underWay = null;
            if (fails) world.Faults.Count(Fault.FailedWrite);
            else Commit(changes);
            done(fails ? new StorageException(StorageFault.Device, "The simulated disk failed.") : null);
        };
        (_underWay, _done) = (changes, complete);
        world.Agenda.After(world.Dice.Exponential(WriteTime), () =>
        {
            if (ReferenceEquals(_done, complete)) complete();
        });
        if (WhileWriting is { } meanwhile)
        {
            WhileWriting = null;
            world.Agenda.After(0, meanwhile);
        }
    }

    /// <summary>The node stopped without warning: a write under way is on the disk or not, and nobody is told.</summary>
    public void Crash()
    {
        _done = null;
        if (_underWay is not { } changes) return;

        _underWay = null;
        if (world.Dice.Chance(0.5))
        {
            world.Faults.Count(Fault.TornWrite);
            return;
        }

        world.Faults.Count(Fault.SilentWrite);
        Commit(changes);
    }

    /// <summary>What the node goes on from.</summary>
    public StoredNode Load(ChainSpec spec) => Store.Load(spec);

    /// <summary>Writes at once, as a start does before it takes anything.</summary>
    public void Commit(IReadOnlyList<StoreChange> changes)
    {
        Store.Commit(changes);
        world.Watch.Written(node, changes);
    }
}
