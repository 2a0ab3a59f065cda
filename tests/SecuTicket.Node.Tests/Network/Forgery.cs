using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Tests.Network;

/// <summary>Blocks that show their work and yet are wrong somewhere, and good ones at a time of the test's choice.</summary>
internal static class Forgery
{
    /// <summary>A good block, at a time.</summary>
    public static VerifiedBlock At(TestChain chain, long time) => With(chain, time, header => header);

    /// <summary>A block whose header is right and whose body breaks a rule: tickets of an event that does not exist.</summary>
    public static VerifiedBlock WithInvalidBody(TestChain chain)
    {
        var template = BlockTemplate.Next(chain.Chain, [], TestChain.Organiser.Address, chain.Now);
        VerifiedTransaction[] body = [.. template.Transactions, chain.Issue(EventId.Of(Hash256.Zero), 5, "A-1")];
        var root = new Block(template.Header, [.. body.Select(one => one.Transaction)]).ComputeTransactionsRoot();
        return VerifiedBlock.Of(Mined(template.Header with { TransactionsRoot = root }), new EquatableArray<VerifiedTransaction>(body), null);
    }

    /// <summary>A block that is older than the median of those before it.</summary>
    public static VerifiedBlock Backdated(TestChain chain) => With(chain, chain.Now, header => header with { Timestamp = TestChain.GenesisTime });

    /// <summary>A block that shows no work.</summary>
    public static VerifiedBlock WithoutWork(TestChain chain)
    {
        var block = At(chain, chain.Now);
        for (var nonce = block.Header.Nonce + 1; ; nonce++)
        {
            var header = block.Header with { Nonce = nonce };
            if (ProofOfWork.Search(header.Encode(), header.Difficulty, nonce, 1) is null) return VerifiedBlock.Of(header, block.Transactions, null);
        }
    }

    /// <summary>The same header with another body.</summary>
    public static Block Mutated(VerifiedBlock block, params Transaction[] others) => new(block.Header, [block.Block.Transactions[0], .. others], block.Block.Seal);

    private static VerifiedBlock With(TestChain chain, long time, Func<BlockHeader, BlockHeader> change)
    {
        var template = BlockTemplate.Next(chain.Chain, [], TestChain.Organiser.Address, time);
        return VerifiedBlock.Of(Mined(change(template.Header)), template.Transactions, null);
    }

    private static BlockHeader Mined(BlockHeader header) => header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };
}
