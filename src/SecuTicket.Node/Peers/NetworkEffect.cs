using SecuTicket.Core.Blocks;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Something that <see cref="NetworkLoop"/> wants done; the shell does it, in order.</summary>
public abstract record NetworkEffect
{
    private NetworkEffect()
    {
    }

    /// <summary>Call a peer; exactly one <see cref="NetworkInput.Answered"/> or <see cref="NetworkInput.CallFailed"/> follows, within the time that the shell gives a call.</summary>
    /// <param name="Number">Tells this call from others.</param>
    /// <param name="To">The peer.</param>
    /// <param name="Session">What it gave us at the handshake; null during it.</param>
    /// <param name="Request">What is asked.</param>
    public sealed record Call(long Number, PeerAddress To, SessionToken? Session, PeerRequest Request) : NetworkEffect;

    /// <summary>Check blocks' signatures and offer them to our ledger, in order; exactly one <see cref="NetworkInput.BlocksJudged"/> follows.</summary>
    public sealed record OfferBlocks(long Job, IReadOnlyList<Block> Blocks) : NetworkEffect;

    /// <summary>Check transactions' signatures and submit them to our ledger, in order; exactly one <see cref="NetworkInput.TransactionsJudged"/> follows.</summary>
    public sealed record SubmitTransactions(long Job, IReadOnlyList<Transaction> Transactions) : NetworkEffect;

    /// <summary>A peer announced a header, which nobody checked yet: it may prove an offence.</summary>
    public sealed record Witness(SealedHeader Header) : NetworkEffect;

    /// <summary>Answer somebody.</summary>
    /// <param name="Reply">Who waits.</param>
    /// <param name="Deliver">Gives the answer.</param>
    public sealed record Answer(Reply Reply, Action Deliver) : NetworkEffect;

    /// <summary>Write a change of the peer book.</summary>
    public sealed record Keep(PeerBookChange Change) : NetworkEffect;

    /// <summary>End the session of a caller who broke the protocol, and refuse it a new one until then (ms since 1970).</summary>
    public sealed record Banish(Core.Primitives.Address Caller, long Until) : NetworkEffect;

    /// <summary>Tell the operator.</summary>
    /// <param name="Sentence">What happened.</param>
    /// <param name="IsAlarm">Whether somebody must decide something.</param>
    public sealed record Report(string Sentence, bool IsAlarm) : NetworkEffect;
}
