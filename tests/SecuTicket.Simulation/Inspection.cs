using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

/// <summary>What must hold when a run is over.</summary>
public static class Inspection
{
    /// <summary>All that does not hold.</summary>
    public static IEnumerable<Violation> Of(World world)
    {
        var first = world.Nodes[0];
        var tip = first.Ledger!.Snapshot.Chain.Tip;
        foreach (var node in world.Nodes)
        {
            var other = node.Ledger!.Snapshot.Chain.Tip;
            if (other.Hash != tip.Hash) yield return new Violation("one tip", $"node {node.Number} is at block {other.Header.Index} {other.Hash} of weight {other.Weight}, node 0 at {tip.Header.Index} {tip.Hash} of weight {tip.Weight}");
        }

        if (world.Nodes.Any(node => node.Ledger!.Snapshot.Chain.Tip.Hash != tip.Hash)) yield break;

        foreach (var node in world.Nodes)
            if (!LedgerState.SameContent(node.Ledger!.Snapshot.Chain.Ledger, first.Ledger.Snapshot.Chain.Ledger)) yield return new Violation("one ledger", $"node {node.Number} has another ledger than node 0 at the same tip");

        var blocks = ChainOf(first);
        var oracle = new Oracle(world.Spec);
        if (oracle.Replay(blocks) is { } fault)
        {
            yield return new Violation("oracle", fault);
            yield break;
        }

        foreach (var difference in oracle.Compare(first.Ledger.Snapshot.Chain.Ledger)) yield return new Violation("oracle", difference);
        if (HeavierThan(world, oracle.Weight) is { } heavier) yield return new Violation("heaviest", heavier);
        if (tip.Weight != oracle.Weight) yield return new Violation("weight", $"the nodes say {tip.Weight}, the blocks weigh {oracle.Weight}");

        foreach (var lost in Lost(world, oracle)) yield return lost;
    }

    private static List<Block> ChainOf(SimulatedNode node) => [.. node.Disk.Store.ReadChain(0).Select(stored => Block.Decode(stored.Bytes.Span, int.MaxValue).Value)];

    // Of all branches that any node ever had, none that is right weighs more.
    private static string? HeavierThan(World world, UInt128 weight)
    {
        var parents = world.Watch.Blocks.Values.Select(block => block.Header.Previous).ToHashSet();
        foreach (var end in world.Watch.Blocks.Values.Where(block => !parents.Contains(block.Hash)).OrderBy(block => block.Hash))
        {
            var branch = Forge.BranchOf(world, end.Hash);
            if (Forge.WeightOf(branch) <= weight) continue;
            if (new Oracle(world.Spec).Replay(branch) is null) return $"the branch that ends with block {end.Header.Index} {end.Hash} is right and weighs more than {weight}";
        }

        return null;
    }

    private static IEnumerable<Violation> Lost(World world, Oracle oracle)
    {
        foreach (var (number, id) in world.Watch.Acknowledged)
        {
            if (oracle.Confirmed.Contains(id))
            {
                foreach (var node in world.Nodes)
                    if (node.Disk.Store.FindTransaction(id) is not { Status: TransactionStatus.Confirmed }) yield return new Violation("indexes", $"transaction {id} is in the chain, node {node.Number} does not say so");
                continue;
            }

            var found = world.Nodes[number].Disk.Store.FindTransaction(id);
            if (found is null) yield return new Violation("nothing lost", $"node {number} acknowledged transaction {id} and knows nothing of it");
            else if (found is { Status: TransactionStatus.Rejected, Code: null or "" }) yield return new Violation("nothing lost", $"node {number} rejected the acknowledged transaction {id} without a reason");
            else if (found.Status == TransactionStatus.Pending && !world.Nodes[number].Ledger!.Snapshot.Pending.ById.Contains(id)) yield return new Violation("nothing lost", $"node {number} says that transaction {id} waits, and it does not");
        }
    }

    /// <summary>What a node holds beyond its bounds.</summary>
    public static IEnumerable<Violation> Excess(World world, SimulatedNode node)
    {
        if (node.Ledger is not { State: var state } || node.Peers is not { } peers) yield break;

        foreach (var excess in peers.Excess()) yield return new Violation("memory", $"node {node.Number}: {excess}");
        if (state.Pending.Count > state.Pending.Limits.MaxCount) yield return new Violation("memory", $"node {node.Number} keeps {state.Pending.Count} pending transactions");
        var most = (Blockchain.Kept(world.Spec) + 1) * world.NodeCount;
        if (state.Chain.Count > most) yield return new Violation("memory", $"node {node.Number} keeps {state.Chain.Count} headers, at most {most} are to be expected");
    }
}
