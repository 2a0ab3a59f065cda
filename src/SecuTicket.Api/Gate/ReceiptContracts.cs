using System.Text.Json.Serialization;
using SecuTicket.Api.Chain;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>What became of receipts, one verdict each, in their order.</summary>
/// <param name="Verdicts">The verdicts.</param>
public sealed record ReceiptVerdictsContract(IReadOnlyList<ReceiptVerdictContract> Verdicts);

/// <summary>What became of a receipt.</summary>
/// <param name="Receipt">Its hash, 64 hex digits.</param>
/// <param name="Verdict"><c>accepted</c>, <c>known</c> (it was here already), <c>gap</c> (kept; the one before it is not here yet), <c>fork</c> (kept; another one follows the same) or <c>invalid</c> (not kept).</param>
/// <param name="Code">Of an invalid one why; of one that is kept what speaks against letting the bearer in; absent for nothing.</param>
/// <param name="Detail">The same in a sentence.</param>
/// <param name="First">Of a receipt that lets somebody in: the first other admission with the ticket; absent for none.</param>
/// <param name="TransactionId">The <c>redeem_ticket</c> that the node made for a gate whose key it keeps.</param>
public sealed record ReceiptVerdictContract(string Receipt, string Verdict, string? Code = null, string? Detail = null, GateAdmissionContract? First = null, string? TransactionId = null);

/// <summary>One time that somebody was let in.</summary>
/// <param name="Gate">The gate's account.</param>
/// <param name="At">RFC 3339: by the gate's clock; where there is no receipt the block's time.</param>
/// <param name="Receipt">Hash of the receipt; null when the gate gave none.</param>
/// <param name="TransactionId">The redeeming transaction, where it is this gate's.</param>
public sealed record GateAdmissionContract(
    string Gate, string At, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Receipt, string? TransactionId = null)
{
    /// <summary>An admission.</summary>
    public static GateAdmissionContract Of(ReportedAdmission admission) =>
        new(admission.Gate.ToString(), TimeText.OfMilliseconds(admission.At), admission.Receipt?.ToString(), admission.Transaction?.ToString());

    /// <summary>An admission that the book knows.</summary>
    public static GateAdmissionContract Of(BookedAdmission admission) => new(admission.Gate.ToString(), TimeText.OfMilliseconds(admission.At * 1000), admission.Receipt.ToString());
}

/// <summary>What happened at the gates of an event.</summary>
/// <param name="EventId">32 hex digits.</param>
/// <param name="Admitted">Times that somebody was let in.</param>
/// <param name="Refused">Scans that let nobody in.</param>
/// <param name="Conflicts">Tickets that let somebody in more than once, by id.</param>
/// <param name="Next">What to give as <c>after</c> for more conflicts; null when these are all.</param>
/// <param name="Gates">Each gate, by address.</param>
public sealed record GateReportContract(
    string EventId,
    long Admitted,
    long Refused,
    IReadOnlyList<AdmissionConflictContract> Conflicts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Next,
    IReadOnlyList<GateTallyContract> Gates)
{
    /// <summary>A report.</summary>
    public static GateReportContract Of(EventId id, GateReport report) => new(
        id.ToString(),
        report.Admitted,
        report.Refused,
        [.. report.Conflicts.Select(AdmissionConflictContract.Of)],
        report.More ? report.Conflicts[^1].Ticket.ToString() : null,
        [.. report.Gates.Select(GateTallyContract.Of)]);
}

/// <summary>A ticket that let somebody in more than once.</summary>
/// <param name="TicketId">32 hex digits.</param>
/// <param name="Admissions">The admissions by time, 100 at the most.</param>
/// <param name="Count">How many there are.</param>
public sealed record AdmissionConflictContract(string TicketId, IReadOnlyList<GateAdmissionContract> Admissions, int Count)
{
    /// <summary>A conflict.</summary>
    public static AdmissionConflictContract Of(AdmissionConflict conflict) =>
        new(conflict.Ticket.ToString(), [.. conflict.Admissions.Select(GateAdmissionContract.Of)], conflict.Count);
}

/// <summary>What one gate did.</summary>
/// <param name="Gate">Its account.</param>
/// <param name="Admitted">Times that it let somebody in, redemptions without a receipt included.</param>
/// <param name="Refused">Scans that let nobody in.</param>
/// <param name="FirstAt">RFC 3339: its first receipt's moment, by its clock; null when there is none.</param>
/// <param name="LastAt">The last one's.</param>
/// <param name="Gaps">Receipts whose predecessor is missing: the gate has not uploaded all, or hides some.</param>
/// <param name="Forks">Receipts that follow one which another follows too: the gate's log was set back.</param>
/// <param name="Flagged">Receipts that let somebody in with a wrong, stale or foreign code.</param>
public sealed record GateTallyContract(
    string Gate,
    long Admitted,
    long Refused,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FirstAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastAt,
    long Gaps,
    long Forks,
    long Flagged)
{
    /// <summary>A gate's tally.</summary>
    public static GateTallyContract Of(GateTally tally) => new(
        tally.Gate.ToString(), tally.Admitted, tally.Refused, TimeOf(tally.FirstAt), TimeOf(tally.LastAt), tally.Gaps, tally.Forks, tally.Flagged);

    private static string? TimeOf(long? at) => at is { } seconds ? TimeText.OfMilliseconds(seconds * 1000) : null;
}
