using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Sealing;

/// <summary>A block to be sealed.</summary>
/// <param name="Number">Tells this search from earlier ones.</param>
/// <param name="Template">The block.</param>
/// <param name="Requested">Whether somebody waits for it; otherwise it was due by itself.</param>
public sealed record SealJob(long Number, BlockTemplate Template, bool Requested);

/// <summary>Makes a block of a template; verifying is somebody else's affair.</summary>
public interface ISealer
{
    /// <summary>Searches until it finds or is cancelled.</summary>
    /// <returns>The sealed header, or why this node can not seal this template.</returns>
    /// <exception cref="OperationCanceledException">The search was given up.</exception>
    Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation);
}
