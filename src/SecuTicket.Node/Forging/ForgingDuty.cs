using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Forging;

/// <summary>What a validator does about what its node takes: it votes for each new tip and reports offences. For one caller at a time.</summary>
/// <param name="forger">The validator.</param>
/// <param name="watch">Finds offences.</param>
public sealed class ForgingDuty(Forger forger, OffenceWatch watch)
{
    private Hash256 _answered;

    /// <summary>Blocks that a group of effects holds, on our branch or another.</summary>
    public static IReadOnlyList<VerifiedBlock> BlocksOf(IEnumerable<NodeEffect> effects) => [.. effects.OfType<NodeEffect.Store>().Select(static effect => effect.Change switch
    {
        StoreChange.Connected connected => connected.Block.Block,
        StoreChange.Sided sided => sided.Block.Block,
        _ => null,
    }).OfType<VerifiedBlock>()];

    /// <summary>Transactions that a group of effects admits.</summary>
    public static IReadOnlyList<VerifiedTransaction> AdmittedOf(IEnumerable<NodeEffect> effects) =>
        [.. effects.OfType<NodeEffect.Store>().Select(static effect => (effect.Change as StoreChange.Admitted)?.Pending.Transaction).OfType<VerifiedTransaction>().Where(static transaction => transaction.Payload.Operation is Vote)];

    /// <summary>The transactions that a group of effects calls for.</summary>
    /// <param name="chain">The chain after it.</param>
    /// <param name="blocks">Blocks that came.</param>
    /// <param name="votes">Votes that came.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <exception cref="IOException">The mark could not be written; nothing was signed.</exception>
    public IReadOnlyList<VerifiedTransaction> Answer(Blockchain chain, IReadOnlyList<VerifiedBlock> blocks, IReadOnlyList<VerifiedTransaction> votes, long now)
    {
        var answers = new List<VerifiedTransaction>();
        foreach (var block in blocks)
        {
            forger.See(block.Header);
            if (watch.See(block.Block.SealedHeader, isChecked: true) is { } offence) Report(offence);
            foreach (var transaction in block.Transactions) Look(transaction);
        }

        foreach (var vote in votes) Look(vote);
        if (chain.Tip.Hash != _answered) answers.AddRange(forger.Answer(chain, now));
        _answered = chain.Tip.Hash;
        return answers;

        void Look(VerifiedTransaction transaction)
        {
            if (watch.See(transaction, IsValidator) is { } offence) Report(offence);
        }

        bool IsValidator(Address account) => chain.Ledger.Stakes?.Validators.Contains(account) == true;

        void Report(Offence offence)
        {
            if (chain.Ledger.Stakes?.Validators.Find(offence.Offender) is { Slashed: 0 }) answers.Add(forger.Prove(offence.First, offence.Second, now));
        }
    }

    /// <summary>The report that a header which came without its block calls for; null when it proves nothing.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="header">The header, its seal not checked.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    public VerifiedTransaction? Answer(Blockchain chain, SealedHeader header, long now) =>
        header.Header.Sealer != forger.Account && watch.See(header, isChecked: false) is { } offence && chain.Ledger.Stakes?.Validators.Find(offence.Offender) is { Slashed: 0 }
            ? forger.Prove(offence.First, offence.Second, now)
            : null;
}
