using SecuTicket.Core.Blocks;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Something that happened and is durable.</summary>
public abstract record NodeEvent
{
    private NodeEvent()
    {
    }

    /// <summary>A block joined our branch.</summary>
    public sealed record BlockConnected(VerifiedBlock Block, UInt128 Weight) : NodeEvent;

    /// <summary>A transaction was admitted, came back to the pending set from an abandoned block, was confirmed or was rejected.</summary>
    /// <param name="Transaction">The transaction.</param>
    /// <param name="Status">What became of it.</param>
    /// <param name="BlockIndex">Index of its block, when it is confirmed.</param>
    /// <param name="Refusal">Why it was rejected, when it was.</param>
    public sealed record TransactionDecided(VerifiedTransaction Transaction, TransactionStatus Status, long? BlockIndex, Refusal? Refusal) : NodeEvent
    {
        /// <summary>The transaction's id.</summary>
        public Hash256 Id => Transaction.Id;

        /// <summary>The transaction's type.</summary>
        public string Type => Transaction.Payload.Operation.Type;

        /// <summary>The transaction as it waits, when it does.</summary>
        public PendingTransaction? Waiting { get; init; }
    }

    /// <summary>Blocks left our branch and others took their place.</summary>
    /// <param name="Depth">Blocks that left.</param>
    /// <param name="FormerTip">Hash of the tip before.</param>
    /// <param name="Tip">Hash of the tip after.</param>
    public sealed record Reorganised(int Depth, Hash256 FormerTip, Hash256 Tip) : NodeEvent;

    /// <summary>A heavier branch was refused because it leaves ours too far back: an operator must decide.</summary>
    public sealed record ForkTooDeep(Hash256 Block, string Detail) : NodeEvent;
}
