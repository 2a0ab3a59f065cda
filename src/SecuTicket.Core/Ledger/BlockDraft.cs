using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger.Rules;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Ledger;

/// <summary>A block as it grows: its reward, then its transactions in order, each judged on what the ones before it left.</summary>
public sealed class BlockDraft
{
    private readonly LedgerState _start;
    private readonly RuleContext _context;
    private readonly Draft _draft;
    private readonly List<TransactionEffects> _effects = [];

    /// <summary>Begins a block.</summary>
    /// <param name="start">The ledger after the block before.</param>
    /// <param name="context">The chain's specification, and the block's index and time.</param>
    /// <param name="header">The block's header, of which index, time, sealer and reveal count; needed on chains with stakes.</param>
    public BlockDraft(LedgerState start, RuleContext context, BlockHeader? header = null)
    {
        _start = start;
        _context = header is null ? context : context with { Parent = header.Previous };
        _draft = new Draft(start, _context);
        if (_draft.Ledger.Stakes is { } stakes) StakeBlocks.Begin(stakes, header ?? throw new ArgumentNullException(nameof(header), "With stakes it matters whose the block is."), _context);
    }

    /// <summary>Begins a block, on a chain without stakes, of transactions that were judged while they waited: each is still to be taken over.</summary>
    /// <param name="start">The ledger after the block before.</param>
    /// <param name="judged">That ledger with all of them applied, and none remembered.</param>
    /// <param name="context">The chain's specification, and the block's index and time, at which each of them holds.</param>
    internal BlockDraft(LedgerState start, LedgerState judged, RuleContext context) => (_start, _context, _draft) = (start, context, new Draft(judged, context));

    /// <summary>Takes over a transaction that is applied already, the next in order.</summary>
    internal void TakeOver(VerifiedTransaction transaction, TransactionEffects effects)
    {
        _draft.Confirm(transaction.Payload, effects);
        _effects.Add(effects);
    }

    /// <summary>Adds the reward, which must be the one that is due.</summary>
    public void Add(VerifiedTransaction transaction, Reward reward)
    {
        _draft.Begin(transaction, _context);
        MoneyRules.Reward(_draft, reward);
        _effects.Add(_draft.Effects());
    }

    /// <summary>Adds a transaction, or says which rule refuses it; then the draft is as it was.</summary>
    public Verdict Add(VerifiedTransaction transaction)
    {
        var verdict = LedgerRules.Apply(_draft, transaction, _context);
        if (verdict.IsAccepted) _effects.Add(_draft.Effects());
        return verdict;
    }

    /// <summary>Ends the block: what its time lets the ledger forget is forgotten.</summary>
    /// <param name="median">Median time of the 11 blocks that end with this one, in milliseconds: nothing later on this branch is timed before it.</param>
    public BlockOutcome Complete(long median)
    {
        if (_draft.Ledger.Stakes is { } stakes && _context.Spec.Stake is { } spec) StakeBlocks.End(_draft, stakes, spec);
        _draft.Forget(median / 1000, 2 * _context.Spec.MaxBlockTransactions);
        var (start, end) = (_start, _draft.Ledger.ToState());
        return new BlockOutcome(end, Justified(end), new Lazy<LedgerDelta>(() => LedgerDelta.Between(start, end)), [.. _effects]);
    }

    private uint Justified(LedgerState end) =>
        _start.Stakes is { } before && end.Stakes is { } after ? (uint)(after.Round.Justified.Index - before.Round.Justified.Index) : 0;
}
