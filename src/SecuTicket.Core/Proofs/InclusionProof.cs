using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Proofs;

/// <summary>What somebody shows to prove that a transaction is in a chain: nothing of it is checked yet.</summary>
/// <param name="ChainId">The chain that it is said to be in.</param>
/// <param name="Transaction">The transaction.</param>
/// <param name="Block">Header and seal of its block.</param>
/// <param name="Path">From the transaction's leaf to the block's transactions root.</param>
/// <param name="HeadersToTip">What follows that block, oldest first; none when it is the tip.</param>
public sealed record InclusionProof(string ChainId, Transaction Transaction, SealedHeader Block, MerklePath Path, EquatableArray<SealedHeader> HeadersToTip)
{
    /// <summary>Most headers after the block that a proof is read with.</summary>
    public const int MaxHeaders = 10_000;

    /// <summary>The ticket whose change it is said to prove; null when no ticket is named.</summary>
    public TicketId? Ticket { get; init; }

    /// <summary>The tickets that an operation changes where it is accepted; none for one that changes no ticket.</summary>
    public static IEnumerable<TicketId> TicketsOf(Operation operation) => operation switch
    {
        IssueTickets issue => issue.Seats.Select(seat => IssueTickets.TicketOf(issue.Event, issue.Session, seat)),
        SellTicket sell => [sell.Ticket],
        PurchaseTicket purchase => [purchase.Ticket],
        TransferTicket transfer => [transfer.Ticket],
        ListTicket list => [list.Ticket],
        UnlistTicket unlist => [unlist.Ticket],
        ReturnTicket back => [back.Ticket],
        RedeemTicket redeem => [redeem.Ticket],
        RevokeTicket revoke => [revoke.Ticket],
        _ => [],
    };
}
