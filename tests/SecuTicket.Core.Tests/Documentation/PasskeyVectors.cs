using SecuTicket.Core.Encoding;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Blocks;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Documentation;

/// <summary>The printed vectors of passkeys, from the code: the samples are made by the independent implementation, and read and written again here.</summary>
internal static class PasskeyVectors
{
    public static IEnumerable<KeyValuePair<string, string>> Computed()
    {
        var list = Convert.FromHexString(TestVectors.Webauthn.GetProperty("transaction").GetProperty("signature_list").GetString()!);
        var transaction = new Transaction(GoldenBlock.Purchase.Payload, TransactionSignature.ReadList(list, out _).Value);
        var signature = transaction.Signatures[0];
        var code = GateCode.Parse(TestVectors.Webauthn.GetProperty("gate_codes")[0].GetProperty("code").GetString()!).Value;
        Base45.TryDecode(code.Format().AsSpan(4), out var bytes);
        return new Dictionary<string, string>
        {
            ["webauthn.public_key"] = $"{signature.Key}",
            ["webauthn.challenge"] = $"{transaction.Id}",
            ["webauthn.authenticator_data"] = signature.Assertion!.AuthenticatorDataText,
            ["webauthn.client_data"] = Text(signature.Assertion),
            ["webauthn.digest"] = $"{signature.Assertion.Digest}",
            ["webauthn.sample"] = $"{signature.Value}",
            ["webauthn.signature_list"] = Convert.ToHexStringLower(transaction.Encode().AsSpan(sizeof(int) + transaction.Payload.Canonical.Length)),
            ["webauthn.leaf"] = $"{transaction.Leaf}",
            ["limit.webauthn.authenticator_data"] = $"{PasskeyAssertion.MinAuthenticatorDataSize} {PasskeyAssertion.MaxAuthenticatorDataSize}",
            ["limit.webauthn.client_data"] = $"{PasskeyAssertion.MaxClientDataSize}",
            ["limit.webauthn.origins"] = $"{ChainSpec.MaxPasskeyOrigins}",
            ["gate.passkey.client_data"] = Text(code.Passkey!.For(GateCode.Digest(DevelopmentChain.ChainId, code.Ticket, code.At))),
            ["gate.passkey.bytes"] = Convert.ToHexStringLower(bytes),
            ["gate.passkey.code_sample"] = code.Format(),
        };
    }

    private static string Text(PasskeyAssertion assertion) => System.Text.Encoding.UTF8.GetString(assertion.ClientData.Span);
}
