using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event report</c></summary>
internal static class EventReport
{
    private static readonly string[] Headings = ["ticket_id", "gate", "at", "receipt"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        var command = tool.Ask(
            "report",
            "Show what the gates did, and which tickets were let in at two of them (the organiser's wallet).",
            [id],
            async (run, client, wallet, cancellation) => run.Answer(
                await client.SendSignedAsync(wallet, HttpMethod.Get, $"/events/{run.Get(id)}/gate-report", default, cancellation),
                answer => Show(run, answer.Json)));
        command.Aliases.Add("gate-report");
        return command;
    }

    private static void Show(Run run, JsonElement json)
    {
        var conflicts = json.Items("conflicts").ToArray();
        run.Printer.Fields(("admitted", json.Number("admitted").ToString()), ("refused", json.Number("refused").ToString()), ("conflicts", conflicts.Length.ToString()));
        if (conflicts.Length == 0) return;

        run.Printer.Table(Headings, [.. conflicts.SelectMany(conflict => conflict.Items("admissions").Select(admission => new[]
        {
            conflict.Text("ticket_id"),
            admission.Text("gate"),
            At(admission.Field("at")),
            admission.OptionalText("receipt") ?? string.Empty,
        }))]);
    }

    private static string At(JsonElement at) => at.ValueKind == JsonValueKind.Number && at.TryGetInt64(out var seconds) ? MomentText.Of(seconds) : at.ToString();
}
