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

    /// <summary>The transactions that blocks call for: a vote for the tip, and reports.</summary>
    /// <param name="chain">The chain after them.</param>
    /// <param name="blocks">Blocks that came.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    /// <exception cref="IOException">The mark could not be written; nothing was signed.</exception>
    public IReadOnlyList<VerifiedTransaction> Answer(Blockchain chain, IReadOnlyList<VerifiedBlock> blocks, long now)
    {
        var offences = new List<Offence?>();
        foreach (var block in blocks)
        {
            forger.See(block.Header);
            offences.Add(watch.See(block.Block.SealedHeader, isChecked: true));
            foreach (var transaction in block.Transactions) offences.Add(Look(chain, transaction));
        }

        VerifiedTransaction[] answers = [.. chain.Tip.Hash == _answered ? [] : forger.Answer(chain, now), .. Prove(chain, offences, now)];
        _answered = chain.Tip.Hash;
        return answers;
    }

    /// <summary>The reports that votes call for, whether this node's branch admits them or not.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="votes">Votes whose signatures were checked.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    public IReadOnlyList<VerifiedTransaction> Answer(Blockchain chain, IReadOnlyList<VerifiedTransaction> votes, long now) =>
        [.. Prove(chain, votes.Select(vote => Look(chain, vote)), now)];

    /// <summary>The report that a header which came without its block calls for.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="header">The header, its seal not checked.</param>
    /// <param name="now">The node's clock, in milliseconds since 1970.</param>
    public IReadOnlyList<VerifiedTransaction> Answer(Blockchain chain, SealedHeader header, long now) =>
        header.Header.Chain == chain.Spec.ChainHash ? [.. Prove(chain, [watch.See(header, isChecked: false, remembers: MayBeOfNow(chain, header.Header, now))], now)] : [];

    // Of slots to come a validator could sign as many as are remembered, and so have all others forgotten.
    private static bool MayBeOfNow(Blockchain chain, BlockHeader header, long now) =>
        chain.Spec.SlotOf(header.Timestamp) <= chain.Spec.SlotOf(now) + 1 && chain.Ledger.Stakes?.Validators.Find(header.Sealer) is { Slashed: 0 };

    private Offence? Look(Blockchain chain, VerifiedTransaction transaction) => watch.See(transaction, account => chain.Ledger.Stakes?.Validators.Contains(account) == true);

    // Nobody reports itself, nor whom somebody reported before.
    private IEnumerable<VerifiedTransaction> Prove(Blockchain chain, IEnumerable<Offence?> offences, long now) => offences.OfType<Offence>()
        .DistinctBy(static offence => offence.Offender)
        .Where(offence => offence.Offender != forger.Account && chain.Ledger.Stakes?.Validators.Find(offence.Offender) is { Slashed: 0 })
        .Select(offence => forger.Prove(offence.First, offence.Second, now));
}
