using System.Globalization;
using SecuTicket.Api.Answers;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Chain;

/// <summary>A block as the contract shows it; but for whether it is final it never changes.</summary>
/// <param name="Index">Blocks before it on its branch.</param>
/// <param name="Hash">SHA-256 of its header, 64 hex digits.</param>
/// <param name="PreviousHash">Hash of the block before.</param>
/// <param name="Timestamp">RFC 3339 UTC with milliseconds, as the sealer says.</param>
/// <param name="Nonce">What the search found.</param>
/// <param name="Difficulty">Leading zero bits that the hash must have; on chains of proof of stake by how much its votes raise the highest justified index.</param>
/// <param name="TransactionsRoot">Root of the Merkle tree over transactions and signatures.</param>
/// <param name="Sealer">Who gets the reward.</param>
/// <param name="Transactions">What it holds, the reward first where there is one.</param>
/// <param name="Final">Whether it is on the chain and never undone: enough validators voted for it, or it lies deeper than any reorganisation goes.</param>
public sealed record BlockContract(
    long Index,
    string Hash,
    string PreviousHash,
    string Timestamp,
    long Nonce,
    long Difficulty,
    string TransactionsRoot,
    string Sealer,
    IReadOnlyList<TransactionContract> Transactions,
    bool Final)
{
    /// <summary>A block of our branch.</summary>
    /// <param name="block">The block.</param>
    /// <param name="final">Index of the last final block.</param>
    public static BlockContract Of(Block block, long final) => Of(block, block.Header.Index <= final);

    /// <summary>A block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="isFinal">Whether it is final.</param>
    public static BlockContract Of(Block block, bool isFinal = false) => new(
        block.Header.Index,
        block.Hash.ToString(),
        block.Header.Previous.ToString(),
        TimeText.OfMilliseconds(block.Header.Timestamp),
        block.Header.Nonce,
        block.Header.Difficulty,
        block.Header.TransactionsRoot.ToString(),
        block.Header.Sealer.ToString(),
        [.. block.Transactions.Select(TransactionContract.Of)],
        isFinal);
}

/// <summary>A transaction in a block: what was signed, byte for byte in its canonical form, and the signatures beside it.</summary>
/// <param name="TransactionId">SHA-256 of the canonical payload, 64 hex digits.</param>
/// <param name="Payload">The canonical payload.</param>
/// <param name="Signatures">The sender's first; none beside a reward.</param>
public sealed record TransactionContract(string TransactionId, RawJson Payload, IReadOnlyList<SignatureContract> Signatures)
{
    /// <summary>A transaction.</summary>
    public static TransactionContract Of(Transaction transaction) => new(
        transaction.Id.ToString(),
        new RawJson(transaction.Payload.Canonical),
        [.. transaction.Signatures.Select(SignatureContract.Of)]);
}

/// <summary>A signature over a payload.</summary>
/// <param name="Scheme">How it is checked: <c>p256</c>, or <c>webauthn</c> of a passkey.</param>
/// <param name="PublicKey">SEC1 uncompressed point, 130 hex digits.</param>
/// <param name="Signature">r ‖ s with a low s, 128 hex digits.</param>
/// <param name="AuthenticatorData">Of a passkey: the authenticator's bytes, in hex.</param>
/// <param name="ClientDataJson">Of a passkey: the browser's JSON, in base64url.</param>
public sealed record SignatureContract(string Scheme, string PublicKey, string Signature, string? AuthenticatorData = null, string? ClientDataJson = null)
{
    /// <summary>A signature.</summary>
    public static SignatureContract Of(TransactionSignature signature) => new(
        signature.Assertion is null ? SignedBody.PlainScheme : SignedBody.PasskeyScheme,
        signature.Key.ToString(),
        signature.Value.ToString(),
        signature.Assertion?.AuthenticatorDataText,
        signature.Assertion?.ClientDataText);

    /// <summary>At least the bytes of signatures in an answer: their stored form in hex, and the names of their fields.</summary>
    public static int SizeOf(EquatableArray<TransactionSignature> signatures) => (2 * TransactionSignature.ListSize(signatures.Span)) + (60 * signatures.Count);
}

/// <summary>Writes moments as the contract's answers show them.</summary>
public static class TimeText
{
    /// <summary>Milliseconds since 1970 as RFC 3339 UTC with milliseconds, such as <c>2027-06-15T19:00:00.000Z</c>.</summary>
    /// <remarks>A header's timestamp is bounded by the verifier's clock, a stored one by what a client reads exactly; what lies beyond year 9999 is shown as its last moment.</remarks>
    public static string OfMilliseconds(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, Latest)).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
