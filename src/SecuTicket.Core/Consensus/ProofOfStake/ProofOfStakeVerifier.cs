using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus.ProofOfStake;

/// <summary>Checks that a block was made in its slot by the validator whose turn it was, who signed it.</summary>
/// <param name="spec">The chain's specification.</param>
/// <param name="curve">Checks the signatures of forgers.</param>
public sealed class ProofOfStakeVerifier(ChainSpec spec, P256Verifier curve) : ISealVerifier
{
    // Above it is the justified index, so that the branch with the highest wins, whatever its length; of those the one with most blocks.
    private const int JustifiedShift = 64;

    /// <inheritdoc/>
    /// <remarks>To sign a header costs nothing, and after an epoch or two whose turn it was is not known: some 0.2 s of signature checks until somebody has lied.</remarks>
    public int HeadersAhead => 2_000;

    /// <inheritdoc/>
    /// <remarks>What the votes in a block justify is known when it is made: see <see cref="BlockOutcome.Justified"/>.</remarks>
    public uint DifficultyAfter(Ancestor ancestor) => 0;

    /// <inheritdoc/>
    public Verdict Verify(SealedHeader block, Ancestor ancestor, Turns? turns)
    {
        var header = block.Header;
        var parent = ancestor(0)!;
        if (RefuseForm(header, parent) is { } refusal) return refusal;

        var slot = spec.SlotOf(header.Timestamp);
        if (turns is not null && !turns.MayForge(header.Sealer, slot))
            return new Refusal(RefusalCodes.NotForger, $"Slot {slot} after block {parent.Index} is not {header.Sealer}'s{(turns.ForgerOf(slot) is { } forger ? $" but {forger}'s" : string.Empty)}.");

        return VerifySeal(block);
    }

    /// <inheritdoc/>
    public Verdict VerifyOn(BlockHeader header, LedgerState before)
    {
        if (before.Stakes is not { } stakes) return new Refusal(RefusalCodes.NoStakes, "Nobody has coins at stake on this chain.");

        var slot = spec.SlotOf(header.Timestamp);
        var forger = stakes.Tables.Present.Draw(stakes.Round.Seed, slot);
        if (forger != header.Sealer) return new Refusal(RefusalCodes.NotForger, $"Slot {slot} is {forger}'s, not {header.Sealer}'s.");
        if (stakes.Validators.Find(forger) is not { Slashed: 0 } validator) return new Refusal(RefusalCodes.NotForger, $"Slot {slot} was {forger}'s, who lost stake for an offence: it stays empty.");

        return Hash256.Sha256(header.StateRoot.Span) == validator.Onion
            ? Verdict.Accepted
            : new Refusal(RefusalCodes.InvalidReveal, $"What {forger} reveals is not the link before {validator.Onion} of its hash chain.");
    }

    /// <inheritdoc/>
    /// <remarks>Somebody signed it in its slot: whether that one had stake, only the blocks before it tell.</remarks>
    public Verdict VerifyAlone(SealedHeader block, Ancestor known) => RefuseForm(block.Header, known(0)) is { } refusal ? refusal : VerifySeal(block);

    /// <inheritdoc/>
    public UInt128 WeightOf(BlockHeader header) => ((UInt128)header.Difficulty << JustifiedShift) + 1;

    private Refusal? RefuseForm(BlockHeader header, BlockHeader? parent)
    {
        if (header.Nonce != 0) return new Refusal(RefusalCodes.InvalidHeader, "On this chain a nonce is not searched for: it is 0.");
        if (header.Difficulty >= header.Index) return new Refusal(RefusalCodes.InvalidWeight, $"It says that its votes justify {header.Difficulty} blocks more, there are {header.Index - 1} after genesis.");

        var slot = spec.SlotOf(header.Timestamp);
        if (parent is null) return slot < 1 ? new Refusal(RefusalCodes.InvalidSlot, $"Slot {slot} is not after genesis.") : null;

        return slot <= spec.SlotOf(parent.Timestamp) ? new Refusal(RefusalCodes.InvalidSlot, $"Slot {slot} is not after slot {spec.SlotOf(parent.Timestamp)} of the block before.") : null;
    }

    private Verdict VerifySeal(SealedHeader block) =>
        block.Seal is { } seal && Address.Of(seal.Key) == block.Header.Sealer && curve.Verify(seal.Key.Span, block.Header.Hash.Span, seal.Value.Span)
            ? Verdict.Accepted
            : new Refusal(RefusalCodes.InvalidSeal, $"The seal must be a signature of the block's hash by {block.Header.Sealer}.");
}
