using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Localization;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Reads what a person typed into fields, with the limits of the contract, and says in words what is wrong.</summary>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="words">Says it.</param>
public sealed class Typed(FormFaults faults, IStringLocalizer<OrganiseWords> words)
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
        else if (length > most) Refuse(field, "fault.long", most, length);
        else if (text.Any(character => char.IsControl(character) && !(lines && character == '\n')) || text.Any(char.IsSurrogate) && !IsWhole(text)) Refuse(field, "fault.signs");
        return text;
    }

    /// <summary>A price, such as <c>50</c> or <c>49.90</c>, in minor units.</summary>
    public long Price(string field, string typed)
    {
        var text = typed.Trim().Replace(',', '.');
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && decimal.Round(price, 2) == price && price <= (decimal)Operation.MaxAmount / MinorUnits)
            return (long)(price * MinorUnits);

        Refuse(field, typed.Trim().Length == 0 ? "fault.empty" : "fault.price");
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
