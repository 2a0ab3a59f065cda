using System.Security.Cryptography;
using System.Text;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Certificates;

/// <summary>The signature that binds a certificate to an account: its key's over the address, made on this machine.</summary>
internal static class AddressSignature
{
    /// <summary>Signs the address's EIP-55 text with SHA-256: ECDSA as DER, or RSA with PKCS #1 v1.5, as <c>openssl dgst -sha256 -sign</c> does.</summary>
    /// <param name="pem">The certificate's private key, unencrypted PEM.</param>
    /// <param name="name">What the text is called in sentences.</param>
    /// <param name="account">The account.</param>
    /// <returns>The signature, or <c>file</c>.</returns>
    public static Verdict<byte[]> Make(string pem, string name, Address account)
    {
        var text = Encoding.ASCII.GetBytes(account.ToString());
        try
        {
            using var elliptic = ECDsa.Create();
            elliptic.ImportFromPem(pem);
            return elliptic.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            // No key of a curve: RSA is left.
        }

        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception neither) when (neither is CryptographicException or ArgumentException)
        {
            return new Refusal(FailureCodes.File, $"'{name}' holds no private key of a curve and no RSA one in unencrypted PEM. One that is kept elsewhere signs so: printf %s {account} | openssl dgst -sha256 -sign KEY -out FILE, and --signature FILE takes that.");
        }
    }
}
