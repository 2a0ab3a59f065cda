using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation.Stakes;

/// <summary>Sees what every validator signs and every node takes for final, and knows what must never be.</summary>
/// <param name="world">What is watched.</param>
public sealed class StakeWatch(StakeWorld world)
{
    private readonly Dictionary<long, Hash256> _final = [];
    private readonly Dictionary<int, long> _seen = [];
    private readonly Dictionary<(int Node, long Slot), Hash256> _blocks = [];
    private readonly Dictionary<int, List<Vote>> _votes = [];
    private readonly Dictionary<int, long> _began = [];

    /// <summary>What must never have been.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Blocks that were left.</summary>
    public long Disconnected { get; private set; }

    /// <summary>The highest index that any honest node takes for final.</summary>
    public long Final { get; private set; }

    /// <summary>A node begins: whatever it signed before, and has forgotten perhaps, was for this slot or those before.</summary>
    public void Began(int node) => _began[node] = world.Spec.SlotOf(world.Agenda.Now);

    /// <summary>An honest validator signed a block.</summary>
    public void Note(StakeNode validator, BlockHeader header)
    {
        var (node, slot) = (validator.Number, world.Spec.SlotOf(header.Timestamp));
        if (_blocks.TryGetValue((node, slot), out var other) && other != header.Hash) Violate("signs once", $"node {node} signed {other} and {header.Hash} in slot {slot}");
        if (slot <= _began[node]) Violate("starts anew", $"node {node} signed a block of slot {slot}, and began in slot {_began[node]}");
        _blocks[(node, slot)] = header.Hash;
        world.Trial.Made(validator, header);
    }

    /// <summary>An honest validator signed a vote.</summary>
    public void Note(StakeNode validator, Vote vote)
    {
        var node = validator.Number;
        if (world.SlotOf(vote.Target) <= _began[node]) Violate("starts anew", $"node {node} voted for block {vote.TargetIndex} of slot {world.SlotOf(vote.Target)}, and began in slot {_began[node]}");
        if (!_votes.TryGetValue(node, out var votes)) _votes[node] = votes = [];
        foreach (var other in votes)
            if (vote.Contradicts(other)) Violate("votes once", $"node {node} signed {other.SourceIndex}→{other.TargetIndex} {other.Target} and {vote.SourceIndex}→{vote.TargetIndex} {vote.Target}");
        votes.Add(vote);
        world.Trial.Voted(validator, vote);
    }

    /// <summary>A node has another tip.</summary>
    public void Moved(StakeNode at, Blockchain chain)
    {
        var (node, ledger) = (at.Number, chain.Ledger);
        if (ledger.Supply != ledger.Balances.Sum(static entry => entry.Value) + ledger.Stakes!.Total) Violate("supply", $"node {node} has {ledger.Supply} coins at block {chain.Tip.Header.Index}, which are not all anybody's");

        // What comes before a final block is final with it.
        var seen = _seen.GetValueOrDefault(node);
        for (var block = chain.Find(ledger.Stakes.Round.Final.Hash); block is not null && block.Header.Index > seen; block = chain.Find(block.Header.Previous))
        {
            if (!_final.TryAdd(block.Header.Index, block.Hash) && _final[block.Header.Index] != block.Hash)
                Violate("finality", $"block {block.Header.Index} is final at node {node} as {block.Hash}, and elsewhere as {_final[block.Header.Index]}");
        }

        _seen[node] = Math.Max(seen, ledger.Final);
        Final = Math.Max(Final, ledger.Final);
        world.Trial.Moved(at, chain);
    }

    /// <summary>A node left a block.</summary>
    public void Left(int node, BlockHeader header)
    {
        Disconnected++;
        if (header.Index <= _seen.GetValueOrDefault(node)) Violate("no undo", $"node {node} left block {header.Index} {header.Hash}, which was final there");
    }

    /// <summary>A node's disk was put back: what it knew to be final it knows no more.</summary>
    public void Forget(int node) => _seen.Remove(node);

    /// <summary>Says what must not be.</summary>
    public void Violate(string rule, string detail)
    {
        if (Violations.Count < 10) Violations.Add(new Violation(rule, detail));
    }
}
