using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Gate;

/// <summary>What a gate did so far, as far as the next scan needs it: whom it let in, and the receipt that the next one follows. An immutable value.</summary>
/// <remarks>A gate keeps its receipts durably, one after the other, and makes this of them when it starts: so a second scan is found also after a restart without a network.</remarks>
public sealed class GateLog
{
    private readonly Trie<TicketId, GateAdmission> _admissions;

    private GateLog(GateScope scope, Hash256 last, int count, Trie<TicketId, GateAdmission> admissions)
    {
        Scope = scope;
        Last = last;
        Count = count;
        _admissions = admissions;
    }

    /// <summary>Whose log it is.</summary>
    public GateScope Scope { get; }

    /// <summary>Hash of the last receipt; zero when there is none.</summary>
    public Hash256 Last { get; }

    /// <summary>Receipts so far.</summary>
    public int Count { get; }

    /// <summary>The log of a gate that has scanned nothing yet.</summary>
    public static GateLog Empty(GateScope scope) => new(scope, Hash256.Zero, 0, Trie<TicketId, GateAdmission>.Empty);

    /// <summary>The first admission of a ticket by this gate; null when there was none.</summary>
    public GateAdmission? Find(in TicketId ticket) => _admissions.Find(ticket);

    /// <summary>The receipt of a scan, to be signed, kept and then added.</summary>
    /// <param name="scanned">What was scanned, whatever it is.</param>
    /// <param name="finding">What was found about it.</param>
    /// <param name="now">The gate's clock, in unix seconds.</param>
    public GateReceipt Next(string scanned, GateFinding finding, long now) => GateReceipt.Of(Scope, scanned, finding, now, Last);

    /// <summary>The log with one more receipt.</summary>
    /// <returns>The next log; <c>wrong_gate</c>, or <c>receipt_gap</c> when the receipt does not follow the last one.</returns>
    public Verdict<GateLog> With(GateReceipt receipt)
    {
        if (receipt.Scope != Scope) return new Refusal(GateRefusals.WrongGate, $"The receipt is of gate {receipt.Scope.Gate}, another event or another chain; this is the log of {Scope.Gate}.");
        if (receipt.Previous != Last) return new Refusal(GateRefusals.ReceiptGap, $"Receipt {receipt.Hash} follows {receipt.Previous}, the last one here is {Last}: one is missing, or they are out of order.");

        var admissions = receipt is { Result: GateResult.Valid, Ticket: { } ticket } && !_admissions.Contains(ticket)
            ? _admissions.Set(ticket, new GateAdmission(Scope.Gate, receipt.At * 1000, null, receipt.Hash))
            : _admissions;
        return new GateLog(Scope, receipt.Hash, Count + 1, admissions);
    }
}
