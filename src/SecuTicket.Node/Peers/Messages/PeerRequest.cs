using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>What one node asks of another; each kind has a path of its own under <c>/peer/v1/</c>.</summary>
public abstract record PeerRequest
{
    private PeerRequest()
    {
    }

    /// <summary>Begins a handshake: who calls, on which chain. Answered with <see cref="PeerAnswer.Welcome"/>.</summary>
    public sealed record Hello(PeerHello Claims) : PeerRequest;

    /// <summary>Ends a handshake: the caller proves its key. Answered with <see cref="PeerAnswer.Session"/>.</summary>
    public sealed record Prove(PeerProof Proof) : PeerRequest;

    /// <summary>Asks for the tip. Answered with <see cref="PeerAnswer.Tip"/>.</summary>
    public sealed record GetTip : PeerRequest;

    /// <summary>Asks for addresses of other nodes. Answered with <see cref="PeerAnswer.Addresses"/>.</summary>
    public sealed record GetAddresses : PeerRequest;

    /// <summary>Asks for the headers that follow the first block of the locator that is on the answering node's branch. Answered with <see cref="PeerAnswer.Headers"/>.</summary>
    /// <param name="Locator">Hashes of our branch from the tip back, ever sparser, genesis last: at most <see cref="PeerLimits.Locator"/>.</param>
    /// <param name="Count">Headers wanted, 1 to <see cref="PeerLimits.Headers"/>. Fewer come only where the branch ends.</param>
    public sealed record GetHeaders(EquatableArray<Hash256> Locator, int Count) : PeerRequest;

    /// <summary>Asks for blocks. Answered with <see cref="PeerAnswer.Blocks"/>.</summary>
    /// <param name="Hashes">1 to <see cref="PeerLimits.Blocks"/> of them.</param>
    public sealed record GetBlocks(EquatableArray<Hash256> Hashes) : PeerRequest;

    /// <summary>Asks for a block without the transactions that we may have. Answered with <see cref="PeerAnswer.Compact"/>.</summary>
    public sealed record GetCompactBlock(Hash256 Hash) : PeerRequest;

    /// <summary>Asks for some transactions of a block. Answered with <see cref="PeerAnswer.Transactions"/>.</summary>
    /// <param name="Hash">The block.</param>
    /// <param name="Places">Which ones, from 0, rising.</param>
    public sealed record GetBlockTransactions(Hash256 Hash, EquatableArray<int> Places) : PeerRequest;

    /// <summary>Says that the caller has a new tip. Answered with <see cref="PeerAnswer.Wanted"/>: the place 0 when the block is to be sent in short.</summary>
    public sealed record AnnounceTip(PeerTip Tip, SealedHeader Header) : PeerRequest;

    /// <summary>Brings the caller's new tip in short. Answered with <see cref="PeerAnswer.Noted"/>.</summary>
    public sealed record AnnounceBlock(PeerTip Tip, CompactBlock Block) : PeerRequest;

    /// <summary>Says which transactions wait at the caller. Answered with <see cref="PeerAnswer.Wanted"/>.</summary>
    /// <param name="Leaves">Their leaves, 1 to <see cref="PeerLimits.Leaves"/>.</param>
    public sealed record AnnounceTransactions(EquatableArray<Hash256> Leaves) : PeerRequest;

    /// <summary>Brings transactions that were wanted. Answered with <see cref="PeerAnswer.Noted"/>.</summary>
    /// <param name="Transactions">At most <see cref="PeerLimits.Leaves"/> and, as bytes, <see cref="PeerLimits.TransactionBytes"/>.</param>
    public sealed record SendTransactions(EquatableArray<Transaction> Transactions) : PeerRequest;
}
