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
    }

    /// <summary>The rules, as far as they are typed right: for a preview.</summary>
    public ResaleRules Preview() => new(
        Transfer, ModeOf(Mode), PercentOf(MaxPrice, ResaleRules.MaxPercent), PercentOf(Commission, 100), null, null,
        int.TryParse(Resales, NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : null, null, null, PercentOf(Refund, ResaleRules.MaxPercent), null);

    /// <summary>The payload's <c>resale</c>. Of use only when <paramref name="typed"/> found nothing wrong.</summary>
    /// <param name="typed">Notes what is wrong.</param>
    /// <param name="moments">Unix seconds of the moments that were typed.</param>
    public JsonObject Read(Typed typed, FormMoments moments)
    {
        var rules = new JsonObject
        {
            ["transfer"] = Transfer ? "allowed" : "forbidden",
            ["resale"] = Modes.Contains(Mode, StringComparer.Ordinal) ? Mode : Modes[0],
            ["max_price_percent"] = typed.Number("resale.max_price_percent", MaxPrice, 0, ResaleRules.MaxPercent),
            ["commission_percent"] = typed.Number("resale.commission_percent", Commission, 0, 100),
            ["return"] = new JsonObject { ["refund_percent"] = typed.Number("resale.return.refund_percent", Refund, 0, ResaleRules.MaxPercent) },
        };
        if (typed.OptionalNumber("resale.max_resales", Resales, 0, MaxResales) is { } most) rules["max_resales"] = most;
        if (CommissionTo.Trim() is { Length: > 0 } to)
        {
            if (Address.TryParse(to, out var account)) rules["commission_to"] = account.ToString();
            else typed.Refuse("resale.commission_to", "fault.account", to.Length > 60 ? to[..60] + "…" : to);
        }

        if (typed.Accounts("resale.resellers", Resellers) is { Count: > 0 } resellers) rules["resellers"] = Typed.Json(resellers);
        var (opens, closes) = (moments.Read(typed, "resale.opens_at", OpensAt), moments.Read(typed, "resale.closes_at", ClosesAt));
        if (opens is { } from) rules["opens_at"] = from;
        if (closes is { } until) rules["closes_at"] = until;
        if (closes < opens) typed.Refuse("resale.closes_at", "fault.closes");
        if (moments.Read(typed, "resale.return.until", ReturnUntil) is { } end) rules["return"]!["until"] = end;
        return rules;
    }

    private static ResaleMode ModeOf(string word) => (ResaleMode)Math.Max(0, Array.IndexOf(Modes, word));

    private static int PercentOf(string text, int most) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? Math.Min(percent, most) : 0;

    private static string TextOf(int number) => number.ToString(CultureInfo.InvariantCulture);
}
