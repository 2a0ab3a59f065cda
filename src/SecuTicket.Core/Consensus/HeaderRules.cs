using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus;

/// <summary>What a header must say whatever the engine is: cheap checks that come before anything that costs.</summary>
public static class HeaderRules
{
    /// <summary>Checks form, chain, index, link and the size of the body.</summary>
    /// <param name="block">The block.</param>
    /// <param name="parent">The header of the block before it.</param>
    /// <param name="spec">What the chain's nodes agree on.</param>
    public static Verdict Verify(Block block, BlockHeader parent, ChainSpec spec)
    {
        if (Verify(block.Header, parent, spec).Refusal is { } refusal) return refusal;
        if (block.Transactions.Count > spec.MaxBlockTransactions)
            return new Refusal(RefusalCodes.BlockTooLarge, $"It holds {block.Transactions.Count} transactions, at most {spec.MaxBlockTransactions} are allowed.");
        if (block.Size > spec.MaxBlockSize) return new Refusal(RefusalCodes.BlockTooLarge, $"It takes {block.Size} bytes, at most {spec.MaxBlockSize} are allowed.");

        return Verdict.Accepted;
    }

    /// <summary>Checks form, chain, index and link of a header alone.</summary>
    /// <param name="header">The header.</param>
    /// <param name="parent">The header of the block before it; null where that is not known, then the link is not asked for.</param>
    /// <param name="spec">What the chain's nodes agree on.</param>
    public static Verdict Verify(BlockHeader header, BlockHeader? parent, ChainSpec spec)
    {
        if (header.VerifyForm().Refusal is { } malformed) return malformed;
        if (header.Version != spec.HeaderVersion) return new Refusal(RefusalCodes.InvalidHeader, $"Its version is {header.Version}, on this chain it is {spec.HeaderVersion}.");
        if (header.Chain != spec.ChainHash) return new Refusal(RefusalCodes.WrongChain, $"The block is of another chain than «{spec.ChainId}».");

        // Transient, though it stays so: a checkpoint may be so fresh that an honest node, cut off meanwhile, has not left another block yet.
        if (spec.Checkpoint is { } known && header.Index == known.Index && header.Hash != known.Hash)
            return new Refusal(RefusalCodes.ForkTooDeep, $"Block {known.Index} of the chain is {known.Hash}: the operator's checkpoint says so.", RefusalKind.Transient);

        if (parent is null) return Verdict.Accepted;
        if (header.Previous != parent.Hash) return new Refusal(RefusalCodes.InvalidLink, $"It names {header.Previous} as the block before it, that is {parent.Hash}.");
        if (header.Index != parent.Index + 1) return new Refusal(RefusalCodes.InvalidHeader, $"Its index is {header.Index}, after block {parent.Index}.");

        return Verdict.Accepted;
    }
}
