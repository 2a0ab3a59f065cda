using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Node.Sealing;

/// <summary>On which terms a block is made.</summary>
/// <param name="Sealer">Who gets the reward.</param>
/// <param name="Reveal">What its forger reveals, on chains with stakes.</param>
public sealed record SealTerms(Address Sealer, Hash256 Reveal = default);

/// <summary>What happened that may change when the next automatic seal is due.</summary>
public enum SealMoment
{
    /// <summary>The node started, or its clock was set back.</summary>
    Started,

    /// <summary>A seal began.</summary>
    Begun,

    /// <summary>A seal ended with a header.</summary>
    Sealed,

    /// <summary>There is another tip, which was not made here.</summary>
    TipMoved,

    /// <summary>An automatic seal ended with nothing.</summary>
    Failed,

    /// <summary>A block that was asked for ended with nothing: of automatic ones that says nothing.</summary>
    RequestFailed,

    /// <summary>What a step did could not be written and was taken back.</summary>
    TakenBack,
}

/// <summary>When this node makes blocks, and on which terms: all that <see cref="NodeLoop"/> must know of an engine.</summary>
public interface ISealTurns
{
    /// <summary>When the next automatic seal starts, in milliseconds since 1970, given that nothing changes until then; null when none is due.</summary>
    /// <param name="state">What the node knows, but for what waits.</param>
    /// <param name="waiting">What waits.</param>
    long? DueAt(NodeState state, in WaitingLine waiting);

    /// <summary>The terms of a block that is begun now, or why there can be none.</summary>
    /// <param name="state">What the node knows.</param>
    /// <param name="wished">Who is to get the reward; null for the one who gets those of automatic seals.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    Verdict<SealTerms> TermsOf(NodeState state, Address? wished, long now);

    /// <summary>What waits, in the order in which a block takes it.</summary>
    IEnumerable<VerifiedTransaction> Candidates(PendingSet pending);

    /// <summary>The state with <see cref="NodeState.NextSealAt"/> as it is after something happened: before it, nobody asks.</summary>
    /// <param name="state">What the node knows.</param>
    /// <param name="moment">What happened.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <param name="jitter">A random number from 0 to 1.</param>
    NodeState After(NodeState state, SealMoment moment, long now, Func<double> jitter);
}

/// <summary>Which turns a chain's engine has.</summary>
public static class SealTurns
{
    /// <summary>The turns of a node.</summary>
    /// <param name="spec">What the chain's nodes agree on.</param>
    /// <param name="sealing">When blocks are sealed.</param>
    /// <param name="self">Who gets the rewards where anybody may seal.</param>
    /// <param name="forger">The validator whose key this node has; null for none.</param>
    public static ISealTurns Of(ChainSpec spec, SealingSettings sealing, Address self, Forger? forger) =>
        spec.Stake is null ? new WaitingTurns(sealing, self) : new SlotTurns(spec, sealing, forger);
}
