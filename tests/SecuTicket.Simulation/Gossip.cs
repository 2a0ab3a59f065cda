using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

// TEMPORARY stub until NetworkLoop lands.
public sealed class Gossip(World world, SimulatedNode node, RunningLedger ledger)
{
    private bool _stopped;

    public void Start() => Beat();

    public void Stop() => _stopped = true;

    public void Happened(NodeEvent happened)
    {
        switch (happened)
        {
            case NodeEvent.BlockConnected connected:
                SendAll(connected.Block.Block);
                break;
            case NodeEvent.TransactionDecided { Status: TransactionStatus.Pending } decided:
                if (node.Disk.Store.FindTransaction(decided.Id) is { } found) SendAll(found.Transaction);
                break;
        }
    }

    private void Beat()
    {
        if (_stopped) return;
        world.Agenda.After(world.Dice.Between(20_000, 40_000), Beat);
        if (ledger.Snapshot.Tip.Index == 0) return;
        SendAll(Tip());
        foreach (var (_, pending) in ledger.Snapshot.Pending.InOrder) SendAll(pending.Transaction.Transaction);
    }

    private Block Tip() => Block.Decode(node.Disk.Store.FindBlock(ledger.Snapshot.Tip.Hash)!.Bytes.Span, int.MaxValue).Value;

    private void SendAll(Block block)
    {
        foreach (var other in world.Nodes)
            if (other != node) SendBlock(other, block);
    }

    private void SendBlock(SimulatedNode to, Block block) => world.Network.Send(node.Number, to.Number, block.Size, () => to.Peers?.Receive(node, block));

    private void SendAll(Transaction transaction)
    {
        foreach (var other in world.Nodes)
            if (other != node) world.Network.Send(node.Number, other.Number, transaction.Size, () => other.Peers?.Receive(transaction));
    }

    private void Receive(Transaction transaction)
    {
        if (ledger.Snapshot.Pending.ById.Contains(transaction.Id)) return;
        if (world.Signatures.Verify(transaction).TryGet(out var verified, out _)) ledger.Submit([verified], static _ => { });
    }

    private void Receive(SimulatedNode from, Block block)
    {
        if (_stopped || ledger.Snapshot.Chain.Find(block.Hash) is not null) return;
        if (!world.Signatures.Verify(block).TryGet(out var verified, out _)) return;
        Offer(from, block, verified);
    }

    private readonly Dictionary<Hash256, (Block, VerifiedBlock)> _orphans = [];
    private readonly Dictionary<Hash256, long> _asked = [];

    private void Offer(SimulatedNode from, Block block, VerifiedBlock verified) => ledger.Offer(verified, verdict =>
    {
        if (verdict.Refusal is { Code: RefusalCodes.UnknownParent })
        {
            var previous = block.Header.Previous;
            _orphans[previous] = (block, verified);
            if (_asked.GetValueOrDefault(previous) > world.Agenda.Now - 5_000) return;
            _asked[previous] = world.Agenda.Now;
            world.Network.Send(node.Number, from.Number, 32, () => from.Peers?.Ask(node, previous));
        }
        else if (_orphans.Remove(block.Hash, out var next)) Offer(from, next.Item1, next.Item2);
    });

    private void Ask(SimulatedNode who, Hash256 hash)
    {
        if (node.Disk.Store.FindBlock(hash) is not { } found) return;
        SendBlock(who, Block.Decode(found.Bytes.Span, int.MaxValue).Value);
    }
}
