using System.Buffers.Binary;
using System.Security.Cryptography;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Forging;

/// <summary>The P-256 key of a validator, from a PEM file that the operator may have encrypted.</summary>
public sealed class ForgingKey : IDisposable
{
    /// <summary>Most bytes of a key file: an encrypted P-256 key takes some 400.</summary>
    public const int MaxFileSize = 16 * 1024;

    private readonly P256PrivateKey _key;
    private readonly byte[] _scalar;
    private readonly PublicKey _public;

    private ForgingKey(ECDsa key)
    {
        _scalar = key.ExportParameters(includePrivateParameters: true).D!;
        _key = P256PrivateKey.FromScalar(_scalar);
        Span<byte> point = stackalloc byte[PublicKey.Size];
        _key.CopyPublicKey(point);
        _public = new PublicKey(point);
        Self = new ForgingSelf(Address.Of(_public), Sign, Onion);
    }

    /// <summary>Who it makes blocks as.</summary>
    public ForgingSelf Self { get; }

    /// <summary>Reads a key file: PKCS #8 or SEC1 in PEM, as <c>openssl ecparam -name prime256v1 -genkey</c> and <c>openssl pkcs8 -topk8</c> write it.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="passphrase">What it is encrypted with; null when it is not.</param>
    /// <exception cref="KeyFileException">Missing, open to others, no P-256 private key, or the passphrase is not its own; the message says what to do.</exception>
    public static ForgingKey Open(string path, string? passphrase = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        path = Path.GetFullPath(path);
        var pem = Read(path);
        var isEncrypted = pem.Contains("ENCRYPTED", StringComparison.Ordinal);
        if (isEncrypted && passphrase is null)
            throw new KeyFileException($"The forging key '{path}' is encrypted: name a file that holds its passphrase with --Node:ForgingKeyPassphraseFile=…");

        using var key = Import(path, pem, isEncrypted ? passphrase : null);
        if (key.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new KeyFileException($"The forging key '{path}' is of another curve: a validator's is of P-256, as 'openssl ecparam -name prime256v1 -genkey -noout' makes it.");

        return new ForgingKey(key);
    }

    /// <summary>The key of a PKCS #8 PrivateKeyInfo (RFC 5208) that somebody else has read.</summary>
    /// <param name="pkcs8">A P-256 key; stays the caller's.</param>
    public static ForgingKey FromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new ForgingKey(key);
    }

    /// <summary>Reads the passphrase of a key file: the first line of a file.</summary>
    /// <exception cref="KeyFileException">Missing, or open to others.</exception>
    public static string ReadPassphrase(string path)
    {
        var text = Read(Path.GetFullPath(path));
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_scalar);
        _key.Dispose();
    }

    private static string Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            if (DurableFiles.OpenToOthers(file) is { } extra)
                throw new KeyFileException($"The file '{path}' is open to others ({extra}). Run: chmod 600 '{path}' (and ask who may have read it).");

            var length = RandomAccess.GetLength(file);
            if (length > MaxFileSize) throw new KeyFileException($"The file '{path}' has {length} bytes, {MaxFileSize} at most are expected: it is another file.");

            var bytes = new byte[length];
            RandomAccess.Read(file, bytes, 0);
            return System.Text.Encoding.UTF8.GetString(bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"The file '{path}' can not be read ({failure.Message}): check its name, owner and permissions (--Node:ForgingKeyFile=…).", failure);
        }
    }

    private static ECDsa Import(string path, string pem, string? passphrase)
    {
        var key = ECDsa.Create();
        try
        {
            if (passphrase is null) key.ImportFromPem(pem);
            else key.ImportFromEncryptedPem(pem, passphrase);
            key.ExportParameters(includePrivateParameters: true);
            return key;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new KeyFileException(
                passphrase is null
                    ? $"The forging key '{path}' holds no private key of a curve that can be used ({failure.Message}): expected a PEM file with a P-256 private key."
                    : $"The forging key '{path}' does not open with the passphrase that was given ({failure.Message}): check --Node:ForgingKeyPassphraseFile=…",
                failure);
        }
    }

    private TransactionSignature Sign(Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(digest.Span, signature);
        return new TransactionSignature(SignatureScheme.P256, _public, new Signature(signature));
    }

    // Nobody without the key can tell the secret, and with it nothing else must be kept.
    private Onion Onion(int number)
    {
        var label = "SecuTicket onion 1"u8;
        var seed = new byte[label.Length + _scalar.Length + sizeof(int)];
        label.CopyTo(seed);
        _scalar.CopyTo(seed, label.Length);
        BinaryPrimitives.WriteInt32BigEndian(seed.AsSpan(seed.Length - sizeof(int)), number);
        var secret = Hash256.Sha256(seed);
        CryptographicOperations.ZeroMemory(seed);
        return new Onion(secret);
    }
}
