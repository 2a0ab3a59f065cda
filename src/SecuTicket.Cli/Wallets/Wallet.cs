using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Forging;

namespace SecuTicket.Cli.Wallets;

/// <summary>A key that its holder keeps, and the account it makes. Signs on this machine.</summary>
public sealed class Wallet : IDisposable
{
    private readonly P256PrivateKey _key;

    /// <summary>A wallet that owns the key.</summary>
    public Wallet(P256PrivateKey key)
    {
        _key = key;
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        PublicKey = new PublicKey(point);
        Address = Address.Of(PublicKey);
    }

    /// <summary>The public key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>The account.</summary>
    public Address Address { get; }

    /// <summary>Whether the file it was read from is encrypted.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>The signature of the canonical form of <paramref name="json"/>, as it stands in <c>signatures</c>.</summary>
    public JsonValue Sign(JsonValue json) =>
        SignedBody.Write(new TransactionSignature(SignatureScheme.P256, PublicKey, SignDigest(Hash256.Sha256(CanonicalJson.Write(json)))));

    /// <summary>The signature of a digest.</summary>
    public Signature SignDigest(in Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(digest.Span, signature);
        return new Signature(signature);
    }

    /// <summary>The commitment of a hash chain of the key: what a validator with this key commits to.</summary>
    /// <param name="number">Which of its chains, from 0.</param>
    internal Hash256 CommitmentOf(int number)
    {
        var pkcs8 = ExportPkcs8();
        try
        {
            using var key = ForgingKey.FromPkcs8(pkcs8);
            return key.Self.Onion(number).Commitment;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>This wallet, read from an encrypted file.</summary>
    internal Wallet AsEncrypted()
    {
        IsEncrypted = true;
        return this;
    }

    /// <summary>The key as PKCS #8: a secret. Whoever takes it clears it.</summary>
    internal byte[] ExportPkcs8() => _key.ExportPkcs8();

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
