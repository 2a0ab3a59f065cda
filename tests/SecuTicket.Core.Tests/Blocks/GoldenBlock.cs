using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Blocks;

/// <summary>One block written down for ever: on the development chain, with a reward and the signed purchase of the vectors. docs/protocol.md prints its bytes.</summary>
internal static class GoldenBlock
{
    /// <summary>Smallest nonce that gives <see cref="Header"/> its 16 zero bits.</summary>
    public const long Nonce = 45;

    public static Transaction Reward { get; } = new(Payload.OfReward("secuticket-dev", Sealer, 100, 1), []);

    public static Transaction Purchase { get; } = new(Payload.From(VectorTests.Json(0)).Value, [VectorTests.Sample(0)]);

    public static Block Block { get; } = new(Header, [Reward, Purchase]);

    public static BlockHeader Header => new(
        1, DevelopmentChain.Spec.ChainHash, 1, DevelopmentChain.Spec.Genesis.Hash, MerkleTree.Root([Reward.Leaf, Purchase.Leaf]), Hash256.Zero, 1_812_990_000_000, 16, Sealer, Nonce);

    private static Address Sealer => Address.TryParse(TestVectors.Text("keys", 2, "address"), out var address) ? address : default;
}
