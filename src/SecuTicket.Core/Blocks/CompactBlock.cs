using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Blocks;

/// <summary>A block for those who have most of its transactions: header, seal, a short id for each transaction, and in full what nobody can have.</summary>
/// <remarks>As in BIP 152. A short id is keyed by the block and made of the leaf, not of the id: one payload can have two valid signatures, and only one of them is in the block.</remarks>
/// <param name="Header">Header and seal.</param>
/// <param name="Count">Transactions of the block.</param>
/// <param name="ShortIds">A short id for each transaction that is not given in full, in order.</param>
/// <param name="Given">Transactions in full, by their place in the block, rising: the reward, which no pending set holds.</param>
public sealed record CompactBlock(SealedHeader Header, int Count, EquatableArray<ShortId> ShortIds, EquatableArray<PlacedTransaction> Given)
{
    /// <summary>The block's hash.</summary>
    public Hash256 Hash => Header.Header.Hash;
}

/// <summary>A transaction and its place in a block.</summary>
/// <param name="Place">From 0.</param>
/// <param name="Transaction">The transaction.</param>
public sealed record PlacedTransaction(int Place, Transaction Transaction);

/// <summary>Names a transaction within one block: the first 6 bytes of SHA-256(block hash ‖ leaf), as a big-endian number.</summary>
/// <param name="Value">0 to 2^48 − 1.</param>
public readonly record struct ShortId(ulong Value)
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 6;
}
