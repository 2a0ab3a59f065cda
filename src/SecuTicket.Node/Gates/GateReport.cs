using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Gates;

/// <summary>One time that somebody was let in: by a receipt, by a redemption on the chain, or by both.</summary>
/// <param name="Gate">The gate.</param>
/// <param name="At">When, in milliseconds since 1970: by the gate's clock, or where there is no receipt the block's.</param>
/// <param name="Receipt">The receipt; null when the gate gave none.</param>
/// <param name="Transaction">The redeeming transaction; null when it is not this admission's.</param>
public sealed record ReportedAdmission(Address Gate, long At, Hash256? Receipt, Hash256? Transaction);

/// <summary>A ticket that somebody was let in with more than once.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Admissions">The admissions by time, <see cref="GateReport.MaxAdmissions"/> at the most.</param>
/// <param name="Count">How many there are.</param>
public sealed record AdmissionConflict(TicketId Ticket, IReadOnlyList<ReportedAdmission> Admissions, int Count);

/// <summary>How much a report tells of at the most.</summary>
/// <param name="Conflicts">Conflicts.</param>
public sealed record GateReportSize(int Conflicts)
{
    /// <summary>Admissions of all its conflicts; one conflict is told of whatever it has. Default 12,000, about 3 MB.</summary>
    public int Admissions { get; init; } = 12_000;

    /// <summary>Gates, by address; those beyond count in the totals. Default 2,000, about 500 KB.</summary>
    public int Gates { get; init; } = 2_000;
}

/// <summary>What happened at the gates of an event: the receipts of all gates and the redemptions of the ledger put together.</summary>
/// <param name="Admitted">Admissions of all gates.</param>
/// <param name="Refused">Scans of all gates that let nobody in.</param>
/// <param name="Conflicts">Conflicts by ticket id.</param>
/// <param name="More">Whether more conflicts follow.</param>
/// <param name="Gates">What each gate did: those listed and those with receipts, by address; redemptions without a receipt count as admitted.</param>
public sealed record GateReport(long Admitted, long Refused, IReadOnlyList<AdmissionConflict> Conflicts, bool More, IReadOnlyList<GateTally> Gates)
{
    /// <summary>Admissions told of at most for one ticket.</summary>
    public const int MaxAdmissions = 100;

    /// <summary>Makes the report of an event.</summary>
    /// <param name="book">The receipts.</param>
    /// <param name="ledger">The ledger.</param>
    /// <param name="terms">The event.</param>
    /// <param name="after">Conflicts of this ticket and those before it are left out; null for none.</param>
    /// <param name="size">How much it tells of.</param>
    /// <remarks>Takes time in proportion to the event's tickets and receipts, and memory to its answer.</remarks>
    public static GateReport Make(ReceiptBook book, LedgerState ledger, EventTerms terms, TicketId? after, GateReportSize size)
    {
        var redeemed = RedeemedBy(ledger, terms.Id);
        var conflicts = new ConflictList(id => ledger.Tickets.Find(id) is { } ticket && ticket.Event == terms.Id ? ticket.Redemption : null, after, size, redeemed);
        foreach (var admission in book.Admissions(terms.Id)) conflicts.Add(admission);
        conflicts.Finish();

        // What is left of the redemptions has no receipt.
        var (admitted, refused) = (redeemed.Values.Sum(), 0L);
        var tallies = new Dictionary<Address, GateTally>();
        foreach (var tally in book.Tallies(terms.Id))
        {
            admitted += tally.Admitted;
            refused += tally.Refused;
            if (tallies.Count < size.Gates) tallies.Add(tally.Gate, tally);
        }

        foreach (var gate in terms.Gates.Concat(redeemed.Keys).Distinct())
        {
            var tally = tallies.GetValueOrDefault(gate) ?? new GateTally(gate, 0, 0, null, null, 0, 0, 0);
            tallies[gate] = tally with { Admitted = tally.Admitted + redeemed.GetValueOrDefault(gate) };
        }

        var gates = tallies.Values.OrderBy(tally => tally.Gate).ToArray();
        return new GateReport(admitted, refused, conflicts.Found, conflicts.More, gates[..Math.Min(gates.Length, size.Gates)]);
    }

    private static Dictionary<Address, long> RedeemedBy(LedgerState ledger, EventId id)
    {
        var redeemed = new Dictionary<Address, long>();
        foreach (var (_, ticket) in ledger.TicketsOf(id))
        {
            if (ledger.Tickets.Find(ticket)!.Redemption is { } redemption) redeemed[redemption.Gate] = redeemed.GetValueOrDefault(redemption.Gate) + 1;
        }

        return redeemed;
    }

    // Takes admissions by ticket and time, and keeps those of one ticket until the next one comes.
    private sealed class ConflictList(Func<TicketId, Redemption?> redemptionOf, TicketId? after, GateReportSize size, Dictionary<Address, long> redeemedWithoutReceipt)
    {
        private readonly List<ReportedAdmission> _admissions = [];
        private TicketId _ticket;
        private int _count;
        private int _told;
        private Redemption? _redemption;
        private bool _hasReceipt;

        public List<AdmissionConflict> Found { get; } = [];

        public bool More { get; private set; }

        public void Add(BookedAdmission admission)
        {
            if (_count == 0 || admission.Ticket != _ticket)
            {
                Finish();
                _ticket = admission.Ticket;
                _redemption = redemptionOf(_ticket);
            }

            _count++;
            var isRedemption = !_hasReceipt && _redemption?.Gate == admission.Gate;
            if (isRedemption) _hasReceipt = true;
            if (_admissions.Count < MaxAdmissions) _admissions.Add(new ReportedAdmission(admission.Gate, admission.At * 1000, admission.Receipt, isRedemption ? _redemption!.Transaction : null));
        }

        /// <summary>Ends the ticket at hand: nothing more comes of it.</summary>
        public void Finish()
        {
            if (_count > 0) Judge();
            _admissions.Clear();
            (_count, _hasReceipt) = (0, false);
        }

        private void Judge()
        {
            if (_redemption is { } redemption)
            {
                if (_hasReceipt)
                {
                    redeemedWithoutReceipt[redemption.Gate]--;
                }
                else
                {
                    if (_admissions.Count == MaxAdmissions) _admissions.RemoveAt(MaxAdmissions - 1);
                    _admissions.Add(new ReportedAdmission(redemption.Gate, redemption.At, null, redemption.Transaction));
                    _count++;
                }
            }

            if (_count < 2 || (after is { } place && _ticket <= place)) return;

            _told += _admissions.Count;
            if (Found.Count < size.Conflicts && (Found.Count == 0 || _told <= size.Admissions)) Found.Add(new AdmissionConflict(_ticket, [.. _admissions.OrderBy(admission => admission.At)], _count));
            else More = true;
        }
    }
}
