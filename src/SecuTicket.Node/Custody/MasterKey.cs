using System.Security.Cryptography;

namespace SecuTicket.Node.Custody;

/// <summary>The key file's 32 bytes, turned into one key for each use; cleared when disposed.</summary>
/// <remarks>HKDF-SHA256 (RFC 5869) keeps the uses apart: what the fingerprint key does tells nothing about the sealing key.</remarks>
public sealed class MasterKey : IDisposable
{
    /// <summary>Bytes of a master key: 32.</summary>
    public const int Size = 32;

    // Pinned: the collector must not leave copies behind when it moves things.
    private readonly byte[] _sealing = GC.AllocateArray<byte>(SealedBox.KeySize, pinned: true);
    private readonly byte[] _fingerprints = GC.AllocateArray<byte>(32, pinned: true);
    private bool _disposed;

    /// <summary>Derives the keys from 32 bytes, which stay the caller's to clear.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public MasterKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"A master key takes {Size} bytes, not {bytes.Length}.", nameof(bytes));
        HKDF.Expand(HashAlgorithmName.SHA256, bytes, _sealing, "SecuTicket sealing key 1"u8);
        HKDF.Expand(HashAlgorithmName.SHA256, bytes, _fingerprints, "SecuTicket fingerprint key 1"u8);
    }

    /// <summary>The AES-256 key of sealed boxes.</summary>
    internal ReadOnlySpan<byte> Sealing => Live(_sealing);

    /// <summary>The HMAC-SHA256 key of profile fingerprints.</summary>
    internal ReadOnlySpan<byte> Fingerprints => Live(_fingerprints);

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_sealing);
        CryptographicOperations.ZeroMemory(_fingerprints);
    }

    private byte[] Live(byte[] key)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return key;
    }
}
