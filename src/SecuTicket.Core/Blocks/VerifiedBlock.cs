using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A block all of whose signatures were checked, and whose body is the one that its header commits to.</summary>
public sealed class VerifiedBlock
{
    private VerifiedBlock(Block block, EquatableArray<VerifiedTransaction> transactions)
    {
        Block = block;
        Transactions = transactions;
    }

    /// <summary>The block.</summary>
    public Block Block { get; }

    /// <summary>What precedes its body.</summary>
    public BlockHeader Header => Block.Header;

    /// <summary>Its hash.</summary>
    public Hash256 Hash => Block.Hash;

    /// <summary>Its transactions, in order.</summary>
    public EquatableArray<VerifiedTransaction> Transactions { get; }

    /// <summary>Checks that the body is the header's and every signature in it.</summary>
    /// <param name="block">What somebody sent or the disk held.</param>
    /// <param name="verifier">Checks one transaction.</param>
    /// <param name="proven">Transactions whose signatures are known to be right, at their places in the block; shorter or with gaps where not all are. One is taken when its leaf is that of its place: one payload can have two valid signatures.</param>
    /// <returns>The verified block, or <c>invalid_root</c>, or the refusal of its first bad transaction.</returns>
    public static Verdict<VerifiedBlock> Verify(Block block, TransactionVerifier verifier, ReadOnlySpan<VerifiedTransaction?> proven = default)
    {
        var root = block.ComputeTransactionsRoot();
        if (root != block.Header.TransactionsRoot)
            return new Refusal(RefusalCodes.InvalidRoot, $"The transactions' root is {root}, the header says {block.Header.TransactionsRoot}.");

        var transactions = new VerifiedTransaction[block.Transactions.Count];
        for (var i = 0; i < transactions.Length; i++)
        {
            var transaction = block.Transactions[i];
            if (i < proven.Length && proven[i] is { } before && before.Transaction.Leaf == transaction.Leaf)
            {
                transactions[i] = before;
                continue;
            }

            if (!verifier.Verify(transaction).TryGet(out var verified, out var refusal))
                return new Refusal(refusal.Code, $"Transaction {transaction.Id}: {refusal.Detail}", refusal.Kind, refusal.Field);

            transactions[i] = verified;
        }

        return new VerifiedBlock(block, new EquatableArray<VerifiedTransaction>(transactions));
    }

    /// <summary>Takes a block that this node checked before it wrote it to its own disk; see <see cref="TransactionVerifier.Restore"/>.</summary>
    public static VerifiedBlock Restore(Block block) => new(block, [.. block.Transactions.Select(TransactionVerifier.Restore)]);

    /// <summary>Joins a found header with the verified transactions it was made from.</summary>
    /// <exception cref="ArgumentException">The header does not commit to these transactions.</exception>
    public static VerifiedBlock Of(BlockHeader header, EquatableArray<VerifiedTransaction> transactions, TransactionSignature? seal)
    {
        var block = new Block(header, [.. transactions.Select(verified => verified.Transaction)], seal);
        return block.ComputeTransactionsRoot() == header.TransactionsRoot
            ? new VerifiedBlock(block, transactions)
            : throw new ArgumentException("The header commits to other transactions.", nameof(header));
    }
}
