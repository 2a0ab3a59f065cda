using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Custody;

/// <summary>The key of a kept account, held open: signing with it reads no disk. Thread-safe; not to be used after it was disposed of.</summary>
public sealed class HeldKey : IDisposable
{
    private readonly UnsealedAccount _account;
    private readonly SignDigest _sign;

    internal HeldKey(UnsealedAccount account, PublicKey publicKey, SignDigest sign) => (_account, PublicKey, _sign) = (account, publicKey, sign);

    /// <summary>The account's key.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>Signs a digest; raw r ‖ s, low s.</summary>
    public Signature Sign(Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _sign(_account.Key, digest.Span, signature);
        return new Signature(signature);
    }

    /// <summary>Gives the key up.</summary>
    public void Dispose() => _account.Dispose();
}
