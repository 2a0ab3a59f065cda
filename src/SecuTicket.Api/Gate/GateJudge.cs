using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Gate;

/// <summary>Judges what a gate scanned, on the confirmed ledger with everything pending applied; it changes nothing: entry is a <c>redeem_ticket</c>.</summary>
/// <param name="node">The node.</param>
/// <param name="clock">Tells the time.</param>
public sealed class GateJudge(TicketNode node, TimeProvider clock)
{
    /// <summary>How far a code's moment may lie from the node's clock, either way, in seconds.</summary>
    public const int GoodForSeconds = 30;

    /// <summary>The first reason, in the contract's order, why <paramref name="gate"/> should not let the bearer of <paramref name="text"/> in; or <c>valid</c>.</summary>
    public ScanContract Judge(string text, Address gate)
    {
        if (!GateCode.Parse(text).TryGet(out var code, out _)) return new ScanContract("invalid");
        if (!node.Verifier.VerifyDigest(code.Key, GateCode.Digest(node.Spec.ChainId, code.Ticket, code.At), code.Signature)) return new ScanContract("invalid");

        var state = node.Snapshot.Pending.State;
        if (state.Tickets.Find(code.Ticket) is not { } ticket || state.Events.Find(ticket.Event) is not { } terms) return new ScanContract("unknown");

        var result = Judge(code, gate, ticket, terms);
        var first = result == "already_redeemed" ? AdmissionContract.Of(ticket.Redemption!) : null;
        return new ScanContract(result, ScannedTicketContract.Of(code.Ticket, ticket, terms), first);
    }

    // The organiser owns unsold tickets and lets nobody in with them.
    private string Judge(in GateCode code, Address gate, Ticket ticket, EventTerms terms)
    {
        if (!terms.Gates.Contains(gate)) return "wrong_event";
        if (terms.Cancelled) return "event_cancelled";
        if (ticket.Status == TicketStatus.Revoked) return "revoked";
        if (ticket.Status == TicketStatus.Unsold || Address.Of(code.Key) != ticket.Owner) return "not_owner";
        if (ticket.Status == TicketStatus.Redeemed) return "already_redeemed";

        return Math.Abs(clock.GetUtcNow().ToUnixTimeSeconds() - code.At) > GoodForSeconds ? "expired" : "valid";
    }
}
