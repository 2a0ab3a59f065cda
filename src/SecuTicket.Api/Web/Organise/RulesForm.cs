using System.Globalization;
using System.Text.Json.Nodes;
using SecuTicket.Api.Events;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>What holders may do, as it is typed.</summary>
public sealed class RulesForm
{
    /// <summary>Most resales of one ticket that can be asked for here; a rule of more bounds nobody.</summary>
    public const int MaxResales = 1_000;

    /// <summary>The modes of resale, in the words of the contract.</summary>
    public static readonly string[] Modes = ["forbidden", "face_value", "capped", "free"];

    // A field has minutes. What still has its text is the moment that it was, seconds and all: a later one could be worse for holders, and so could an earlier one.
    private (string Text, long? Seconds)[] _known = [(string.Empty, null), (string.Empty, null), (string.Empty, null)];

    /// <summary>Whether a ticket may be given away.</summary>
    public bool Transfer { get; set; } = true;

    /// <summary>One of <see cref="Modes"/>.</summary>
    public string Mode { get; set; } = "capped";

    /// <summary>The cap of <c>capped</c>, percent of face price.</summary>
    public string MaxPrice { get; set; } = "110";

    /// <summary>Percent of the price that is taken of a resale.</summary>
    public string Commission { get; set; } = "5";

    /// <summary>Who gets that; empty for the organiser.</summary>
    public string CommissionTo { get; set; } = string.Empty;

    /// <summary>How often one ticket may be resold; empty for any number.</summary>
    public string Resales { get; set; } = string.Empty;

    /// <summary>The only ones who may list tickets, one a line; empty for anyone.</summary>
    public string Resellers { get; set; } = string.Empty;

    /// <summary>From when tickets may be resold, by the browser's clock; empty for always.</summary>
    public string OpensAt { get; set; } = string.Empty;

    /// <summary>Until when; empty for always.</summary>
    public string ClosesAt { get; set; } = string.Empty;

    /// <summary>Percent of the face price that a returned ticket's holder gets back.</summary>
    public string Refund { get; set; } = "100";

    /// <summary>Until when tickets may be given back; empty for always.</summary>
    public string ReturnUntil { get; set; } = string.Empty;

    /// <summary>Every moment that was typed.</summary>
    public string[] Moments => [OpensAt, ClosesAt, ReturnUntil];

    /// <summary>Shows the rules of an event.</summary>
    /// <param name="terms">The event's.</param>
    /// <param name="moments">Its opening, its end and the end of returns, by the browser's clock.</param>
    public void Show(EventTerms terms, IReadOnlyList<string> moments)
    {
        var rules = terms.Resale;
        (Transfer, Mode) = (rules.TransferAllowed, ResaleContract.WordOf(rules.Mode));
        (MaxPrice, Commission, Refund) = (TextOf(rules.MaxPricePercent), TextOf(rules.CommissionPercent), TextOf(rules.RefundPercent));
        (CommissionTo, Resales) = (rules.CommissionTo?.ToString() ?? string.Empty, rules.MaxResales is { } most ? TextOf(most) : string.Empty);
        Resellers = rules.Resellers is { } resellers ? string.Join('\n', resellers) : string.Empty;
        (OpensAt, ClosesAt, ReturnUntil) = (moments[0], moments[1], moments[2]);
        _known = [(moments[0], rules.OpensAt), (moments[1], rules.ClosesAt), (moments[2], rules.ReturnUntil)];
    }

    /// <summary>The rules, as far as they are typed right: for a preview.</summary>
    public ResaleRules Preview() => new(
        Transfer, ModeOf(Mode), PercentOf(MaxPrice, ResaleRules.MaxPercent), PercentOf(Commission, 100), null, null,
        int.TryParse(Resales, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null, null, null, PercentOf(Refund, ResaleRules.MaxPercent), null);

    /// <summary>The rules. Of use only when <paramref name="typed"/> found nothing wrong.</summary>
    /// <param name="typed">Notes what is wrong.</param>
    /// <param name="moments">Unix seconds of the moments that were typed.</param>
    public ResaleRules Read(Typed typed, FormMoments moments)
    {
        var (maxPrice, commission) = (typed.Number("resale.max_price_percent", MaxPrice, 0, ResaleRules.MaxPercent), typed.Number("resale.commission_percent", Commission, 0, 100));
        var (refund, resales) = (typed.Number("resale.return.refund_percent", Refund, 0, ResaleRules.MaxPercent), typed.OptionalNumber("resale.max_resales", Resales, 0, MaxResales));
        Address? commissionTo = null;
        if (CommissionTo.Trim() is { Length: > 0 } to)
        {
            if (Address.TryParse(to, out var account)) commissionTo = account;
            else typed.Refuse("resale.commission_to", "fault.account", to.Length > 60 ? to[..60] + "…" : to);
        }

        var resellers = typed.Accounts("resale.resellers", Resellers);
        var (opens, closes) = (MomentOf(0, "resale.opens_at", OpensAt), MomentOf(1, "resale.closes_at", ClosesAt));
        if (closes < opens) typed.Refuse("resale.closes_at", "fault.closes");
        return new ResaleRules(
            Transfer, ModeOf(Mode), maxPrice, commission, commissionTo, resellers.Count > 0 ? [.. resellers] : null, resales, opens, closes, refund, MomentOf(2, "resale.return.until", ReturnUntil));

        long? MomentOf(int index, string field, string text) => text == _known[index].Text ? _known[index].Seconds : moments.Read(typed, field, text);
    }

    /// <summary>Rules as the payload's <c>resale</c>.</summary>
    public static JsonObject JsonOf(ResaleRules rules)
    {
        var fields = new JsonObject
        {
            ["transfer"] = rules.TransferAllowed ? "allowed" : "forbidden",
            ["resale"] = Modes[(int)rules.Mode],
            ["max_price_percent"] = rules.MaxPricePercent,
            ["commission_percent"] = rules.CommissionPercent,
            ["return"] = new JsonObject { ["refund_percent"] = rules.RefundPercent },
        };
        if (rules.MaxResales is { } most) fields["max_resales"] = most;
        if (rules.CommissionTo is { } to) fields["commission_to"] = to.ToString();
        if (rules.Resellers is { } resellers) fields["resellers"] = Typed.Json(resellers);
        if (rules.OpensAt is { } from) fields["opens_at"] = from;
        if (rules.ClosesAt is { } until) fields["closes_at"] = until;
        if (rules.ReturnUntil is { } end) fields["return"]!["until"] = end;
        return fields;
    }

    private static ResaleMode ModeOf(string word) => (ResaleMode)Math.Max(0, Array.IndexOf(Modes, word));

    private static int PercentOf(string text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? Math.Min(percent, most) : 0;

    private static string TextOf(int number) => number.ToString(CultureInfo.InvariantCulture);
}
