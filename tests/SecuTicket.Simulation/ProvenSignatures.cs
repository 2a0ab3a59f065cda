using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Simulation;

/// <summary>Checks signatures of headers for all nodes of a run: each right one once, known by key, digest and signature, since asking again gives the same answer. For one thread.</summary>
/// <param name="library">Checks them.</param>
internal sealed class ProvenSignatures(IP256Library library) : IP256Library
{
    private readonly HashSet<(PublicKey Key, Hash256 Digest, Signature Signature)> _proven = [];

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> xy64, ReadOnlySpan<byte> digest32, ReadOnlySpan<byte> signature64)
    {
        var asked = (new PublicKey(xy64), new Hash256(digest32), new Signature(signature64));
        if (_proven.Contains(asked)) return true;
        if (!library.Verify(xy64, digest32, signature64)) return false;

        _proven.Add(asked);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => library.Dispose();
}
