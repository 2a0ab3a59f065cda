using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>A transaction whose signatures were checked: only <see cref="TransactionVerifier"/> makes one, and only one of these reaches the ledger.</summary>
public sealed class VerifiedTransaction
{
    internal VerifiedTransaction(Transaction transaction) => Transaction = transaction;

    /// <summary>The transaction.</summary>
    public Transaction Transaction { get; }

    /// <summary>What is signed.</summary>
    public Payload Payload => Transaction.Payload;

    /// <summary>Its id.</summary>
    public Hash256 Id => Transaction.Payload.Id;

    /// <summary>The accounts whose signatures are beside it, in order: the sender's first; none for a reward.</summary>
    public EquatableArray<Address> Signers => Transaction.Signers;
}
