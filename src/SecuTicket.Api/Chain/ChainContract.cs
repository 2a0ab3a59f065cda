using System.Text.Json.Serialization;
using SecuTicket.Api.Answers;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Chain;

/// <summary>A part of the chain.</summary>
/// <param name="Chain">Blocks, oldest first.</param>
/// <param name="Length">Blocks of the whole chain, genesis included.</param>
/// <param name="Weight">The work in the whole chain, a decimal string.</param>
/// <param name="Tip">Hash of the last block, 64 hex digits.</param>
/// <param name="NextFrom">The <c>from</c> to read on with; null when the part ends with the tip.</param>
public sealed record ChainContract(
    IReadOnlyList<BlockContract> Chain,
    long Length,
    string Weight,
    string Tip,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextFrom);

/// <summary>A part of the chain, headers only.</summary>
/// <param name="Headers">Headers, oldest first.</param>
/// <param name="Length">Blocks of the whole chain, genesis included.</param>
/// <param name="Weight">The work in the whole chain, a decimal string.</param>
/// <param name="Tip">Hash of the last block, 64 hex digits.</param>
/// <param name="NextFrom">The <c>from</c> to read on with; null when the part ends with the tip.</param>
public sealed record HeadersContract(
    IReadOnlyList<HeaderContract> Headers,
    long Length,
    string Weight,
    string Tip,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? NextFrom);

/// <summary>A block without its transactions; it never changes.</summary>
/// <param name="Index">Blocks before it on its branch.</param>
/// <param name="Hash">SHA-256 of <paramref name="Header"/>, 64 hex digits.</param>
/// <param name="PreviousHash">Hash of the block before.</param>
/// <param name="Timestamp">RFC 3339 UTC with milliseconds, as the sealer says.</param>
/// <param name="Nonce">What the search found.</param>
/// <param name="Difficulty">Leading zero bits that the hash must have; on chains of proof of stake by how much its votes raise the highest justified index.</param>
/// <param name="TransactionsRoot">Root of the Merkle tree over transactions and signatures.</param>
/// <param name="Sealer">Who gets the reward.</param>
/// <param name="Header">The 180 bytes that are hashed, 360 hex digits.</param>
public sealed record HeaderContract(
    long Index,
    string Hash,
    string PreviousHash,
    string Timestamp,
    long Nonce,
    long Difficulty,
    string TransactionsRoot,
    string Sealer,
    string Header)
{
    /// <summary>The sealer's signature of the hash; there on chains that name who may seal, and on those of proof of stake, but for genesis.</summary>
    public SignatureContract? Seal { get; init; }

    /// <summary>A header and the seal beside it.</summary>
    public static HeaderContract Of(BlockHeader header, TransactionSignature? seal) => new(
        header.Index,
        header.Hash.ToString(),
        header.Previous.ToString(),
        TimeText.OfMilliseconds(header.Timestamp),
        header.Nonce,
        header.Difficulty,
        header.TransactionsRoot.ToString(),
        AddressTexts.Of(header.Sealer),
        Convert.ToHexStringLower(header.Encode()))
    {
        Seal = seal is { } signature ? SignatureContract.Of(signature) : null,
    };
}

/// <summary>What checking the whole stored chain found.</summary>
/// <param name="Valid">Whether all of it is valid.</param>
public sealed record ChainValidationContract(bool Valid)
{
    /// <summary>Blocks, genesis included; of a valid chain.</summary>
    public long? Length { get; init; }

    /// <summary>Index of the first block that is not valid.</summary>
    public long? FirstInvalidIndex { get; init; }

    /// <summary>What is wrong with it, as a stable code.</summary>
    public string? Code { get; init; }

    /// <summary>What is wrong with it, in a sentence.</summary>
    public string? Detail { get; init; }

    /// <summary>A finding.</summary>
    public static ChainValidationContract Of(ChainValidation found) => found.FirstInvalidIndex is { } index
        ? new ChainValidationContract(false) { FirstInvalidIndex = index, Code = found.Refusal!.Code, Detail = found.Refusal.Detail }
        : new ChainValidationContract(true) { Length = found.Length };
}
