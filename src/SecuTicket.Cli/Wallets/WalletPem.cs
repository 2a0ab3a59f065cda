using System.Formats.Asn1;
using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Wallets;

/// <summary>Wallets as text: PEM (RFC 7468) of PKCS #8, encrypted or not; reads what openssl writes for a P-256 key too.</summary>
internal static class WalletPem
{
    /// <summary>Rounds of PBKDF2 with HMAC-SHA-256 for what is written: OWASP's figure of 2023.</summary>
    public const int Rounds = 600_000;

    /// <summary>Most rounds that are read: a few seconds' work.</summary>
    public const int MaxRounds = 20_000_000;

    /// <summary>Most characters of a PEM file that are read.</summary>
    public const int MaxSize = 64 * 1024;

    private const string Plain = "PRIVATE KEY";
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";
    private const string Sec1 = "EC PRIVATE KEY";

    /// <summary>Reads the private key in a text.</summary>
    /// <param name="pem">The text.</param>
    /// <param name="name">What the text is called in sentences, such as its path.</param>
    /// <param name="passphrase">Asked when it is encrypted.</param>
    /// <returns>The wallet, or <c>wallet</c> saying what was found instead; or the refusal of the passphrase's source.</returns>
    public static Verdict<Wallet> Read(string pem, string name, PassphraseSource passphrase)
    {
        if (pem.Contains("Proc-Type:", StringComparison.Ordinal))
            return Refuse(name, $"holds a key that is encrypted in the old form of PEM, which protects it badly. Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter {Rounds} -in OLD.pem -out NEW.pem");

        var found = new List<string>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var label = rest[fields.Label].ToString();
            if (label is Plain or Encrypted or Sec1)
            {
                var der = new byte[fields.DecodedDataLength];
                try
                {
                    Convert.TryFromBase64Chars(rest[fields.Base64Data], der, out _);
                    return label switch
                    {
                        Plain => ReadPlain(der, name),
                        Encrypted => ReadEncrypted(der, name, passphrase),
                        _ => ReadSec1(der, name),
                    };
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(der);
                }
            }

            found.Add(label);
            rest = rest[fields.Location.End..];
        }

        return Refuse(name, Instead(found));
    }

    /// <summary>The PEM of a wallet: encrypted with PBES2 (AES-256-CBC, PBKDF2 with HMAC-SHA-256) when there is a passphrase. A secret when there is none.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="passphrase">What locks it; empty or null for nothing.</param>
    /// <param name="rounds">Rounds of PBKDF2.</param>
    public static string Write(Wallet wallet, string? passphrase, int rounds = Rounds)
    {
        var pkcs8 = wallet.ExportPkcs8();
        try
        {
            if (string.IsNullOrEmpty(passphrase)) return PemEncoding.WriteString(Plain, pkcs8) + "\n";

            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            var locked = key.ExportEncryptedPkcs8PrivateKey(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, rounds));
            return PemEncoding.WriteString(Encrypted, locked) + "\n";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>The PEM of a wallet's public key (SubjectPublicKeyInfo, RFC 5480).</summary>
    public static string WritePublic(Wallet wallet)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = wallet.PublicKey.Span[..32].ToArray(), Y = wallet.PublicKey.Span[32..].ToArray() },
        });
        return key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    private static Verdict<Wallet> ReadPlain(byte[] der, string name)
    {
        try
        {
            var algorithm = KeyAlgorithm.OfPkcs8(der);
            return algorithm == "a P-256 key" ? new Wallet(P256PrivateKey.FromPkcs8(der)) : Refuse(name, $"holds {algorithm}; wallets here hold keys of the curve P-256 (prime256v1).");
        }
        catch (Exception fault) when (fault is CryptographicException or AsnContentException)
        {
            return Refuse(name, "holds a private key that is damaged: its PKCS #8 can not be read.");
        }
    }

    private static Verdict<Wallet> ReadSec1(byte[] der, string name)
    {
        byte[]? pkcs8 = null;
        try
        {
            using var key = ECDsa.Create();
            key.ImportECPrivateKey(der, out _);
            pkcs8 = key.ExportPkcs8PrivateKey();
            return ReadPlain(pkcs8, name);
        }
        catch (CryptographicException)
        {
            return Refuse(name, "holds an EC private key that can not be read: damaged, or of a curve that this platform does not know. Wallets here hold keys of the curve P-256 (prime256v1).");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static Verdict<Wallet> ReadEncrypted(byte[] der, string name, PassphraseSource source)
    {
        try
        {
            if (KeyAlgorithm.Rounds(der) is not { } rounds)
                return Refuse(name, $"is encrypted in a way that is not read here. Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter {Rounds} -in OLD.pem -out NEW.pem");
            if (rounds > MaxRounds) return Refuse(name, $"asks for {rounds} rounds of PBKDF2; at most {MaxRounds} are done.");
        }
        catch (AsnContentException)
        {
            return Refuse(name, "holds an encrypted private key that is damaged.");
        }

        if (!source.Read($"'{name}'").TryGet(out var passphrase, out var refusal)) return refusal;

        byte[]? pkcs8 = null;
        try
        {
            pkcs8 = Pkcs8Of(der, passphrase);
            if (!ReadPlain(pkcs8, name).TryGet(out var wallet, out refusal)) return refusal;

            return wallet.AsEncrypted();
        }
        catch (CryptographicException)
        {
            return Refuse(name, "can not be opened: the passphrase is wrong, or the file is damaged, or it holds no key of the curve P-256.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static byte[] Pkcs8Of(byte[] encrypted, string passphrase)
    {
        using var key = ECDsa.Create();
        key.ImportEncryptedPkcs8PrivateKey(passphrase, encrypted, out _);
        return key.ExportPkcs8PrivateKey();
    }

    private static string Instead(List<string> found) => found switch
    {
        [] => "holds no private key in PEM form (-----BEGIN PRIVATE KEY-----).",
        _ when found.Contains("PUBLIC KEY") || found.Contains("CERTIFICATE") => "holds only a public key; a wallet needs the private one.",
        _ when found.Contains("RSA PRIVATE KEY") => "holds an RSA key; wallets here hold keys of the curve P-256 (prime256v1).",
        _ => $"holds {string.Join(", ", found.Distinct())} and no private key.",
    };

    private static Refusal Refuse(string name, string fault) => new(FailureCodes.Wallet, $"'{name}' {fault}");
}
