using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Something that the single writer is asked to do.</summary>
public abstract record NodeCommand
{
    private NodeCommand()
    {
    }

    /// <summary>Admit transactions whose signatures were checked, in order, each on its own.</summary>
    public sealed record Submit(IReadOnlyList<VerifiedTransaction> Transactions, Reply<IReadOnlyList<Submission>> Reply) : NodeCommand;

    /// <summary>Seal a block now, whether anything waits or not; for the one who gets the rewards of automatic seals when no other is named.</summary>
    public sealed record Seal(Address? Sealer, Reply<VerifiedBlock> Reply) : NodeCommand;

    /// <summary>A search ended with a header that shows the work.</summary>
    public sealed record Sealed(long Job, SealedHeader Header) : NodeCommand;

    /// <summary>A search ended with a failure.</summary>
    public sealed record SealFailed(long Job, Refusal Refusal) : NodeCommand;

    /// <summary>Blocks came from elsewhere, their signatures checked: they are added in order, up to the first that is refused, as one step and one durable write.</summary>
    public sealed record Offer(IReadOnlyList<VerifiedBlock> Blocks, Reply<BlockAcceptance> Reply) : NodeCommand;

    /// <summary>Time went on.</summary>
    public sealed record Tick : NodeCommand;
}

/// <summary>What became of a transaction that was submitted.</summary>
/// <param name="Id">The transaction.</param>
/// <param name="Status">Its status; null when it was refused and is not kept.</param>
/// <param name="IsNew">Whether this submission admitted it; false when it had been acknowledged before.</param>
/// <param name="BlockIndex">Index of the block that it is in, or will be in if all goes well.</param>
/// <param name="Refusal">Why it was refused or, of one acknowledged before, rejected.</param>
public sealed record Submission(Hash256 Id, Storage.TransactionStatus? Status, bool IsNew, long? BlockIndex, Refusal? Refusal);

/// <summary>What became of blocks that were offered together.</summary>
/// <param name="Tip">Hash of the tip after them.</param>
/// <param name="Connected">Blocks that joined our branch.</param>
/// <param name="Disconnected">Blocks that left it.</param>
/// <param name="Taken">How many were connected, kept aside or known before: all up to the first that was refused, whose place among the offered, from 0, this is.</param>
/// <param name="Refusal">Why that one was refused; those after it were not looked at. Null when all were taken.</param>
public sealed record BlockAcceptance(Hash256 Tip, int Connected, int Disconnected, int Taken, Refusal? Refusal);
