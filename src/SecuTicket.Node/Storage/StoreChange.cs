using SecuTicket.Core.Chain;
using SecuTicket.Core.Mempool;

namespace SecuTicket.Node.Storage;

/// <summary>One step of a commit.</summary>
public abstract record StoreChange
{
    private StoreChange()
    {
    }

    /// <summary>A transaction was admitted, or came back from an abandoned block: it is pending from now on, whatever it was before.</summary>
    public sealed record Admitted(PendingTransaction Pending) : StoreChange;

    /// <summary>A transaction that was pending can not be confirmed any more: it is rejected from now on.</summary>
    public sealed record Rejected(RejectedTransaction Transaction) : StoreChange;

    /// <summary>
    /// A block joined our branch as its new tip: block, undo record, ledger changes, histories, and each of its transactions confirmed (and no longer pending
    /// or rejected). The block itself may be stored already, as a side block. Side blocks that no reorganisation can reach any more
    /// (more than <see cref="Blockchain.Kept"/> below it) are dropped with this and the blocks that follow.
    /// </summary>
    public sealed record Connected(ConnectedBlock Block) : StoreChange;

    /// <summary>The tip left our branch: the ledger is undone, its transactions are unknown until an <see cref="Admitted"/> or <see cref="Rejected"/> follows; the block stays as a side block.</summary>
    public sealed record Disconnected(DisconnectedBlock Block) : StoreChange;

    /// <summary>A block of another branch.</summary>
    public sealed record Sided(SideBlock Block) : StoreChange;
}
