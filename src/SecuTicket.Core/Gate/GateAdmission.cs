using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Gate;

/// <summary>That somebody was let in with a ticket before.</summary>
/// <param name="Gate">By which gate; null where a roster only says that it happened.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
/// <param name="Transaction">The redeeming transaction, where the ledger says so.</param>
/// <param name="Receipt">The receipt, where a gate's own log says so.</param>
public sealed record GateAdmission(Address? Gate, long At, Hash256? Transaction, Hash256? Receipt)
{
    /// <summary>A redemption of the ledger.</summary>
    public static GateAdmission Of(Redemption redemption) => new(redemption.Gate, redemption.At, redemption.Transaction, null);
}
