using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus.ProofOfWork;

/// <summary>Checks that a block shows the work its branch asks for, with one hash; and its sealer's signature where the chain names its sealers.</summary>
/// <param name="spec">The chain's specification.</param>
/// <param name="curve">Checks the signatures of sealers.</param>
public sealed class ProofOfWorkVerifier(ChainSpec spec, P256Verifier curve) : ISealVerifier
{
    /// <inheritdoc/>
    /// <remarks>All: each shows its work.</remarks>
    public int HeadersAhead => int.MaxValue;

    /// <inheritdoc/>
    /// <remarks>
    /// With a retarget interval the difficulty moves by at most one bit at the end of each interval: up when its blocks took less than half the time they
    /// should, down when they took more than twice. Whole bits keep the rule to integers; between half and double nothing moves, so it does not swing.
    /// </remarks>
    public uint DifficultyAfter(Ancestor ancestor)
    {
        var parent = ancestor(0)!;
        var present = parent.Index == 0 ? (uint)spec.Work.Difficulty : parent.Difficulty;
        var interval = spec.Work.RetargetInterval;
        if (interval == 0 || parent.Index <= interval || parent.Index % interval != 0 || ancestor(interval) is not { } start) return present;

        var taken = parent.Timestamp - start.Timestamp;
        var target = interval * spec.Work.TargetBlockTime;
        return taken < target / 2 ? Math.Min(present + 1, ChainSpec.MaxDifficulty) : taken > target * 2 ? Math.Max(present, 1) - 1 : present;
    }

    /// <inheritdoc/>
    public Verdict Verify(SealedHeader block, Ancestor ancestor, Turns? turns)
    {
        var expected = DifficultyAfter(ancestor);
        return block.Header.Difficulty == expected
            ? VerifyWork(block)
            : new Refusal(RefusalCodes.InvalidWork, $"The difficulty is {block.Header.Difficulty} leading zero bits, this branch asks for {expected}.");
    }

    /// <inheritdoc/>
    /// <remarks>Work is in the header.</remarks>
    public Verdict VerifyOn(BlockHeader header, LedgerState before) => Verdict.Accepted;

    /// <inheritdoc/>
    public Verdict VerifyAlone(SealedHeader block, Ancestor known)
    {
        var (least, most) = DifficultiesAt(block.Header.Index, known);
        return block.Header.Difficulty >= least && block.Header.Difficulty <= most
            ? VerifyWork(block)
            : new Refusal(RefusalCodes.InvalidWork, $"The difficulty is {block.Header.Difficulty} leading zero bits, here it can only be {least}{(least == most ? string.Empty : $" to {most}")}.");
    }

    /// <inheritdoc/>
    public UInt128 WeightOf(BlockHeader header) => UInt128.One << (int)header.Difficulty;

    // Without the headers before it a difficulty is bounded by how often it can have moved: one bit an interval.
    private (uint Least, uint Most) DifficultiesAt(long index, Ancestor known)
    {
        var interval = spec.Work.RetargetInterval;
        var retargets = interval == 0 ? 0 : Math.Max(((index - 1) / interval) - 1, 0);
        if (retargets > 0 && known(0) is { } parent)
        {
            return parent.Index % interval != 0 || known(interval) is not null ? Around(DifficultyAfter(known), 0) : Around(parent.Difficulty, 1);
        }

        return Around((uint)spec.Work.Difficulty, retargets);
    }

    private static (uint Least, uint Most) Around(uint difficulty, long moves) =>
        ((uint)Math.Max(difficulty - moves, 0), (uint)Math.Min(difficulty + moves, ChainSpec.MaxDifficulty));

    private Verdict VerifyWork(SealedHeader block)
    {
        var header = block.Header;
        var found = ProofOfWork.LeadingZeroBits(header.Hash.Span);
        return found < header.Difficulty
            ? new Refusal(RefusalCodes.InvalidWork, $"The hash {header.Hash} has {found} leading zero bits, {header.Difficulty} are needed.")
            : VerifySeal(block);
    }

    private Verdict VerifySeal(SealedHeader block)
    {
        if (spec.Sealers is not { } sealers)
            return block.Seal is null ? Verdict.Accepted : new Refusal(RefusalCodes.InvalidSeal, "Anyone may seal on this chain: a seal is not asked for.");
        if (!sealers.Contains(block.Header.Sealer)) return new Refusal(RefusalCodes.NotSealer, $"{block.Header.Sealer} may not seal on this chain.");
        if (block.Seal is not { } seal || Address.Of(seal.Key) != block.Header.Sealer || !curve.Verify(seal.Key.Span, block.Header.Hash.Span, seal.Value.Span))
            return new Refusal(RefusalCodes.InvalidSeal, $"The seal must be a signature of the block's hash by {block.Header.Sealer}.");

        return Verdict.Accepted;
    }
}
