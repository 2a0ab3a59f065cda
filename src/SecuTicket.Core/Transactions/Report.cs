namespace SecuTicket.Core.Transactions;

/// <summary>The sender proves an offence: two things that one validator signed and nobody may sign both.</summary>
/// <remarks>What they are (two headers of one slot, or two votes) and whether they contradict, the ledger's rules judge; both signatures are checked with the transaction's own.</remarks>
/// <param name="First">One of them.</param>
/// <param name="Second">The other.</param>
public sealed record Report(SignedStatement First, SignedStatement Second) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "report";

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static Report Read(FieldReader fields) => new(SignedStatement.Read(fields, "first"), SignedStatement.Read(fields, "second"));
}
