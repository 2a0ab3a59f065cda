using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>Checks the signatures beside a payload; what the ledger's rules say about it is not asked here.</summary>
/// <param name="curve">Checks one signature.</param>
/// <remarks>Safe to use from several threads at once: checks run before the single writer, in parallel.</remarks>
public sealed class TransactionVerifier(P256Verifier curve)
{
    /// <summary>Checks every signature: low-s, by a key of the curve, over the transaction id; the sender's first; one for each signer; two only on <c>sell_ticket</c>.</summary>
    /// <returns>The verified transaction, or <c>signature_missing</c> or <c>signature_invalid</c> naming whose.</returns>
    public Verdict<VerifiedTransaction> Verify(Transaction transaction)
    {
        if (!VerifyForm(transaction).TryGet(out var verified, out var refusal)) return refusal;

        var signatures = transaction.Signatures.Span;
        for (var i = 0; i < signatures.Length; i++)
        {
            if (Refuse(signatures[i], transaction.Id) is { } wrong)
                return wrong with { Detail = $"The signature of {verified.Signers[i]} is not one of the transaction id {transaction.Id}: {wrong.Detail}" };
        }

        return transaction.Payload.Operation is Report report && (Refuse(report.First, "first") ?? Refuse(report.Second, "second")) is { } unproven ? unproven : verified;
    }

    private Refusal? Refuse(SignedStatement statement, string field) => VerifyDigest(statement.Key, statement.Digest, statement.Signature)
        ? null
        : new Refusal(RefusalCodes.SignatureInvalid, $"{field}: not a right low-s ECDSA signature of {statement.Digest}.", Field: field);

    /// <summary>Checks who signs and how many, and no signature: for blocks whose signatures were checked before they were written, to see whether they are still what they were.</summary>
    /// <returns>What <see cref="Verify(Transaction)"/> would give if all signatures were right, and its refusals.</returns>
    public static Verdict<VerifiedTransaction> VerifyForm(Transaction transaction)
    {
        var signatures = transaction.Signatures.Span;
        if (transaction.Payload.Operation is Reward)
        {
            return signatures.IsEmpty
                ? new VerifiedTransaction(transaction)
                : new Refusal(RefusalCodes.SignatureInvalid, "Nobody signs a reward.");
        }

        if (signatures.IsEmpty) return new Refusal(RefusalCodes.SignatureMissing, $"The signature of the sender {transaction.Payload.Sender} is missing.");

        var most = transaction.Payload.Operation is SellTicket ? TransactionSignature.MaxCount : 1;
        if (signatures.Length > most)
            return new Refusal(RefusalCodes.SignatureInvalid, $"{transaction.Payload.Operation.Type} takes {most} signature{(most == 1 ? string.Empty : "s")}, found {signatures.Length}.");

        var signers = transaction.Signers.Span;
        if (signers[0] != transaction.Payload.Sender)
            return new Refusal(RefusalCodes.SignatureInvalid, $"The first signature is by {signers[0]}, expected the sender {transaction.Payload.Sender}.");
        if (signers.Length == 2 && signers[0] == signers[1])
            return new Refusal(RefusalCodes.SignatureInvalid, $"{signers[0]} signed twice: one signature is enough where seller and event have one key.");

        // Evidence against a validator has no room for more than a plain signature.
        if (transaction.Payload.Operation is Vote && signatures[0].Scheme != SignatureScheme.P256)
            return new Refusal(RefusalCodes.SignatureInvalid, "A vote is signed with a plain key: p256.");

        return new VerifiedTransaction(transaction);
    }

    /// <summary>Checks a signature of something that is no transaction, by a plain key or a passkey of any page.</summary>
    /// <param name="signature">The signature.</param>
    /// <param name="digest">What a plain key signs, and a passkey's challenge.</param>
    /// <returns>Accepted, or <c>signature_invalid</c> with what is wrong.</returns>
    public Verdict Verify(in TransactionSignature signature, in Hash256 digest) => Refuse(signature, digest) is { } refusal ? refusal : Verdict.Accepted;

    /// <summary>Whether <paramref name="signature"/> is a right low-s signature of <paramref name="digest"/>: for what is signed and is no transaction.</summary>
    public bool VerifyDigest(in PublicKey key, in Hash256 digest, in Signature signature) => curve.Verify(key.Span, digest.Span, signature.Span);

    /// <summary>Takes a transaction whose signatures this node checked before it wrote it to its own disk, or has just made itself; nothing is checked.</summary>
    /// <remarks>For restarts, reorganisations, rewards and kept accounts only, never for what somebody sent; <c>GET /chain/validate</c> and <c>secuticket verify</c> check all again.</remarks>
    public static VerifiedTransaction Restore(Transaction transaction) => new(transaction);

    private Refusal? Refuse(in TransactionSignature signature, in Hash256 digest)
    {
        if (signature.Scheme == SignatureScheme.Webauthn != signature.Assertion is not null) return new Refusal(RefusalCodes.SignatureInvalid, "its scheme is not that of what it holds.");
        if (signature.Assertion is not { } assertion)
        {
            return VerifyDigest(signature.Key, digest, signature.Value)
                ? null
                : new Refusal(RefusalCodes.SignatureInvalid, $"it is not a right low-s ECDSA signature of {digest}.");
        }

        if (assertion.Check(digest) is { IsAccepted: false, Refusal: var refusal }) return refusal;

        return VerifyDigest(signature.Key, assertion.Digest, signature.Value)
            ? null
            : new Refusal(RefusalCodes.SignatureInvalid, "it is not a right low-s ECDSA signature of SHA-256(authenticator data ‖ SHA-256(client data)).");
    }
}
