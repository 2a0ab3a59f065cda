using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Gates;

/// <summary>Makes reports, a few at a time: each reads every receipt of its event. Thread-safe.</summary>
/// <param name="book">The receipts.</param>
/// <param name="settings">How many at a time.</param>
public sealed class GateReports(ReceiptBook book, GateSettings settings)
{
    private int _making;

    /// <summary>Makes the report of an event, see <see cref="GateReport.Make"/>.</summary>
    /// <returns>The report, or <c>not_ready</c> (Transient) while as many are made as may be.</returns>
    /// <exception cref="Storage.StorageException">The disk failed.</exception>
    public Verdict<GateReport> Make(LedgerState ledger, EventTerms terms, TicketId? after, int limit)
    {
        try
        {
            return Interlocked.Increment(ref _making) > settings.Reports
                ? new Refusal("not_ready", $"{settings.Reports} reports are being made, the most at the same time: try again in a second.", RefusalKind.Transient)
                : GateReport.Make(book, ledger, terms, after, new GateReportSize(limit));
        }
        finally
        {
            Interlocked.Decrement(ref _making);
        }
    }
}
