using SecuTicket.Api.Chain;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Mining;

/// <summary>A block that was just made.</summary>
/// <param name="Message">Always <c>New block forged</c>.</param>
/// <param name="Index">Blocks before it on its branch.</param>
/// <param name="Hash">SHA-256 of its header.</param>
/// <param name="PreviousHash">Hash of the block before.</param>
/// <param name="Nonce">What the search found.</param>
/// <param name="Difficulty">Leading zero bits that the hash must have; on chains of proof of stake by how much its votes raise the highest justified index.</param>
/// <param name="Transactions">What it holds, the reward first where there is one.</param>
/// <param name="Reward">New coins for the miner, in minor units.</param>
public sealed record ForgedContract(
    string Message, long Index, string Hash, string PreviousHash, long Nonce, long Difficulty, IReadOnlyList<TransactionContract> Transactions, long Reward)
{
    /// <summary>A block.</summary>
    public static ForgedContract Of(Block block)
    {
        var shown = BlockContract.Of(block);
        var reward = block.Transactions is [{ Payload.Operation: Reward due }, ..] ? due.Amount : 0;
        return new ForgedContract("New block forged", shown.Index, shown.Hash, shown.PreviousHash, shown.Nonce, shown.Difficulty, shown.Transactions, reward);
    }
}

/// <summary>The latest blocks, and whether all of the chain is as it should be.</summary>
/// <param name="Blockchain">The latest blocks, oldest first.</param>
/// <param name="Length">Blocks of the chain, genesis included.</param>
/// <param name="Valid">Whether every stored block, from genesis on, is valid.</param>
/// <param name="Message">The same in a sentence.</param>
public sealed record BlockchainContract(IReadOnlyList<BlockContract> Blockchain, long Length, bool Valid, string Message);

/// <summary>A block made on request.</summary>
/// <param name="Message">What was done.</param>
/// <param name="Block">The block with the data; without data, the new one.</param>
public sealed record NewBlockContract(string Message, BlockContract Block);
