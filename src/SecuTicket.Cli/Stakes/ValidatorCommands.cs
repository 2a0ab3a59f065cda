using System.CommandLine;
using System.Globalization;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Stakes;

/// <summary><c>secuticket validators …</c></summary>
internal static class ValidatorCommands
{
    private static readonly string[] Validators = ["address", "stake", "share", "chance", "unbonding", "forged", "missed", "slashed"];
    private static readonly string[] Turns = ["slot", "starts_at", "forger", "certain"];

    /// <summary>The commands.</summary>
    public static Command Build(Tool tool)
    {
        var pages = new PageOptions();
        var list = tool.Read("validators", "List who makes the blocks of a chain of proof of stake.", pages.All, run => pages.Of(run, "/validators"), static (run, json) => PageOptions.Show(run, json, Validators, one =>
        [
            one.Text("address"),
            one.Number("stake").ToString(CultureInfo.InvariantCulture),
            Fraction(one, "share"),
            Fraction(one, "chance"),
            one.Number("unbonding").ToString(CultureInfo.InvariantCulture),
            one.Number("forged").ToString(CultureInfo.InvariantCulture),
            one.Number("missed").ToString(CultureInfo.InvariantCulture),
            one.Number("slashed").ToString(CultureInfo.InvariantCulture),
        ]));
        list.Add(Schedule(tool));
        return list;
    }

    private static Command Schedule(Tool tool)
    {
        var slots = Symbols.Amount("--slots", "How many, 1 to 1000; 20 when left out.");
        return tool.Read(
            "schedule",
            "Show whose turn the next slots are. Certain is only the one right after the tip's: each block brings a new seed.",
            [slots],
            run => run.Get(slots) is { } count ? $"/validators/schedule?slots={count}" : "/validators/schedule",
            static (run, json) => run.Printer.Table(Turns, [.. json.Items("items").Select(static turn => new[]
            {
                turn.Number("slot").ToString(CultureInfo.InvariantCulture),
                turn.Text("starts_at"),
                turn.Text("forger"),
                turn.Optional("empty") is not null ? "empty" : turn.Flag("certain") ? "yes" : "no",
            })]));
    }

    private static string Fraction(System.Text.Json.JsonElement json, string name) => json.Optional(name) is { ValueKind: System.Text.Json.JsonValueKind.Number } number ? number.GetRawText() : string.Empty;
}
