using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Gate;

/// <summary>Judges what a gate scanned, on the confirmed ledger with everything pending applied; it changes nothing: entry is a <c>redeem_ticket</c>.</summary>
/// <param name="node">The node.</param>
/// <param name="clock">Tells the time.</param>
public sealed class OnlineGate(TicketNode node, TimeProvider clock)
{
    private readonly GateJudge _judge = new(node.Spec.ChainId, node.Verifier);

    /// <summary>The first reason, in the contract's order, why <paramref name="gate"/> should not let the bearer of <paramref name="text"/> in; or <c>valid</c>.</summary>
    public ScanContract Judge(string text, Address gate)
    {
        var state = node.Snapshot.Pending.State;
        var finding = _judge.Judge(text, gate, clock.GetUtcNow().ToUnixTimeSeconds(), state);
        return new ScanContract(
            GateResultWords.Of(finding.Result),
            finding is { Ticket: { } ticket, Event: { } of } ? ScannedTicketContract.Of(ticket, of) : null,
            finding is { Result: GateResult.AlreadyRedeemed, Ticket: { } redeemed } ? AdmissionContract.Of(state.Tickets.Find(redeemed.Ticket)!.Redemption!) : null);
    }
}
