using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Events;

/// <summary>An option for every field of <c>resale</c>.</summary>
internal sealed class ResaleOptions
{
    private readonly Option<string?> _transfer = Word("--transfer", "Whether tickets may be given: allowed (default) or forbidden.", "allowed", "forbidden");
    private readonly Option<string?> _resale = Word("--resale", "At which price they may be resold: forbidden, face_value (default), capped or free.", "forbidden", "face_value", "capped", "free");
    private readonly Option<long?> _maxPrice = Symbols.Amount("--max-price-percent", "The cap of --resale capped, in percent of the face price.");
    private readonly Option<long?> _commission = Symbols.Amount("--commission-percent", "What is taken of a resale, in percent of the price paid.");
    private readonly Option<string?> _commissionTo = Symbols.Address("--commission-to", "Who gets the commission; the organiser when left out.");
    private readonly Option<string[]> _resellers = Symbols.Addresses("--reseller", "The only accounts that may resell; anyone when left out.");
    private readonly Option<long?> _maxResales = Symbols.Amount("--max-resales", "How often a ticket may be resold.");
    private readonly Option<long?> _opensAt = Symbols.Moment("--resale-opens-at", "From when tickets may be resold.");
    private readonly Option<long?> _closesAt = Symbols.Moment("--resale-closes-at", "Until when tickets may be resold.");
    private readonly Option<long?> _refund = Symbols.Amount("--refund-percent", "What a returned ticket gives back, in percent of the face price; 100 when left out.");
    private readonly Option<long?> _refundUntil = Symbols.Moment("--refund-until", "Until when tickets may be returned.");

    /// <summary>All of them.</summary>
    public IEnumerable<Symbol> All => [_transfer, _resale, _maxPrice, _commission, _commissionTo, _resellers, _maxResales, _opensAt, _closesAt, _refund, _refundUntil];

    /// <summary>The fields that were given, the others as they are in <paramref name="present"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="present">The rules so far, as a node shows them; undefined for a new event.</param>
    public PayloadFields Of(Run run, JsonElement present)
    {
        var returning = present.Optional("return") ?? default;
        return new PayloadFields
        {
            { "transfer", run.Get(_transfer) ?? present.OptionalText("transfer") },
            { "resale", run.Get(_resale) ?? present.OptionalText("resale") },
            { "max_price_percent", run.Get(_maxPrice) ?? present.OptionalNumber("max_price_percent") },
            { "commission_percent", run.Get(_commission) ?? present.OptionalNumber("commission_percent") },
            { "commission_to", run.Get(_commissionTo) ?? present.OptionalText("commission_to") },
            { "resellers", run.Get(_resellers) is { Length: > 0 } given ? given : Texts(present, "resellers") },
            { "max_resales", run.Get(_maxResales) ?? present.OptionalNumber("max_resales") },
            { "opens_at", run.Get(_opensAt) ?? present.OptionalNumber("opens_at") },
            { "closes_at", run.Get(_closesAt) ?? present.OptionalNumber("closes_at") },
            {
                "return", new PayloadFields
                {
                    { "refund_percent", run.Get(_refund) ?? returning.OptionalNumber("refund_percent") },
                    { "until", run.Get(_refundUntil) ?? returning.OptionalNumber("until") },
                }
            },
        };
    }

    /// <summary>Whether any was given.</summary>
    public bool AnyGiven(Run run) => Of(run, default).Count > 0;

    private static string[]? Texts(JsonElement present, string name) =>
        present.Optional(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? string.Empty)] : null;

    private static Option<string?> Word(string name, string description, params string[] words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = string.Join('|', words) };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
