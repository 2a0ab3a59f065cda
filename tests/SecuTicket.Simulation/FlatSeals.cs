using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Simulation;

/// <summary>Seals as they should be, but for their weight, which is the same for all: so the longest chain wins, however little work is in it.</summary>
/// <param name="right">Seals as they should be.</param>
public sealed class FlatSeals(ISealVerifier right) : ISealVerifier
{
    /// <inheritdoc/>
    public int HeadersAhead => right.HeadersAhead;

    /// <inheritdoc/>
    public uint DifficultyAfter(Ancestor ancestor) => right.DifficultyAfter(ancestor);

    /// <inheritdoc/>
    public Verdict Verify(SealedHeader block, Ancestor ancestor, Turns? turns) => right.Verify(block, ancestor, turns);

    /// <inheritdoc/>
    public Verdict VerifyOn(BlockHeader header, LedgerState before) => right.VerifyOn(header, before);

    /// <inheritdoc/>
    public Verdict VerifyAlone(SealedHeader block, Ancestor known) => right.VerifyAlone(block, known);

    /// <inheritdoc/>
    public UInt128 WeightOf(BlockHeader header) => 1;
}
