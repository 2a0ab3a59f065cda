using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Transactions;

/// <summary>Makes transactions that the node itself wishes, signed with a key that it keeps.</summary>
/// <param name="node">The node.</param>
/// <param name="clock">Tells the time.</param>
public sealed class OwnTransactions(TicketNode node, TimeProvider clock)
{
    /// <summary>How long such a transaction may wait for its block.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    private const int NonceBytes = 16;

    /// <summary>Makes one.</summary>
    /// <param name="sender">A kept account.</param>
    /// <param name="type">The payload's type.</param>
    /// <param name="fields">The fields beside the common ones.</param>
    /// <returns>The transaction; <c>invalid_field</c> when the fields are not those of the type, <c>unknown_account</c> when the key is not kept.</returns>
    public Verdict<VerifiedTransaction> Make(Address sender, string type, params IEnumerable<JsonMember> fields)
    {
        var json = JsonValue.Object(
        [
            .. fields,
            new("type", JsonValue.Of(type)),
            new("chain_id", JsonValue.Of(node.Spec.ChainId)),
            new("sender", JsonValue.Of(sender.ToString())),
            new("nonce", JsonValue.Of(RandomNumberGenerator.GetHexString(2 * NonceBytes, lowercase: true))),
            new("valid_until", JsonValue.Of((clock.GetUtcNow() + Validity).ToUnixTimeSeconds())),
        ]);
        if (!Payload.From(json).TryGet(out var payload, out var refusal)) return refusal;
        if (!node.Accounts.Sign(sender, payload.Id).TryGet(out var signature, out refusal)) return refusal;

        return TransactionVerifier.Restore(new Transaction(payload, [new TransactionSignature(SignatureScheme.P256, signature.PublicKey, signature.Signature)]));
    }
}
