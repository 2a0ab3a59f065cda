using System.Diagnostics.CodeAnalysis;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;

namespace SecuTicket.Api.Transactions;

/// <summary>Turns bytes that a client sent into a verified transaction, or says what is wrong: JSON, fields, then signature.</summary>
/// <param name="node">The node, for its accounts, its verifier and what it knows.</param>
/// <param name="delegations">Whose official sales the node may complete.</param>
public sealed class TransactionReader(TicketNode node, EventDelegations delegations)
{
    private readonly TicketNode _node = node;

    /// <summary>Reads one transaction. Runs on the request's own thread: signatures are checked in parallel, before the single writer.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="route">The type of a typed route, which then may be left out of the body, as may the chain id; null where both must be given.</param>
    /// <param name="defaultType">The type that a body without one has, on routes that take any.</param>
    /// <param name="follows">Whether others are applied before it, as in a batch: then no conflict is certain yet.</param>
    /// <param name="issued">The events of tickets that those others issue; null for none.</param>
    public ReadTransaction Read(ReadOnlySpan<byte> utf8, string? route, string? defaultType = null, bool follows = false, IReadOnlyDictionary<TicketId, EventId>? issued = null)
    {
        if (!SignedPayload.Read(utf8, route ?? defaultType, _node.Spec.ChainId).TryGet(out var body, out var refusal)) return new ReadTransaction(null, refusal);

        var payload = body.Payload;
        if (route is not null && payload.Operation.Type != route)
            return new ReadTransaction(payload, new Refusal(RefusalCodes.InvalidField, $"type: this route takes {route}, found {payload.Operation.Type}.", Field: "type"));
        if (payload.Operation is Reward)
            return new ReadTransaction(payload, new Refusal(RefusalCodes.InvalidField, "type: a reward is made by sealing a block and can not be sent.", Field: "type"));
        if (payload.Operation is CreateEvent { TimeZone: { } zone } && !IsKnown(zone))
            return new ReadTransaction(payload, new Refusal(RefusalCodes.InvalidField, $"time_zone: {zone} is no IANA time zone, such as Europe/Paris.", Field: "time_zone"));
        if (!follows && Gone(payload) is { } gone) return new ReadTransaction(payload, gone);

        return Prove(body, issued).TryGet(out var verified, out refusal) ? new ReadTransaction(payload, null, verified) : new ReadTransaction(payload, refusal);
    }

    // Asked of those who write, never of a block: nodes with different time zone data, or with none, must agree on the chain.
    private static bool IsKnown(string timeZone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _) || !TimeZoneInfo.TryFindSystemTimeZoneById("Europe/Paris", out _);

    // A conflict that no signature can change costs no signature check: in a hot sale most buyers come too late. A buyer who may be asking again
    // about a purchase of their own is not answered here: that one is told how it ended.
    private Refusal? Gone(Payload payload)
    {
        if (payload.Operation is not PurchaseTicket purchase || payload.ChainId != _node.Spec.ChainId) return null;

        // Most tickets that are asked for can be had: those need no newer state than there is.
        if (!IsGone(_node.Recent, purchase.Ticket, payload.Sender, out _) || !IsGone(_node.Snapshot, purchase.Ticket, payload.Sender, out var ticket)) return null;
        if (_node.MayKnow(payload) && _node.FindTransaction(payload.Id) is not null) return null;

        return new Refusal(RefusalCodes.TicketNotAvailable, $"Ticket {purchase.Ticket} is not for sale; its status is {ticket.Status.ToString().ToLowerInvariant()}.");
    }

    private static bool IsGone(NodeSnapshot snapshot, in TicketId id, in Address sender, [NotNullWhen(true)] out Ticket? ticket) =>
        snapshot.Pending.State.Tickets.TryGet(id, out ticket) && ticket.Price is null && ticket.Owner != sender;

    private Verdict<VerifiedTransaction> Prove(SignedPayload body, IReadOnlyDictionary<TicketId, EventId>? issued)
    {
        var payload = body.Payload;
        if (body.Hmac is null) return Verify(payload, body.Signatures ?? []);
        if (body.Signatures is { } && payload.Operation is not SellTicket)
            return new Refusal(RefusalCodes.InvalidField, "hmac, signatures: give exactly one of them.", Field: "hmac");
        if (body.Signatures is { Count: > 1 })
            return new Refusal(RefusalCodes.InvalidField, "signatures: beside the seller's hmac only the event's signature is expected.", Field: "signatures");
        if (!_node.Accounts.Countersign(payload.Sender, payload.Canonical.Span, body.Hmac, payload.Id).TryGet(out var signed, out var refusal)) return refusal;

        var own = new TransactionSignature(SignatureScheme.P256, signed.PublicKey, signed.Signature);
        if (body.Signatures is { } others) return _node.Verifier.Verify(new Transaction(payload, [own, others[0]]));
        if (payload.Operation is SellTicket sale && EventKeyOf(sale, issued) is { } eventKey && eventKey != payload.Sender
            && _node.Accounts.Sign(eventKey, payload.Id).TryGet(out var second, out _))
            return TransactionVerifier.Restore(new Transaction(payload, [own, new TransactionSignature(SignatureScheme.P256, second.PublicKey, second.Signature)]));

        // Evidence holds signatures of somebody else beside the one just made.
        var transaction = new Transaction(payload, [own]);
        return payload.Operation is Report ? _node.Verifier.Verify(transaction) : TransactionVerifier.Restore(transaction);
    }

    // Who sells and has the event's key may sign as both. One signature is enough, and a block takes no second by the same key: it is checked and left out.
    private Verdict<VerifiedTransaction> Verify(Payload payload, EquatableArray<TransactionSignature> signatures)
    {
        if (payload.Operation is SellTicket && signatures is [var one, var other] && one.Key == other.Key)
        {
            if (_node.Verifier.Verify(other, payload.Id).Refusal is { } wrong) return wrong;

            signatures = [one];
        }

        return _node.Verifier.Verify(new Transaction(payload, signatures));
    }

    // The key that the organiser lets this node sign sales with; null when there is none.
    private Address? EventKeyOf(SellTicket sale, IReadOnlyDictionary<TicketId, EventId>? issued)
    {
        var state = _node.Snapshot.Pending.State;
        EventId id;
        if (state.Tickets.Find(sale.Ticket) is { } ticket) id = ticket.Event;
        else if (issued is null || !issued.TryGetValue(sale.Ticket, out id)) return null;

        return delegations.IsEnabled(id) ? state.Events.Find(id)?.EventKey : null;
    }
}

/// <summary>What reading a transaction gave.</summary>
/// <param name="Payload">The payload, when it could be read.</param>
/// <param name="Refusal">Why it was refused; null when it is verified.</param>
/// <param name="Transaction">The verified transaction.</param>
public readonly record struct ReadTransaction(Payload? Payload, Refusal? Refusal, VerifiedTransaction? Transaction = null);
