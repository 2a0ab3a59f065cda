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

    /// <summary>What must never have been.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Blocks that were left.</summary>
    public long Disconnected { get; private set; }

    /// <summary>The highest index that any honest node takes for final.</summary>
    public long Final { get; private set; }

    /// <summary>An honest validator signed a block.</summary>
    public void Note(int node, BlockHeader header)
    {
        var slot = world.Spec.SlotOf(header.Timestamp);
        if (_blocks.TryGetValue((node, slot), out var other) && other != header.Hash) Violate("signs once", $"node {node} signed {other} and {header.Hash} in slot {slot}");
        _blocks[(node, slot)] = header.Hash;
    }

    /// <summary>An honest validator signed a vote.</summary>
    public void Note(int node, Vote vote)
    {
        if (!_votes.TryGetValue(node, out var votes)) _votes[node] = votes = [];
        foreach (var other in votes)
            if (vote.Contradicts(other)) Violate("votes once", $"node {node} signed {other.SourceIndex}→{other.TargetIndex} {other.Target} and {vote.SourceIndex}→{vote.TargetIndex} {vote.Target}");
        votes.Add(vote);
    }

    /// <summary>A node has another tip.</summary>
    public void Moved(int node, Blockchain chain)
    {
        var ledger = chain.Ledger;
        if (ledger.Supply != ledger.Balances.Sum(static entry => entry.Value) + ledger.Stakes!.Total) Violate("supply", $"node {node} has {ledger.Supply} coins at block {chain.Tip.Header.Index}, which are not all anybody's");

        // What comes before a final block is final with it.
        var seen = _seen.GetValueOrDefault(node);
        for (var at = chain.Find(ledger.Stakes.Round.Final.Hash); at is not null && at.Header.Index > seen; at = chain.Find(at.Header.Previous))
        {
            if (!_final.TryAdd(at.Header.Index, at.Hash) && _final[at.Header.Index] != at.Hash)
                Violate("finality", $"block {at.Header.Index} is final at node {node} as {at.Hash}, and elsewhere as {_final[at.Header.Index]}");
        }

        _seen[node] = Math.Max(seen, ledger.Final);
        Final = Math.Max(Final, ledger.Final);
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
