using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.World;

/// <summary>Purchases of different tickets, signed by as many accounts, without a ledger that they would be right on.</summary>
internal static class SignedPurchases
{
    private const long ValidUntil = 4_000_000_000;

    public static Transaction[] Of(int accounts)
    {
        var purchases = new Transaction[accounts];
        Parallel.For(0, accounts, i =>
        {
            using var buyer = new Signer();
            purchases[i] = buyer.Sign(DevelopmentChain.Spec.ChainId, PurchaseTicket.TypeName, ValidUntil, new("max_price", JsonValue.Of(5_000)), new("ticket_id", JsonValue.Of($"{i:x32}")));
        });
        return purchases;
    }

    /// <summary>A block of them, whose header commits to them and to nothing else.</summary>
    public static Block BlockOf(IReadOnlyList<Transaction> purchases) =>
        new(DevelopmentChain.Spec.Genesis.Header with { TransactionsRoot = MerkleTree.Root([.. purchases.Select(purchase => purchase.Leaf)]) }, [.. purchases]);
}
