using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Sealing;

/// <summary>A block to be sealed.</summary>
/// <remarks>
/// The template follows from values that do not change, so it does not matter who works it out nor when: whoever searches does it first, and the single writer
/// finds it done.
/// </remarks>
/// <param name="number">Tells this search from earlier ones.</param>
/// <param name="chain">The chain that the block is to follow.</param>
/// <param name="begun">What waited when it was begun.</param>
/// <param name="template">Works the block out.</param>
/// <param name="requested">Whether somebody waits for it; otherwise it was due by itself.</param>
public sealed class SealJob(long number, Blockchain chain, PendingSet begun, Func<BlockTemplate> template, bool requested)
{
    private readonly Lazy<BlockTemplate> _template = new(template);
    private volatile VerifiedBlock? _completed;

    /// <summary>Tells this search from earlier ones.</summary>
    public long Number { get; } = number;

    /// <summary>The chain that the block is to follow.</summary>
    public Blockchain Chain { get; } = chain;

    /// <summary>What waited when it was begun.</summary>
    public PendingSet Begun { get; } = begun;

    /// <summary>The block; worked out when it is asked for first, once.</summary>
    public BlockTemplate Template => _template.Value;

    /// <summary>Whether somebody waits for it; otherwise it was due by itself.</summary>
    public bool Requested { get; } = requested;

    /// <summary>The block with its seal.</summary>
    /// <remarks>Whoever stages it and the single writer complete it with the same seal: it is made once.</remarks>
    public VerifiedBlock Complete(SealedHeader header) => _completed is { } block && block.Block.SealedHeader == header ? block : _completed = VerifiedBlock.Of(header.Header, Template.Transactions, header.Seal);
}

/// <summary>Makes a block of a template; verifying is somebody else's affair.</summary>
public interface ISealer
{
    /// <summary>Searches until it finds or is cancelled.</summary>
    /// <returns>The sealed header, or why this node can not seal this template.</returns>
    /// <exception cref="OperationCanceledException">The search was given up.</exception>
    Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation);
}
