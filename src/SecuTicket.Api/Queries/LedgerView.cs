using SecuTicket.Core.Ledger;
using SecuTicket.Node;

namespace SecuTicket.Api.Queries;

/// <summary>The ledger that a read shows: the confirmed one, or with <c>?pending=true</c> the one with everything that waits applied.</summary>
/// <remarks>Both come from one snapshot, so one answer never mixes two moments.</remarks>
/// <param name="Snapshot">The node's last durable state.</param>
/// <param name="IsPending">Whether what waits is applied.</param>
public readonly record struct LedgerView(NodeSnapshot Snapshot, bool IsPending)
{
    /// <summary>The query value that asks for what waits.</summary>
    public const string QueryName = "pending";

    /// <summary>What it does, for the OpenAPI document.</summary>
    public const string Description = "true: with the pending set applied; false when left out.";

    /// <summary>Accounts, events and tickets.</summary>
    public LedgerState State => IsPending ? Snapshot.Pending.State : Snapshot.Chain.Ledger;

    /// <summary>Index of the last block.</summary>
    public long TipIndex => Snapshot.Chain.Tip.Header.Index;

    /// <summary>The view that a query asks for.</summary>
    /// <remarks>Of what waits only when it is asked for: see <see cref="TicketNode.Recent"/>.</remarks>
    public static LedgerView Of(TicketNode node, QueryReader query) => query.Flag(QueryName) ? new(node.Snapshot, true) : new(node.Recent, false);

    /// <summary>The index of a block that did something, or null while that something only waits.</summary>
    public long? Confirmed(long blockIndex) => blockIndex <= TipIndex ? blockIndex : null;

    /// <summary>Whether what block <paramref name="blockIndex"/> of our branch did is never undone.</summary>
    public bool IsFinal(long blockIndex) => blockIndex <= Snapshot.Final;

    /// <summary>How many blocks, its own included, stand on what block <paramref name="blockIndex"/> did; 0 while it only waits.</summary>
    public long Confirmations(long blockIndex) => Math.Max(0, TipIndex - blockIndex + 1);
}
