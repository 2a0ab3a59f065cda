using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.World;

/// <summary>A world of which one thing was grown, and what of it is asked for.</summary>
/// <param name="World">The chain, its fans and its event.</param>
/// <param name="Event">The event that is looked at.</param>
/// <param name="Held">Sold tickets and those who have them.</param>
/// <param name="Told">The first tickets of the world, whose histories and proofs are read and which are shown at the gate.</param>
/// <param name="Accounts">Accounts whose coins and tickets are read.</param>
/// <param name="Actors">Accounts whose transactions are read.</param>
/// <param name="ForSale">Tickets of the event that fans can buy.</param>
internal sealed record GrowthSubject(
    TicketWorld World,
    EventId Event,
    IReadOnlyList<(TicketId Ticket, Address Owner)> Held,
    IReadOnlyList<TicketId> Told,
    IReadOnlyList<Address> Accounts,
    IReadOnlyList<Address> Actors,
    IReadOnlyList<TicketId> ForSale);
