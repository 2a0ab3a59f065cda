using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Something that <see cref="NetworkLoop"/> is told.</summary>
public abstract record NetworkInput
{
    private NetworkInput()
    {
    }

    /// <summary>Who waits for an answer to it; null when nobody does.</summary>
    internal Reply? Awaiting => this switch
    {
        Register register => register.Reply,
        Forget forget => forget.Reply,
        Resolve resolve => resolve.Reply,
        TipAnnounced announced => announced.Reply,
        TransactionsAnnounced announced => announced.Reply,
        _ => null,
    };

    /// <summary>A call was answered.</summary>
    /// <param name="Call">Number of the <see cref="NetworkEffect.Call"/>.</param>
    /// <param name="Answer">The answer, in a form that its bytes allow and nothing more: whether it is right was not asked.</param>
    /// <param name="Bytes">Bytes of the answer's body.</param>
    /// <param name="Block">The <see cref="AddressBlock"/> of the IP address that was connected to; null when that is not known.</param>
    public sealed record Answered(long Call, PeerAnswer Answer, long Bytes, string? Block = null) : NetworkInput;

    /// <summary>A call failed.</summary>
    /// <param name="Call">Number of the <see cref="NetworkEffect.Call"/>.</param>
    /// <param name="Why">Of kind <see cref="RefusalKind.Invalid"/> when the answer broke the protocol, <see cref="RefusalKind.Transient"/> when there was none or the peer refused for now.</param>
    public sealed record CallFailed(long Call, Refusal Why) : NetworkInput;

    /// <summary>A caller proved who it is.</summary>
    /// <param name="Caller">What it said of itself.</param>
    /// <param name="At">Where it says it is reached, put together from the claims and the host it called from; null when nowhere.</param>
    public sealed record Greeted(PeerIdentity Caller, PeerAddress? At) : NetworkInput;

    /// <summary>A caller has a new tip. Answered with whether its block is to be sent.</summary>
    public sealed record TipAnnounced(Address Caller, PeerTip Tip, SealedHeader Header, Reply<PeerAnswer> Reply) : NetworkInput;

    /// <summary>A caller brought its new tip in short.</summary>
    public sealed record BlockAnnounced(Address Caller, PeerTip Tip, CompactBlock Block) : NetworkInput;

    /// <summary>A caller announced transactions.</summary>
    public sealed record TransactionsAnnounced(Address Caller, EquatableArray<Hash256> Leaves, Reply<PeerAnswer> Reply) : NetworkInput;

    /// <summary>A caller brought transactions.</summary>
    public sealed record TransactionsBrought(Address Caller, EquatableArray<Transaction> Transactions) : NetworkInput;

    /// <summary>A caller broke the protocol.</summary>
    public sealed record Misbehaved(Address Caller, Refusal Why) : NetworkInput;

    /// <summary>This happened to our own ledger, in this order, and is durable.</summary>
    public sealed record Happened(IReadOnlyList<NodeEvent> Events) : NetworkInput;

    /// <summary>Events of our own ledger may have been missed.</summary>
    public sealed record EventsMissed : NetworkInput;

    /// <summary>Blocks that were offered to our ledger were judged.</summary>
    /// <param name="Job">Number of the <see cref="NetworkEffect.OfferBlocks"/>.</param>
    /// <param name="Verdict">What became of them.</param>
    public sealed record BlocksJudged(long Job, Verdict<BlockAcceptance> Verdict) : NetworkInput;

    /// <summary>Transactions that were submitted to our ledger were judged.</summary>
    /// <param name="Job">Number of the <see cref="NetworkEffect.SubmitTransactions"/>.</param>
    /// <param name="Refusals">Of each whether and why it was refused, in order; null for one that was admitted or known.</param>
    public sealed record TransactionsJudged(long Job, IReadOnlyList<Refusal?> Refusals) : NetworkInput;

    /// <summary>The operator wants a node as a peer. Answered when it proved who it is; at once when that is known.</summary>
    public sealed record Register(PeerAddress Address, Reply<PeerAddress> Reply) : NetworkInput;

    /// <summary>The operator does not want a node as a peer any more. Answered with whether it was known.</summary>
    public sealed record Forget(PeerAddress Address, Reply<PeerAddress> Reply) : NetworkInput;

    /// <summary>Somebody wants the heaviest chain of the peers now.</summary>
    public sealed record Resolve(Reply<Resolution> Reply) : NetworkInput;

    /// <summary>Time went on.</summary>
    public sealed record Tick : NetworkInput;
}

/// <summary>What asking all peers for their chains gave.</summary>
/// <param name="Replaced">Whether our tip is now one that peers had.</param>
/// <param name="Tip">Our tip.</param>
/// <param name="Fetched">What was fetched for it.</param>
public sealed record Resolution(bool Replaced, PeerTip Tip, FetchCount Fetched);

/// <summary>What was fetched from peers.</summary>
/// <param name="Headers">Headers.</param>
/// <param name="Blocks">Blocks, whole or in short.</param>
/// <param name="Bytes">Bytes of the answers that held them.</param>
public readonly record struct FetchCount(long Headers, long Blocks, long Bytes)
{
    /// <summary>Both together.</summary>
    public static FetchCount operator +(FetchCount one, FetchCount other) => new(one.Headers + other.Headers, one.Blocks + other.Blocks, one.Bytes + other.Bytes);

    /// <summary>What the first has beyond the second.</summary>
    public static FetchCount operator -(FetchCount one, FetchCount other) => new(one.Headers - other.Headers, one.Blocks - other.Blocks, one.Bytes - other.Bytes);
}
