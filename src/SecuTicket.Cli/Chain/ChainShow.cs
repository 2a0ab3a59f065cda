using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain show</c></summary>
internal static class ChainShow
{
    private const int Shown = 20;
    private static readonly string[] Headings = ["index", "hash", "time", "difficulty", "sealer"];
    private static readonly string[] TransactionHeadings = ["transaction_id", "type", "sender"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var block = new Argument<string?>("block") { Description = "A block's index or hash; the latest blocks when left out.", Arity = ArgumentArity.ZeroOrOne };
        return tool.Read(
            "show",
            $"Show the latest {Shown} blocks, or one block and what is in it.",
            [block],
            run => run.Get(block) is { } id ? $"/chain/blocks/{Uri.EscapeDataString(id)}" : $"/chain/headers?limit={Shown}",
            (run, json) =>
            {
                if (run.Get(block) is not null) ShowBlock(run, json);
                else ShowHeaders(run, json);
            });
    }

    private static void ShowHeaders(Run run, JsonElement json)
    {
        run.Printer.Fields(("length", json.Number("length").ToString()), ("weight", json.Text("weight")), ("tip", json.Text("tip")));
        run.Printer.Table(Headings, [.. json.Items("headers").Select(header => new[]
        {
            header.Number("index").ToString(), header.Text("hash"), header.Text("timestamp"), header.Number("difficulty").ToString(), header.Text("sealer"),
        })]);
    }

    private static void ShowBlock(Run run, JsonElement json)
    {
        run.Printer.Fields(
            ("index", json.Number("index").ToString()),
            ("hash", json.Text("hash")),
            ("previous_hash", json.Text("previous_hash")),
            ("time", json.Text("timestamp")),
            ("difficulty", json.Number("difficulty").ToString()),
            ("sealer", json.Text("sealer")));
        run.Printer.Table(TransactionHeadings, [.. json.Items("transactions").Select(one => new[]
        {
            one.Text("transaction_id"), one.Field("payload").Text("type"), one.Field("payload").OptionalText("sender") ?? string.Empty,
        })]);
    }
}
