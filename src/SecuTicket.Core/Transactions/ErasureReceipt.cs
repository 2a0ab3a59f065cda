using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What a node promises when it erased an identity: whose, and which commitment it can not open any more.</summary>
/// <param name="Address">Whose identity it was.</param>
/// <param name="Commitment">The commitment that the erased salt opened.</param>
/// <param name="ErasedAt">When: RFC 3339, UTC, with milliseconds.</param>
/// <param name="ChainId">The node's chain.</param>
/// <param name="Node">The node's own account, which signs.</param>
public sealed record ErasureReceipt(Address Address, Hash256 Commitment, string ErasedAt, string ChainId, Address Node)
{
    /// <summary>Its <c>type</c>, so that what is signed here can be taken for nothing else.</summary>
    public const string TypeName = "erasure_receipt";

    /// <summary>What is signed: the receipt without <c>signature</c>.</summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("type", JsonValue.Of(TypeName)),
        new("address", JsonValue.Of(Address.ToString())),
        new("commitment", JsonValue.Of(Commitment.ToString())),
        new("erased_at", JsonValue.Of(ErasedAt)),
        new("chain_id", JsonValue.Of(ChainId)),
        new("node", JsonValue.Of(Node.ToString())),
    ]);

    /// <summary>SHA-256 of the canonical form of <see cref="ToJson"/>: the digest that the node signs.</summary>
    public Hash256 Digest() => Hash256.Sha256(CanonicalJson.Write(ToJson()));
}
