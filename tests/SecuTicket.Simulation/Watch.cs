using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

/// <summary>Sees what every node writes and announces while a run is under way, and remembers what must hold at its end.</summary>
public sealed class Watch(World world)
{
    private readonly long[] _final = new long[world.NodeCount];
    private readonly Hash256[] _tips = [.. Enumerable.Repeat(world.Spec.Genesis.Hash, world.NodeCount)];
    private readonly Dictionary<Hash256, Block> _blocks = [];
    private readonly Dictionary<Hash256, UInt128> _weights = new() { [world.Spec.Genesis.Hash] = 0 };
    private readonly List<Acknowledgement> _acknowledged = [];
    private readonly HashSet<(Hash256, int)> _announced = [];

    /// <summary>What must never have been.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Transactions that a node acknowledged to a client, in order.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledged => _acknowledged;

    /// <summary>Every block that any honest node ever had on its disk.</summary>
    public IReadOnlyDictionary<Hash256, Block> Blocks => _blocks;

    /// <summary>The deepest reorganisation.</summary>
    public long Deepest { get; private set; }

    /// <summary>Reorganisations at all nodes.</summary>
    public long Reorganisations { get; private set; }

    /// <summary>Transactions that were acknowledged and rejected later.</summary>
    public long Rejections { get; private set; }

    /// <summary>A node told a client that it keeps a transaction.</summary>
    public void Acknowledge(int node, Hash256 id)
    {
        world.Trace.Note(world.Agenda.Now, node, "acknowledges", 0, id);
        _acknowledged.Add(new Acknowledgement(node, id));
    }

    /// <summary>Whether a node announced that it rejected a transaction.</summary>
    public bool WasAnnounced(int node, Hash256 id) => _announced.Contains((id, node));

    /// <summary>A node announced something.</summary>
    public void Happened(int node, NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.BlockConnected connected:
                world.Trace.Note(world.Agenda.Now, node, "connects block", connected.Block.Header.Index, connected.Block.Hash);
                break;
            case NodeEvent.Reorganised reorganised:
                Reorganisations++;
                Deepest = Math.Max(Deepest, reorganised.Depth);
                world.Trace.Note(world.Agenda.Now, node, "reorganises", reorganised.Depth, reorganised.Tip);
                break;
            case NodeEvent.TransactionDecided { Status: TransactionStatus.Rejected } rejected:
                Rejections++;
                _announced.Add((rejected.Id, node));
                world.Trace.Note(world.Agenda.Now, node, "rejects", 0, rejected.Id, rejected.Refusal?.Code);
                break;
            case NodeEvent.ForkTooDeep deep:
                world.Trace.Note(world.Agenda.Now, node, "raises an alarm: fork too deep", 0, deep.Block);
                break;
        }
    }

    /// <summary>A node wrote something.</summary>
    public void Written(int node, IReadOnlyList<StoreChange> changes)
    {
        var former = _tips[node];
        foreach (var change in changes)
        {
            switch (change)
            {
                case StoreChange.Connected connected:
                    Remember(connected.Block.Block.Block);
                    _tips[node] = connected.Block.Block.Hash;
                    _final[node] = Math.Max(_final[node], connected.Block.Block.Header.Index - world.Spec.ReorganisationLimit);
                    break;
                case StoreChange.Disconnected disconnected:
                    if (disconnected.Block.Block.Header.Index <= _final[node])
                        Violations.Add(new Violation("finality", $"node {node} undid block {disconnected.Block.Block.Header.Index} {disconnected.Block.Block.Hash}; all up to {_final[node]} were final there"));
                    break;
                case StoreChange.Sided sided:
                    Remember(sided.Block.Block.Block);
                    break;
                case StoreChange.Rejected rejected when rejected.Transaction.Refusal.Code.Length == 0:
                    Violations.Add(new Violation("reasons", $"node {node} rejected {rejected.Transaction.Transaction.Id} without a reason"));
                    break;
            }
        }

        if (_weights[_tips[node]] < _weights[former] || (_tips[node] != former && _weights[_tips[node]] == _weights[former]))
            Violations.Add(new Violation("heaviest", $"node {node} left a branch of weight {_weights[former]} for {_tips[node]} of weight {_weights[_tips[node]]}"));
    }

    // Weights as they should be: nobody is asked.
    private void Remember(Block block)
    {
        if (_blocks.TryAdd(block.Hash, block)) _weights[block.Hash] = _weights[block.Header.Previous] + (UInt128.One << (int)block.Header.Difficulty);
    }
}

/// <summary>A promise to a client.</summary>
/// <param name="Node">Who gave it.</param>
/// <param name="Id">The transaction.</param>
public sealed record Acknowledgement(int Node, Hash256 Id);
