using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

/// <summary>A new key, and its signature of a digest.</summary>
internal sealed class P256Signer : IDisposable
{
    private readonly P256PrivateKey _key = P256PrivateKey.Generate();

    public P256Signer()
        : this(SHA256.HashData("message"u8))
    {
    }

    public P256Signer(byte[] digest)
    {
        Digest = digest;
        _key.CopyPublicKey(PublicKey);
        _key.Sign(Digest, Signature);
    }

    public byte[] PublicKey { get; } = new byte[64];

    public byte[] Digest { get; }

    public byte[] Signature { get; } = new byte[64];

    public bool IsAcceptedBy(P256Verifier verifier) => verifier.Verify(PublicKey, Digest, Signature);

    public bool IsAcceptedBy(IP256Library library) => library.Verify(PublicKey, Digest, Signature);

    public ECDsa Import() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = PublicKey[..32], Y = PublicKey[32..] },
    });

    public void Dispose() => _key.Dispose();
}
