using SecuTicket.Core.Cryptography;

namespace SecuTicket.Core.Tests.Cryptography;

/// <summary>The libraries that this machine has: the platform as .NET wraps it, always, and libcrypto called directly.</summary>
internal static class P256Libraries
{
    public static IP256Library New(string name) => name == nameof(LibcryptoP256) ? new LibcryptoP256() : new P256KeyCache(4);
}

/// <summary>Their names, for theories.</summary>
public sealed class P256LibraryNames : TheoryData<string>
{
    public P256LibraryNames()
    {
        Add(nameof(P256KeyCache));
        if (LibcryptoP256.IsAvailable) Add(nameof(LibcryptoP256));
    }
}
