using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Web.Sale;

/// <summary>An event as it is shown to those who may come.</summary>
/// <param name="Id">The event.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="Next">Index of its next session; of the last one when all are over.</param>
/// <param name="IsUpcoming">Whether that is still to come.</param>
/// <param name="Unsold">Tickets that the organiser has.</param>
/// <param name="Issued">Tickets issued.</param>
/// <param name="HasOffers">Whether holders offer any.</param>
/// <param name="Lowest">The lowest face price, in minor units; null without tickets.</param>
/// <param name="Highest">The highest.</param>
/// <param name="Organiser">Who the organiser is.</param>
public sealed record ShownEvent(EventId Id, EventTerms Terms, int Next, bool IsUpcoming, int Unsold, int Issued, bool HasOffers, long? Lowest, long? Highest, CertificateStanding Organiser)
{
    /// <summary>Its next session.</summary>
    public Session Session => Terms.Sessions[Next];

    /// <summary>Whether the organiser has none left.</summary>
    public bool IsSoldOut => Issued > 0 && Unsold == 0;

    /// <summary>An event as it is now.</summary>
    public static ShownEvent Of(LedgerState ledger, EventTerms terms, CertificateStanding organiser, SessionTimes times, DateTimeOffset now)
    {
        var id = terms.Id;
        var tally = ledger.TallyOf(id);
        var prices = ledger.FacePrices.Find(id);
        var next = times.NextOf(terms, now);
        return new ShownEvent(
            id,
            terms,
            next.Index,
            next.IsUpcoming(now),
            tally.Issued - tally.Sold - tally.Revoked,
            tally.Issued,
            ledger.TicketsOf(id, session: null, TicketStatus.Listed).Any(),
            prices?.Select(static price => (long?)price.Key.Value).FirstOrDefault(),
            prices?.Last?.Key.Value,
            organiser);
    }
}
