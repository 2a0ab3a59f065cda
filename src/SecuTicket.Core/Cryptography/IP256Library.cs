namespace SecuTicket.Core.Cryptography;

/// <summary>A library that verifies ECDSA P-256 signatures. Safe to use from several threads.</summary>
internal interface IP256Library : IDisposable
{
    /// <summary>True when the signature r ‖ s (64 bytes) of the 32-byte digest was made with the key X ‖ Y (64 bytes).</summary>
    /// <returns>False, never an exception, for a wrong signature and for a key that is no point of the curve. Lengths are the caller's to check, and that s is low.</returns>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64);
}
