using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>What a node answers to a <see cref="PeerRequest"/>.</summary>
public abstract record PeerAnswer
{
    private PeerAnswer()
    {
    }

    /// <summary>Who answers, on which chain, with its proof.</summary>
    public sealed record Welcome(PeerWelcome Claims) : PeerAnswer;

    /// <summary>What the caller shows with every further request.</summary>
    public sealed record Session(SessionToken Token) : PeerAnswer;

    /// <summary>The answering node's tip.</summary>
    /// <param name="Value">The tip.</param>
    /// <param name="Header">Its header, so that whoever lacks this one block alone need not ask for headers; null from a node that does not tell.</param>
    public sealed record Tip(PeerTip Value, SealedHeader? Header = null) : PeerAnswer;

    /// <summary>Addresses of nodes that the answering node reached of late, at most <see cref="PeerLimits.Addresses"/>.</summary>
    public sealed record Addresses(EquatableArray<PeerAddress> Items) : PeerAnswer;

    /// <summary>Headers, oldest first; none when no hash of the locator is on the branch or nothing follows it.</summary>
    public sealed record Headers(EquatableArray<SealedHeader> Items) : PeerAnswer;

    /// <summary>The first blocks of those asked for, in the order asked, as many as fit into <see cref="PeerLimits.BlockBytes"/>, one at least; it ends before the first one that the node has not.</summary>
    public sealed record Blocks(EquatableArray<Block> Items) : PeerAnswer;

    /// <summary>The same message, of blocks as they are stored: whoever gives them need not read them.</summary>
    /// <param name="Items">Their stored form.</param>
    public sealed record StoredBlocks(IReadOnlyList<ReadOnlyMemory<byte>> Items) : PeerAnswer;

    /// <summary>The block in short.</summary>
    public sealed record Compact(CompactBlock Block) : PeerAnswer;

    /// <summary>The transactions asked for, in the order asked.</summary>
    public sealed record Transactions(EquatableArray<Transaction> Items) : PeerAnswer;

    /// <summary>Which of what was announced is to be sent.</summary>
    /// <param name="Places">Places in the announcement, from 0, rising.</param>
    public sealed record Wanted(EquatableArray<int> Places) : PeerAnswer;

    /// <summary>It was taken; what becomes of it is not said.</summary>
    public sealed record Noted : PeerAnswer;
}
