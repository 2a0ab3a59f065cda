using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger;

/// <summary>One line of a ticket's history.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="Type">The operation that changed it.</param>
/// <param name="Status">Its status after it.</param>
/// <param name="From">Who had it before; null on issue.</param>
/// <param name="To">Who has it after.</param>
/// <param name="Price">What was paid, asked, refunded or set as face price, in minor units; null where no price is part of it.</param>
public sealed record TicketChange(TicketId Ticket, string Type, TicketStatus Status, Address? From, Address To, long? Price);

/// <summary>What one transaction changed, for those who keep histories.</summary>
/// <param name="Changes">The tickets it changed, in order.</param>
/// <param name="Parties">The accounts that sent it or whose money or tickets it changed, each once, the sender first.</param>
public sealed record TransactionEffects(EquatableArray<TicketChange> Changes, EquatableArray<Address> Parties)
{
    /// <summary>The resale that it completed; null when it completed none.</summary>
    public Resale? Resale { get; init; }
}

/// <summary>A ticket bought from its holder.</summary>
/// <param name="Event">The event.</param>
/// <param name="Price">What the buyer paid, commission included, in minor units.</param>
/// <param name="FacePrice">The ticket's face price, in minor units.</param>
public sealed record Resale(EventId Event, long Price, long FacePrice);

/// <summary>What applying one transaction gave.</summary>
/// <param name="State">The ledger after it.</param>
/// <param name="Effects">What it changed.</param>
public sealed record TransactionOutcome(LedgerState State, TransactionEffects Effects);
