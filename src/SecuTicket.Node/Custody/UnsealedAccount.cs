using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Custody;

/// <summary>A kept account decrypted in memory: its HMAC secret and private key. Cleared when the last of its users disposes of it.</summary>
/// <remarks>Users are counted because the cache may drop an account while another thread still signs with it.</remarks>
internal sealed class UnsealedAccount(Address address, byte[] secret, P256PrivateKey key) : IDisposable
{
    private int _users = 1;

    public Address Address { get; } = address;

    public ReadOnlySpan<byte> Secret => secret;

    public P256PrivateKey Key { get; } = key;

    /// <summary>One user more. To be called by someone who keeps it from being cleared meanwhile.</summary>
    public UnsealedAccount Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    /// <summary>One user less.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;

        CryptographicOperations.ZeroMemory(secret);
        Key.Dispose();
    }
}
