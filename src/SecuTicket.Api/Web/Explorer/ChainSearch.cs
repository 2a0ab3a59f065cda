using SecuTicket.Api.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Explorer;

/// <summary>What a search may find.</summary>
public enum FoundKind
{
    /// <summary>A block, by index or hash.</summary>
    Block,

    /// <summary>A transaction, by id.</summary>
    Transaction,

    /// <summary>An account, by address.</summary>
    Account,

    /// <summary>An event, by id or a part of its name.</summary>
    Event,

    /// <summary>A ticket, by id or seat.</summary>
    Ticket,
}

/// <summary>Something that was found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">How it is called.</param>
/// <param name="Href">Its page.</param>
/// <param name="Of">The event that a ticket is of; null for what is of none.</param>
public sealed record Finding(FoundKind Kind, string Name, string Href, string? Of = null);

/// <summary>What a search gave.</summary>
/// <param name="Found">In the order of <see cref="FoundKind"/>, the newest events first.</param>
/// <param name="IsCut">Whether there is more than is shown.</param>
public sealed record Findings(IReadOnlyList<Finding> Found, bool IsCut);

/// <summary>Finds what a person may have meant, in ids, names and seats.</summary>
/// <remarks>Ids are looked up. Names and seats are looked for in the newest events only, and no more of them than these limits say: there is no index of them, and a search must cost the same on a chain of ten years.</remarks>
/// <param name="node">What is searched.</param>
/// <param name="maxEvents">Events whose names are looked at.</param>
/// <param name="maxSessions">Performances in which a seat is looked for.</param>
internal sealed class ChainSearch(TicketNode node, int maxEvents = ChainSearch.MaxEvents, int maxSessions = ChainSearch.MaxSessions)
{
    /// <summary>Most characters of what is searched for: the longest name of an event.</summary>
    public const int MaxLength = CreateEvent.MaxNameLength;

    /// <summary>Most things shown.</summary>
    public const int MaxFound = 20;

    /// <summary>Events whose names are looked at, by default.</summary>
    public const int MaxEvents = 5_000;

    /// <summary>Performances in which a seat is looked for, by default.</summary>
    public const int MaxSessions = 2_000;

    private readonly NodeSnapshot _snapshot = node.Snapshot;

    /// <summary>Searches.</summary>
    /// <param name="text">What was typed, without white space around it; nothing is found for one that is empty or longer than <see cref="MaxLength"/>.</param>
    public Findings Find(string text)
    {
        if (text.Length is 0 or > MaxLength) return new Findings([], false);

        Finding[] found = [.. ById(text).Concat(ByName(text)).Concat(BySeat(text)).Take(MaxFound + 1)];
        return new Findings(found.Length > MaxFound ? found[..MaxFound] : found, found.Length > MaxFound);
    }

    private IEnumerable<Finding> ById(string text)
    {
        var id = text.ToLowerInvariant();
        if (ChainReader.TryReadIndex(id, out var index) && index <= _snapshot.Tip.Index) yield return new Finding(FoundKind.Block, id, $"/explorer/blocks/{id}");
        if (Hash256.TryParse(id, out var hash))
        {
            if (node.Store.FindIndex(hash) is not null || node.Store.FindBlock(hash) is not null) yield return new Finding(FoundKind.Block, id, $"/explorer/blocks/{id}");
            if (node.FindTransaction(hash) is not null) yield return new Finding(FoundKind.Transaction, id, $"/explorer/transactions/{id}");
        }

        if (Address.TryParse(id, out var address) || Address.TryParse($"0x{id}", out address)) yield return new Finding(FoundKind.Account, address.ToString(), $"/explorer/accounts/{address}");
        if (EventId.TryParse(id, out var eventId) && State.Events.Find(eventId) is { } terms) yield return Of(terms);
        if (TicketId.TryParse(id, out var ticketId) && State.Tickets.Find(ticketId) is { } ticket) yield return Of(ticketId, ticket);
    }

    private IEnumerable<Finding> ByName(string text) => Newest().Take(maxEvents).Where(terms => terms.Name.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(Of);

    // A ticket's id follows from its seat: that is asked for, instead of looking at all tickets.
    private IEnumerable<Finding> BySeat(string text) => text.Length > IssueTickets.MaxSeatLength || !text.All(static character => character is >= ' ' and <= '~')
        ? []
        : from place in Newest().SelectMany(static terms => Enumerable.Range(0, terms.Sessions.Count), static (terms, session) => (terms.Id, Session: session)).Take(maxSessions)
          from seat in new[] { text, text.ToUpperInvariant() }.Distinct(StringComparer.Ordinal)
          let id = IssueTickets.TicketOf(place.Id, place.Session, seat)
          let ticket = State.Tickets.Find(id)
          where ticket is not null
          select Of(id, ticket);

    // With what waits: what somebody just did is what they look for.
    private LedgerState State => _snapshot.Pending.State;

    private IEnumerable<EventTerms> Newest()
    {
        for (var ordinal = State.EventOrder.Last?.Key.Value ?? -1; ordinal >= 0; ordinal--)
        {
            if (State.EventOrder.TryGet(new Ordinal(ordinal), out var id)) yield return State.Events.Find(id)!;
        }
    }

    private static Finding Of(EventTerms terms) => new(FoundKind.Event, terms.Name, $"/explorer/events/{terms.Id}");

    private Finding Of(TicketId id, Ticket ticket) => new(FoundKind.Ticket, ticket.Seat.ToString(), $"/explorer/tickets/{id}", $"{State.Events.Find(ticket.Event)!.Name} · {ticket.Session + 1}");
}
