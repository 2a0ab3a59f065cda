using System.CommandLine;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Certificates;

/// <summary><c>secuticket certificate set</c></summary>
internal static class CertificateSet
{
    private const int MaxSignatureSize = 1024;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var chain = Symbols.Text("--chain", "The certificate and those above it, in PEM, its own first.", "FILE", isRequired: true);
        var key = Symbols.Text("--key", "The certificate's private key in PEM: signs the wallet's address on this machine.", "FILE");
        var signature = Symbols.Text("--signature", "That signature, made elsewhere: the bytes that openssl dgst -sha256 -sign writes.", "FILE");
        return tool.Ask("set", "Bind a certificate to the wallet's address: the certificate's key signs the address, the wallet the request.", [chain, key, signature], async (run, client, wallet, cancellation) =>
        {
            if (!TextFile.Read(run, run.Get(chain)!).TryGet(out var pem, out var refusal)) return run.Fail(refusal);
            if (!SignatureOf(run, run.Get(key), run.Get(signature), wallet.Address).TryGet(out var signed, out refusal)) return run.Fail(refusal);

            var body = CanonicalJson.Write(JsonValue.Object(new PayloadFields { { "chain", pem }, { "signature", Convert.ToHexStringLower(signed) } }));
            var answer = await client.SendSignedAsync(wallet, HttpMethod.Put, $"/organisers/{wallet.Address}/certificate", body, cancellation);
            return run.Answer(answer, _ => CertificateShow.Show(run, answer.Json));
        });
    }

    private static Verdict<byte[]> SignatureOf(Run run, string? key, string? signature, Address account)
    {
        if (key is null == signature is null) return new Refusal(FailureCodes.Usage, "Give one of --key and --signature.");
        if (key is not null) return TextFile.Read(run, key).TryGet(out var pem, out var refusal) ? AddressSignature.Make(pem, key, account) : refusal;

        if (!BoundedFile.Read(run.PathOf(signature!), MaxSignatureSize).TryGet(out var bytes, out var unread)) return unread;

        return bytes.IsEmpty ? new Refusal(FailureCodes.File, $"'{run.PathOf(signature!)}' is empty.") : bytes.ToArray();
    }
}
