using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Forging;

namespace SecuTicket.Node.Sealing;

/// <summary>Signs blocks of this node's validator; nothing is searched for.</summary>
/// <param name="forger">The validator; null when the node has none.</param>
public sealed class ProofOfStakeSealer(Forger? forger) : ISealer
{
    /// <inheritdoc/>
    public Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(forger is null ? new Refusal(RefusalCodes.NotForger, "This node has no forging key.") : forger.Seal(template.Header));
    }
}
