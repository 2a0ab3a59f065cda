using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>Judges codes, with the whole ledger or with a roster alone: one order of reasons for both.</summary>
/// <param name="chainId">The chain that codes are signed for.</param>
/// <param name="verifier">Checks their signatures.</param>
public sealed class GateJudge(string chainId, TransactionVerifier verifier)
{
    /// <summary>How far a code's moment may lie from the gate's clock, either way, in seconds.</summary>
    public const int GoodForSeconds = 30;

    /// <summary>Whether a code's moment is near enough to another.</summary>
    /// <param name="code">The code.</param>
    /// <param name="at">Unix seconds.</param>
    public static bool IsFresh(in GateCode code, long at) => Math.Abs(at - code.At) <= GoodForSeconds;

    /// <summary>Whether a code was signed by the key that it names. Whose key that is, is not asked here.</summary>
    public bool IsSigned(in GateCode code)
    {
        var digest = GateCode.Digest(chainId, code.Ticket, code.At);
        var signature = code.Passkey is { } passkey
            ? new TransactionSignature(SignatureScheme.Webauthn, code.Key, code.Signature, passkey.For(digest))
            : new TransactionSignature(SignatureScheme.P256, code.Key, code.Signature);
        return verifier.Verify(signature, digest).IsAccepted;
    }

    /// <summary>Judges a code on a ledger.</summary>
    /// <param name="text">What was scanned.</param>
    /// <param name="gate">The gate that scanned it.</param>
    /// <param name="now">The gate's clock, in unix seconds.</param>
    /// <param name="ledger">The ledger.</param>
    public GateFinding Judge(string text, Address gate, long now, LedgerState ledger) =>
        Judge(text, gate, now, id => ledger.Tickets.Find(id) is { } ticket && ledger.Events.Find(ticket.Event) is { } terms
            ? new Known(RosterEntry.Of(id, ticket), RosterEvent.Of(terms), ticket.Redemption is { } redemption ? GateAdmission.Of(redemption) : null)
            : null);

    /// <summary>Judges a code without a network: on a roster, and on what the gate itself did since.</summary>
    /// <param name="text">What was scanned.</param>
    /// <param name="now">The gate's clock, in unix seconds.</param>
    /// <param name="roster">The roster, full.</param>
    /// <param name="log">The gate's own log: who was let in by it is in, whatever the roster says.</param>
    /// <remarks>A ticket that the roster lacks is <see cref="GateResult.Unknown"/>, be it of another event or none.</remarks>
    public GateFinding Judge(string text, long now, GateRoster roster, GateLog log) =>
        Judge(text, log.Scope.Gate, now, id => roster.Find(id) is { } ticket
            ? new Known(ticket, roster.Head.Event, log.Find(id) ?? (ticket.RedeemedAt is { } at ? new GateAdmission(null, at, null, null) : null))
            : null);

    private GateFinding Judge(string text, Address gate, long now, Func<TicketId, Known?> find)
    {
        if (!GateCode.Parse(text).TryGet(out var code, out _)) return new GateFinding(GateResult.Invalid);
        if (!IsSigned(code)) return new GateFinding(GateResult.Invalid, code);
        if (find(code.Ticket) is not { } known) return new GateFinding(GateResult.Unknown, code);

        var result = ResultOf(code, gate, now, known);
        return new GateFinding(result, code, known.Ticket, known.Event, result == GateResult.AlreadyRedeemed ? known.First : null);
    }

    // The organiser owns unsold tickets and lets nobody in with them.
    private static GateResult ResultOf(in GateCode code, Address gate, long now, in Known known)
    {
        if (!known.Event.Gates.Contains(gate)) return GateResult.WrongEvent;
        if (known.Event.Cancelled) return GateResult.EventCancelled;
        if (known.Ticket.Status == TicketStatus.Revoked) return GateResult.Revoked;
        if (known.Ticket.Status == TicketStatus.Unsold || Address.Of(code.Key) != known.Ticket.Owner) return GateResult.NotOwner;
        if (known.First is not null) return GateResult.AlreadyRedeemed;

        return IsFresh(code, now) ? GateResult.Valid : GateResult.Expired;
    }

    private readonly record struct Known(RosterEntry Ticket, RosterEvent Event, GateAdmission? First);
}
