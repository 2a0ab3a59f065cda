namespace SecuTicket.Core.Cryptography;

/// <summary>Verifies ECDSA P-256 signatures (FIPS 186-5, section 6.4.2), low s only. Safe to use from several threads.</summary>
/// <remarks>
/// By <see cref="LibcryptoP256"/> where that can be used, which takes a key it has never seen as fast as any other; else by the platform as .NET wraps it, with a
/// bounded number of imported keys kept. Which one it is changes no answer, only what it costs.
/// </remarks>
public sealed class P256Verifier : IDisposable
{
    private const int CoordinateSize = 32;
    private const int DigestSize = 32;

    private readonly IP256Library _library;
    private long _checks;

    /// <summary>Uses the fastest library that this machine has.</summary>
    /// <param name="capacity">Imported keys kept at the most, where keeping them helps (about 5 KiB each, most of it the platform's).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public P256Verifier(int capacity)
        : this(LibraryFor(capacity))
    {
    }

    internal P256Verifier(IP256Library library) => _library = library;

    /// <summary>How many times the curve was asked: a signature whose form alone is wrong costs nothing and is not counted.</summary>
    public long Checks => Interlocked.Read(ref _checks);

    /// <summary>True when the raw, low-s signature of the 32-byte digest was made with the key X ‖ Y (64 bytes).</summary>
    /// <returns>False, never an exception, for a wrong signature, a high s, a key that is no point of the curve and any wrong length.</returns>
    /// <exception cref="ObjectDisposedException">The verifier was disposed of.</exception>
    public bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64)
    {
        if (xy64.Length != 2 * CoordinateSize || digest32.Length != DigestSize || !P256Signature.IsCanonical(signature64)) return false;

        Interlocked.Increment(ref _checks);
        return _library.Verify(xy64, digest32, signature64);
    }

    /// <inheritdoc/>
    public void Dispose() => _library.Dispose();

    private static IP256Library LibraryFor(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        return LibcryptoP256.IsAvailable ? new LibcryptoP256() : new P256KeyCache(capacity);
    }
}
