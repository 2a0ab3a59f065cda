using System.Collections.Immutable;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Sealing;

namespace SecuTicket.Node;

/// <summary>Everything the single writer knows, as one immutable value.</summary>
/// <remarks>So a write that fails is taken back by keeping the value from before it, and a reader's snapshot is one reference.</remarks>
/// <param name="Chain">The tree of blocks and the ledger at its tip.</param>
/// <param name="Pending">What waits, and the ledger with it applied.</param>
public sealed record NodeState(Blockchain Chain, PendingSet Pending)
{
    /// <summary>The search under way.</summary>
    public SealJob? Sealing { get; init; }

    /// <summary>Blocks asked for, the first one's search being under way if any is.</summary>
    public ImmutableQueue<NodeCommand.Seal> SealRequests { get; init; } = [];

    /// <summary>How many blocks are asked for.</summary>
    public int SealRequestCount { get; init; }

    /// <summary>The earliest start of the next automatic seal, in milliseconds since 1970.</summary>
    public long NextSealAt { get; init; }

    /// <summary>How much of the random delays of automatic seals is used on this tip, 0 to 1.</summary>
    public double SealChance { get; init; }

    /// <summary>Number of the next search.</summary>
    public long NextJob { get; init; } = 1;

    /// <summary>Why transactions that were acknowledged were rejected, for as long as they could be posted again.</summary>
    public Trie<NumberedHash, Refusal> Rejections { get; init; } = Trie<NumberedHash, Refusal>.Empty;
}

/// <summary>A consistent view for readers: the last durable state.</summary>
/// <param name="Chain">The tree of blocks and the ledger at its tip.</param>
/// <param name="Pending">What waits, and the ledger with it applied.</param>
public sealed record NodeSnapshot(Blockchain Chain, PendingSet Pending)
{
    /// <summary>Header of the tip.</summary>
    public BlockHeader Tip => Chain.Tip.Header;
}
