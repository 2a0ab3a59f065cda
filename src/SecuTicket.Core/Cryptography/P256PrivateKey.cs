using System.Security.Cryptography;

namespace SecuTicket.Core.Cryptography;

/// <summary>A P-256 private key that signs with a low s. Safe to use from several threads: at once where <see cref="LibcryptoP256"/> can be used, in turns elsewhere.</summary>
/// <remarks>
/// The platform does the curve's arithmetic and draws the randomness of <see cref="Generate"/> and of every signature; whoever must repeat a
/// run from its seed passes in a signer of its own instead of this one.
/// </remarks>
public sealed class P256PrivateKey : IDisposable
{
    /// <summary>Bytes of the private scalar.</summary>
    public const int ScalarSize = 32;

    private const string CurveOid = "1.2.840.10045.3.1.7";
    private const int CoordinateSize = 32;

    private readonly ECDsa _key;
    private readonly LibcryptoP256.SigningKey? _direct;
    private readonly byte[] _publicKey;
    private readonly Lock _turn = new();

    private P256PrivateKey(ECDsa key, bool isDirect)
    {
        var parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            if (parameters.Curve.Oid?.Value != CurveOid) throw new CryptographicException("The key is not one of the curve P-256 (prime256v1).");

            _key = key;
            _direct = isDirect ? new LibcryptoP256.SigningKey(parameters.D) : null;
            _publicKey = [.. parameters.Q.X!, .. parameters.Q.Y!];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    /// <summary>The key whose private scalar is the given 32 bytes, big-endian.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, or not 1 to n−1.</exception>
    public static P256PrivateKey FromScalar(ReadOnlySpan<byte> d32) => FromScalar(d32, LibcryptoP256.IsAvailable);

    /// <summary>As the other, signing directly or as .NET does.</summary>
    internal static P256PrivateKey FromScalar(ReadOnlySpan<byte> d32, bool isDirect)
    {
        if (!P256Signature.IsScalar(d32)) throw new ArgumentException("A P-256 private scalar is 32 bytes holding 1 to n-1.", nameof(d32));

        var scalar = d32.ToArray();
        try
        {
            return Own(ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar }), isDirect);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }
    }

    /// <summary>The key held by an unencrypted PKCS #8 PrivateKeyInfo (RFC 5208), as <c>openssl pkcs8 -topk8 -nocrypt -outform DER</c> writes it.</summary>
    /// <exception cref="CryptographicException">Not one, with bytes after it, or of another algorithm or curve.</exception>
    public static P256PrivateKey FromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out var read);
            if (read != pkcs8.Length) throw new CryptographicException($"{pkcs8.Length - read} bytes follow the PKCS #8 key.");
        }
        catch
        {
            key.Dispose();
            throw;
        }

        return Own(key, LibcryptoP256.IsAvailable);
    }

    /// <summary>A new key, drawn by the platform.</summary>
    public static P256PrivateKey Generate() => Own(ECDsa.Create(ECCurve.NamedCurves.nistP256), LibcryptoP256.IsAvailable);

    /// <summary>The key as an unencrypted PKCS #8 PrivateKeyInfo. A secret: encrypt it before it is kept, and clear it after use.</summary>
    public byte[] ExportPkcs8()
    {
        lock (_turn) return _key.ExportPkcs8PrivateKey();
    }

    /// <summary>Writes the public key: X ‖ Y, 64 bytes big-endian.</summary>
    /// <exception cref="ArgumentException"><paramref name="xy64"/> is not 64 bytes long.</exception>
    public void CopyPublicKey(Span<byte> xy64)
    {
        if (xy64.Length != 2 * CoordinateSize) throw new ArgumentException($"A public key takes 64 bytes, not {xy64.Length}.", nameof(xy64));
        _publicKey.CopyTo(xy64);
    }

    /// <summary>Writes a signature of the 32-byte digest: raw r ‖ s, 64 bytes, s low. Two signatures of one digest differ.</summary>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long, or the destination not 64.</exception>
    /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
    public void Sign(ReadOnlySpan<byte> digest32, Span<byte> signature64)
    {
        if (digest32.Length != 32) throw new ArgumentException($"A digest takes 32 bytes, not {digest32.Length}.", nameof(digest32));
        if (signature64.Length != P256Signature.Size) throw new ArgumentException($"A signature takes 64 bytes, not {signature64.Length}.", nameof(signature64));

        Span<byte> raw = stackalloc byte[P256Signature.Size];
        if (_direct is not null)
        {
            _direct.Sign(digest32, raw);
        }
        else
        {
            lock (_turn) _key.SignHash(digest32, raw, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        if (!P256Signature.TryNormalise(raw, signature64)) throw new CryptographicException("The platform made a signature that is none.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _direct?.Dispose();
        lock (_turn) _key.Dispose();
    }

    private static P256PrivateKey Own(ECDsa key, bool isDirect)
    {
        try
        {
            return new P256PrivateKey(key, isDirect);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
