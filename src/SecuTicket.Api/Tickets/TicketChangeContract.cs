using System.Text.Json.Serialization;
using SecuTicket.Api.Chain;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tickets;

/// <summary>A line of a ticket's history: what one transaction changed.</summary>
/// <param name="Type">The transaction's type.</param>
/// <param name="Status">The ticket's status after it.</param>
/// <param name="From">Who had it before; null on issue.</param>
/// <param name="To">Who has it after.</param>
/// <param name="Price">What was paid, asked, refunded or set as face price, in minor units; null where no price is part of it.</param>
/// <param name="TransactionId">64 hex digits.</param>
/// <param name="BlockIndex">Index of its block; null while it waits.</param>
/// <param name="At">The block's time, RFC 3339 UTC; null while it waits.</param>
public sealed record TicketChangeContract(
    string Type,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? From,
    string To,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Price,
    string TransactionId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? BlockIndex,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? At)
{
    /// <summary>A change in a block.</summary>
    public static TicketChangeContract Of(StoredTicketChange stored) =>
        Of(stored.Change, stored.TransactionId, stored.Position.BlockIndex, TimeText.OfMilliseconds(stored.BlockTime));

    /// <summary>A change that waits.</summary>
    public static TicketChangeContract Of(TicketChange change, Hash256 transaction) => Of(change, transaction, null, null);

    private static TicketChangeContract Of(TicketChange change, Hash256 transaction, long? blockIndex, string? at) => new(
        change.Type, TicketStatusWords.Of(change.Status), change.From?.ToString(), change.To.ToString(), change.Price, transaction.ToString(), blockIndex, at);
}
