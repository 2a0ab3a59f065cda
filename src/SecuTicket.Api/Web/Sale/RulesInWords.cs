using Microsoft.Extensions.Localization;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Sale;

/// <summary>Says in plain words what holders may do with their tickets.</summary>
/// <param name="words">The words of the sale.</param>
/// <param name="page">How moments are written.</param>
public sealed class RulesInWords(IStringLocalizer<SaleWords> words, PageWords page)
{
    /// <summary>One sentence for each thing that a holder may want to do.</summary>
    public IEnumerable<string> Of(ResaleRules rules)
    {
        yield return words[rules.TransferAllowed ? "rules.give" : "rules.give.no"];
        yield return Resale(rules);
        if (rules.Mode != ResaleMode.Forbidden)
        {
            if (rules.CommissionPercent > 0) yield return words["rules.commission", rules.CommissionPercent];
            if (rules.MaxResales is { } most) yield return words[most == 0 ? "rules.resales.none" : most == 1 ? "rules.resales.one" : "rules.resales", most];
            if (rules.Resellers is { } few) yield return words[few.Count == 0 ? "rules.resellers.none" : few.Count == 1 ? "rules.resellers.one" : "rules.resellers", few.Count];
            if (rules.OpensAt is { } opens) yield return words["rules.opens", MomentOf(opens)];
            if (rules.ClosesAt is { } closes) yield return words["rules.closes", MomentOf(closes)];
        }

        yield return rules.ReturnUntil is { } until ? words["rules.return.until", rules.RefundPercent, MomentOf(until)] : words["rules.return", rules.RefundPercent];
    }

    /// <summary>What a resale may cost.</summary>
    public string Resale(ResaleRules rules) => rules.Mode switch
    {
        ResaleMode.Forbidden => words["rules.resale.no"],
        ResaleMode.FaceValue => words["rules.resale.face"],
        ResaleMode.Capped => words["rules.resale.capped", rules.MaxPricePercent],
        _ => words["rules.resale.free"],
    };

    /// <summary>A moment of a rule, which may be any number of seconds: what a calendar does not reach is written as one.</summary>
    public string MomentOf(long seconds) => seconds is > -62_135_596_800 and < 253_402_300_799
        ? words["rules.moment", page.Moment(DateTimeOffset.FromUnixTimeSeconds(seconds))]
        : words["rules.moment", page.Number(seconds)];
}
