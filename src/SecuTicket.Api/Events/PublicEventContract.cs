using System.Text.Json.Serialization;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Proofs;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Events;

/// <summary>What the public and regulators may know of an event. It names no account and no seat.</summary>
/// <param name="EventId">32 hex digits.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Venue">Where it is.</param>
/// <param name="Sessions">Its performances, in the event's own local time.</param>
/// <param name="Cancelled">Whether the organiser cancelled it.</param>
/// <param name="Supply">Tickets issued, revoked ones included.</param>
/// <param name="Sold">Tickets out of the organiser's hands now.</param>
/// <param name="Revoked">Tickets taken out of circulation.</param>
/// <param name="FacePrices">What tickets cost on issue, lowest first.</param>
/// <param name="FacePricesComplete">False when there are more prices than are shown.</param>
/// <param name="Cap">What bounds the price of a resale.</param>
/// <param name="CommissionPercent">What is taken of a resale, percent of the price paid.</param>
/// <param name="MaxResales">How often one ticket may be resold between two sales by the organiser; null for any number.</param>
/// <param name="Resales">Every completed resale, oldest first.</param>
/// <param name="Tip">Hash of the block up to which this is so, 64 hex digits.</param>
/// <param name="Height">That block's index.</param>
public sealed record PublicEventContract(
    string EventId,
    string Name,
    string Venue,
    IReadOnlyList<SessionContract> Sessions,
    bool Cancelled,
    int Supply,
    int Sold,
    int Revoked,
    IReadOnlyList<FacePriceContract> FacePrices,
    bool FacePricesComplete,
    ResaleCapContract Cap,
    int CommissionPercent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? MaxResales,
    Page<PublicResaleContract> Resales,
    string Tip,
    long Height)
{
    /// <summary>An event at the tip of a chain.</summary>
    public static PublicEventContract Of(in EventId id, EventTerms terms, NodeSnapshot snapshot, Page<PublicResaleContract> resales)
    {
        var tally = snapshot.Chain.Ledger.TallyOf(id);
        var faces = snapshot.Chain.Ledger.FacePrices.Find(id) ?? Trie<Ordinal, int>.Empty;
        return new PublicEventContract(
            id.ToString(),
            terms.Name,
            terms.Venue,
            [.. terms.Sessions.Select(SessionContract.Of)],
            terms.Cancelled,
            tally.Issued,
            tally.Sold,
            tally.Revoked,
            [.. faces.Take(FacePriceContract.Most).Select(static price => new FacePriceContract(price.Key.Value, price.Value))],
            faces.Count <= FacePriceContract.Most,
            ResaleCapContract.Of(terms.Resale),
            terms.Resale.CommissionPercent,
            terms.Resale.MaxResales,
            resales,
            snapshot.Tip.Hash.ToString(),
            snapshot.Tip.Index);
    }
}

/// <summary>A price and how many tickets were issued at it.</summary>
/// <param name="Price">Minor units.</param>
/// <param name="Tickets">How many.</param>
public sealed record FacePriceContract(long Price, int Tickets)
{
    /// <summary>Most different prices that are shown, the lowest first.</summary>
    public const int Most = 200;
}

/// <summary>What bounds the price of a resale.</summary>
/// <param name="Resale"><c>forbidden</c>, <c>face_value</c>, <c>capped</c> or <c>free</c>.</param>
/// <param name="MaxPricePercent">The most, in percent of the face price; null where resale is free or forbidden.</param>
public sealed record ResaleCapContract(string Resale, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? MaxPricePercent)
{
    /// <summary>Unix seconds from which tickets may be resold; absent for always.</summary>
    public long? OpensAt { get; init; }

    /// <summary>Unix seconds until which they may, inclusive; absent for always.</summary>
    public long? ClosesAt { get; init; }

    /// <summary>What rules say of it.</summary>
    public static ResaleCapContract Of(ResaleRules rules) => new(
        ResaleContract.WordOf(rules.Mode),
        rules.Mode switch { ResaleMode.FaceValue => 100, ResaleMode.Capped => rules.MaxPricePercent, _ => null })
    {
        OpensAt = rules.OpensAt,
        ClosesAt = rules.ClosesAt,
    };
}

/// <summary>A completed resale.</summary>
/// <param name="Price">What was paid, commission included, in minor units.</param>
/// <param name="FacePrice">The ticket's face price, in minor units.</param>
/// <param name="Premium">Price less face price; negative at a loss.</param>
/// <param name="At">The block's time, RFC 3339 UTC.</param>
/// <param name="BlockIndex">Index of its block.</param>
/// <param name="TransactionId">The purchase, 64 hex digits.</param>
/// <param name="Proof">That the purchase is in that block.</param>
public sealed record PublicResaleContract(long Price, long FacePrice, long Premium, string At, long BlockIndex, string TransactionId, ResaleProofContract Proof);

/// <summary>Proof that a transaction is in a block, without the transaction: SHA-256(0x00 ‖ transaction id ‖ signatures hash) is the leaf, and the path leads from it to the header's root.</summary>
/// <param name="SignaturesHash">SHA-256 of the transaction's signature list, 64 hex digits.</param>
/// <param name="LeafIndex">Which transaction of the block, from 0.</param>
/// <param name="LeafCount">How many the block has.</param>
/// <param name="MerklePath">From the leaf upwards.</param>
/// <param name="TransactionsRoot">Where it leads, as the block's header says, 64 hex digits.</param>
/// <param name="BlockHash">SHA-256 of that header, 64 hex digits.</param>
public sealed record ResaleProofContract(
    string SignaturesHash, int LeafIndex, int LeafCount, IReadOnlyList<MerkleStepContract> MerklePath, string TransactionsRoot, string BlockHash);
