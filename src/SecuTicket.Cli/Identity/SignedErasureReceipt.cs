using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Identity;

/// <summary>The receipt for an erasure: what a node promises, signed with its own account's key.</summary>
internal static class SignedErasureReceipt
{
    /// <summary>Checks that a receipt is for an account and signed by the node it names.</summary>
    /// <param name="utf8">The receipt as it came.</param>
    /// <param name="account">Whose identity was erased.</param>
    /// <returns>Accepted, or <c>not_verified</c>.</returns>
    public static Verdict Check(ReadOnlySpan<byte> utf8, Address account)
    {
        if (!CanonicalJson.Parse(utf8).TryGet(out var json, out var refusal)) return Wrong(refusal.Detail);
        if (json.Kind != JsonKind.Object || json.Find("signature") is not { } proof) return Wrong("It is not signed.");
        if (!SignedBody.From(json.Without("signature").With("signatures", JsonValue.Array([proof])), maxSignatures: 1).TryGet(out var signed, out refusal)) return Wrong(refusal.Detail);
        if (signed.Fields.Find("type") is not { Kind: JsonKind.String, Text: ErasureReceipt.TypeName }) return Wrong($"Its type is not {ErasureReceipt.TypeName}.");
        if (signed.Fields.Find("address") is not { Kind: JsonKind.String } whose || whose.Text != account.ToString()) return Wrong($"It is not for {account}.");

        var signature = signed.Signatures!.Value[0];
        var signer = Address.Of(signature.Key);
        using var keys = new P256Verifier(1);
        if (signed.Fields.Find("node") is not { Kind: JsonKind.String } node || node.Text != signer.ToString()) return Wrong($"It is signed by {signer} and not by the node it names.");

        return keys.Verify(signature.Key.Span, Hash256.Sha256(CanonicalJson.Write(signed.Fields)).Span, signature.Value.Span) ? Verdict.Accepted : Wrong($"The signature of {signer} is wrong.");
    }

    private static Refusal Wrong(string why) => new(FailureCodes.NotVerified, $"The node says that it erased the identity, and its receipt proves nothing. {why}");
}
