using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Gate;

/// <summary>The tickets of an event as a gate without a network knows them: an immutable value with look-up in constant time.</summary>
/// <remarks>
/// A gate keeps the answers of <c>GET /gate/roster</c> as they came: a full one and the changes after it. Each is signed for itself; <see cref="With"/> puts
/// them together, and only where the changes start from the very block that the roster before is fresh to. A gate whose block is no longer on the node's
/// branch so never mixes two branches: it is given, or must ask for, a full one.
/// </remarks>
public sealed class GateRoster
{
    private readonly Dictionary<TicketId, RosterEntry> _entries;

    internal GateRoster(RosterHead head, Dictionary<TicketId, RosterEntry> entries)
    {
        Head = head;
        _entries = entries;
    }

    /// <summary>What it says beside its entries.</summary>
    public RosterHead Head { get; }

    /// <summary>Tickets in it.</summary>
    public int Count => _entries.Count;

    /// <summary>Its tickets, in no order that means anything.</summary>
    public IReadOnlyCollection<RosterEntry> Entries => _entries.Values;

    /// <summary>Reads and checks the bytes of an answer.</summary>
    /// <param name="utf8">The answer, exactly as it came.</param>
    /// <param name="source">Whose roster of what is expected.</param>
    /// <param name="verifier">Checks the signature.</param>
    /// <returns>The roster; <c>roster_malformed</c>, <c>wrong_chain</c>, <c>wrong_event</c>, <c>wrong_node</c> or <c>signature_invalid</c>, in this order.</returns>
    public static Verdict<GateRoster> Read(ReadOnlySpan<byte> utf8, RosterSource source, TransactionVerifier verifier)
    {
        if (!new RosterReader(utf8).Read(out var signature, out var digest).TryGet(out var roster, out var refusal)) return refusal;

        var head = roster.Head;
        if (head.ChainId != source.ChainId) return new Refusal(RefusalCodes.WrongChain, $"The roster is of chain {head.ChainId}, expected {source.ChainId}.");
        if (head.Event.Id != source.Event) return new Refusal(GateRefusals.WrongEvent, $"The roster is of event {head.Event.Id}, expected {source.Event}.");
        if (head.Node != source.Node) return new Refusal(GateRefusals.WrongNode, $"The roster is by node {head.Node}, expected {source.Node}.");
        if (Address.Of(signature.Key) != head.Node || !verifier.VerifyDigest(signature.Key, digest, signature.Value))
            return new Refusal(RefusalCodes.SignatureInvalid, $"The roster's signature is not one of these bytes by node {head.Node}: something in it was changed, or it is another's.");

        return roster;
    }

    /// <summary>What is known of a ticket; null when it is not in it.</summary>
    public RosterEntry? Find(in TicketId ticket) => _entries.TryGetValue(ticket, out var entry) ? entry : null;

    /// <summary>This roster with a newer answer applied: a full one replaces it, changes must start from it.</summary>
    /// <returns>The next roster, full; <c>wrong_chain</c>, <c>wrong_event</c>, or <c>roster_mismatch</c> when the changes start elsewhere or this is none to apply them to.</returns>
    public Verdict<GateRoster> With(GateRoster next)
    {
        if (next.Head.ChainId != Head.ChainId) return new Refusal(RefusalCodes.WrongChain, $"The roster is of chain {next.Head.ChainId}, expected {Head.ChainId}.");
        if (next.Head.Event.Id != Head.Event.Id) return new Refusal(GateRefusals.WrongEvent, $"The roster is of event {next.Head.Event.Id}, expected {Head.Event.Id}.");
        if (next.Head.Since is not { } since) return next;
        if (!Head.IsFull || since != Head.At)
        {
            return new Refusal(
                GateRefusals.RosterMismatch,
                $"The changes start from block {since.Version} ({since.Tip}), the roster at hand is {(Head.IsFull ? "fresh to" : "itself only changes up to")} block {Head.At.Version} ({Head.At.Tip}): get a full roster.");
        }

        var entries = new Dictionary<TicketId, RosterEntry>(_entries);
        foreach (var (ticket, entry) in next._entries) entries[ticket] = entry;
        return new GateRoster(next.Head with { Since = null }, entries);
    }
}
