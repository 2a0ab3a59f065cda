using SecuTicket.Api.Chain;

namespace SecuTicket.Api.Accounts;

/// <summary>What opens a commitment, beside the identity itself.</summary>
/// <param name="Commitment">SHA-256 of <c>SecuTicket identity</c>, salt and canonical identity, 64 hex digits: what a ticket may carry as <c>identity_commitment</c>.</param>
/// <param name="Salt">64 hex digits, new for each identity put: to be shown with it at the gate, and to nobody else.</param>
public sealed record IdentityOpeningContract(string Commitment, string Salt)
{
    /// <summary>The commitment alone: a salt must not reach a log by being formatted.</summary>
    public override string ToString() => Commitment;
}

/// <summary>What the node promises about an identity it erased, signed with its own account's key.</summary>
/// <param name="Type">Always <c>erasure_receipt</c>.</param>
/// <param name="Address">Whose identity it was.</param>
/// <param name="Commitment">The commitment that nobody can open any more with what is kept here, 64 hex digits.</param>
/// <param name="ErasedAt">When, RFC 3339 in UTC.</param>
/// <param name="ChainId">The node's chain.</param>
/// <param name="Node">The node's own account.</param>
/// <param name="Signature">Over SHA-256 of the canonical form of all of this without <c>signature</c>.</param>
public sealed record ErasureReceiptContract(string Type, string Address, string Commitment, string ErasedAt, string ChainId, string Node, SignatureContract Signature);
