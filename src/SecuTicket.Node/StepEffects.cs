using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>What one step wants done, in order.</summary>
internal sealed class StepEffects
{
    private readonly List<NodeEffect> _effects = [];

    /// <summary>Begins a step.</summary>
    public void Clear() => _effects.Clear();

    /// <summary>All of it so far, for the shell, which keeps it while the next step is taken.</summary>
    public IReadOnlyList<NodeEffect> ToList() => [.. _effects];

    /// <summary>One more.</summary>
    public void Add(NodeEffect effect) => _effects.Add(effect);

    /// <summary>Writes a change.</summary>
    public void Store(StoreChange change) => Add(new NodeEffect.Store(change));

    /// <summary>Tells the operator.</summary>
    public void Report(string sentence) => Add(new NodeEffect.Report(sentence));

    /// <summary>Answers whoever waits.</summary>
    public void Answer<T>(Reply<T> reply, Verdict<T> answer)
        where T : notnull => Add(new NodeEffect.Answer<T>(reply, answer));

    /// <summary>Tells what became of a transaction.</summary>
    public void Decided(VerifiedTransaction transaction, TransactionStatus status, long? blockIndex, Refusal? refusal) =>
        Announce(new NodeEvent.TransactionDecided(transaction, status, blockIndex, refusal));

    /// <summary>Tells that a transaction waits.</summary>
    public void Decided(PendingTransaction waiting) => Announce(new NodeEvent.TransactionDecided(waiting.Transaction, TransactionStatus.Pending, null, null) { Waiting = waiting });

    /// <summary>Writes and tells what became of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="update">What became of it, and of others by it.</param>
    /// <param name="former">The tip before it.</param>
    public void Move(VerifiedBlock block, ChainUpdate update, ChainNode former)
    {
        if (update.Side is { } side) Store(new StoreChange.Sided(side));

        // Any old block leaves our branch too far back. An alarm is one that shows the work of a heavier branch.
        if (update is { Side: not null, Verdict.Refusal: { Code: RefusalCodes.ForkTooDeep } deep })
        {
            Report($"Block {block.Hash} was refused: {deep.Detail}");
            Announce(new NodeEvent.ForkTooDeep(block.Hash, deep.Detail));
        }

        foreach (var disconnected in update.Disconnected) Store(new StoreChange.Disconnected(disconnected));
        foreach (var connected in update.Connected) Store(new StoreChange.Connected(connected));
        if (update.Disconnected.Count > 0)
        {
            Report($"A reorganisation: {update.Disconnected.Count} blocks left our branch, from its tip {former.Hash} down; the tip is {update.Chain.Tip.Hash} now, block {update.Chain.Tip.Header.Index}.");
            Announce(new NodeEvent.Reorganised(update.Disconnected.Count, former.Hash, update.Chain.Tip.Hash));
        }

        foreach (var connected in update.Connected)
        {
            Announce(new NodeEvent.BlockConnected(connected.Block, connected.Weight));
            foreach (var transaction in connected.Block.Transactions) Decided(transaction, TransactionStatus.Confirmed, connected.Block.Header.Index, null);
        }
    }

    private void Announce(NodeEvent happened) => Add(new NodeEffect.Announce(happened));
}
