using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Reads what a person typed into fields, with the limits of the contract, and says in words what is wrong.</summary>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="words">Says it.</param>
public sealed partial class Typed(FormFaults faults, IStringLocalizer<OrganiseWords> words)
{
    private const int MinorUnits = 100;

    private static readonly string[] Separators = ["\n", "\r", " ", ",", ";", "\t"];

    /// <summary>Notes a fault.</summary>
    public void Refuse(string field, string word, params object[] values) => faults.Add(field, words[word, values]);

    /// <summary>A text of 1 to <paramref name="most"/> characters without control characters.</summary>
    public string Text(string field, string typed, int most, bool lines = false)
    {
        var text = typed.Trim();
        var length = text.Length - text.Count(char.IsLowSurrogate);
        if (text.Length == 0) Refuse(field, "fault.empty");
        else if (!Visible.Is(text)) Refuse(field, "fault.unseen");
        else if (length > most) Refuse(field, "fault.long", most, length);
        else if (text.Any(character => char.IsControl(character) && !(lines && character == '\n')) || text.Any(char.IsSurrogate) && !IsWhole(text)) Refuse(field, "fault.signs");
        return text;
    }

    /// <summary>A price, such as <c>50</c>, <c>49.90</c> or <c>1,250.50</c>, in minor units.</summary>
    /// <remarks>Read as <c>priceOf</c> of <c>wallet/forms.js</c> reads it: what is a thousand to those who sell is none to those who buy otherwise.</remarks>
    public long Price(string field, string typed)
    {
        var text = string.Concat(typed.Where(static character => !char.IsWhiteSpace(character) && character is not ('\'' or '’')));
        if (PriceForm().Match(text) is { Success: true } read
            && decimal.TryParse(string.Concat(read.Groups["units"].Value.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            && units <= Operation.MaxAmount / MinorUnits
            && units * MinorUnits + int.Parse(read.Groups["cents"].Value.PadRight(2, '0'), CultureInfo.InvariantCulture) is var price and <= Operation.MaxAmount)
            return (long)price;

        Refuse(field, text.Length == 0 ? "fault.empty" : "fault.price");
        return 0;
    }

    /// <summary>An integer.</summary>
    public int Number(string field, string typed, int least, int most)
    {
        if (int.TryParse(typed.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;

        Refuse(field, typed.Trim().Length == 0 ? "fault.empty" : "fault.number", least, most);
        return least;
    }

    /// <summary>An integer that may be left out.</summary>
    public int? OptionalNumber(string field, string typed, int least, int most) => typed.Trim().Length == 0 ? null : Number(field, typed, least, most);

    /// <summary>Different addresses, one a line.</summary>
    public IReadOnlyList<Address> Accounts(string field, string typed)
    {
        var read = new List<Address>();
        var seen = new HashSet<Address>();
        foreach (var text in typed.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Address.TryParse(text, out var account)) Refuse(field, "fault.account", text.Length > 60 ? text[..60] + "…" : text);
            else if (!seen.Add(account)) Refuse(field, "fault.twice", account);
            else read.Add(account);
        }

        if (read.Count > CreateEvent.MaxAccounts) Refuse(field, "fault.many", CreateEvent.MaxAccounts);
        return read;
    }

    /// <summary>Addresses as the contract takes them.</summary>
    public static JsonArray Json(IEnumerable<Address> accounts) => [.. accounts.Select(static account => JsonValue.Create(account.ToString()))];

    // No group of thousands begins with 0, and no sign stands for both groups and decimals: 0.500 and 1.250.50 may be slips.
    [GeneratedRegex(@"^(?<units>[0-9]+|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?!\.)|(?:,[0-9]{3})+(?!,)))(?:[.,](?<cents>[0-9]{1,2}))?\z")]
    private static partial Regex PriceForm();

    // Half a pair of surrogates has no canonical form, so it can not be signed.
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[++i])) return false;
        }

        return true;
    }
}
