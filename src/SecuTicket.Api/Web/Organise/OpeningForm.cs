using SecuTicket.Core.Ledger;

namespace SecuTicket.Api.Web.Organise;

/// <summary>The opening of a sale that is to be changed, as it is typed, and what it would mean.</summary>
public sealed class OpeningForm
{
    /// <summary>What <see cref="MeaningOf"/> says where nothing would change.</summary>
    public const string Same = "opening.same";

    /// <summary>When the sale is to open, by the browser's clock.</summary>
    public string OpensAt { get; set; } = string.Empty;

    /// <summary>The same in unix seconds, as the browser read it; null where it is no moment.</summary>
    public long? Seconds { get; private set; }

    /// <summary>Takes what was typed.</summary>
    /// <param name="typed">By the browser's clock.</param>
    /// <param name="seconds">What the browser read; null where it is no moment.</param>
    public void Type(string typed, long? seconds) => (OpensAt, Seconds) = (typed, seconds);

    /// <summary>Whether an event's sale is open.</summary>
    /// <param name="terms">The event's.</param>
    /// <param name="now">Unix seconds.</param>
    public static bool IsOpen(EventTerms terms, long now) => !(terms.SaleOpensAt > now);

    /// <summary>What the change would mean, as the name of a word; empty where nothing is typed that could be read.</summary>
    /// <param name="terms">The event's.</param>
    /// <param name="now">Unix seconds.</param>
    public string MeaningOf(EventTerms terms, long now) => Seconds switch
    {
        null => string.Empty,
        { } opens when opens == terms.SaleOpensAt => Same,
        { } opens when opens <= now => IsOpen(terms, now) ? "opening.past_open" : "opening.past",
        _ when IsOpen(terms, now) => "opening.pause",
        { } opens => opens < terms.SaleOpensAt ? "opening.earlier" : "opening.later",
    };
}
