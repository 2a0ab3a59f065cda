using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event stats</c></summary>
internal static class EventStats
{
    private static readonly string[] Figures =
    [
        "issued", "unsold", "sold", "redeemed", "revoked", "returns", "sales", "revenue", "outside_revenue", "refunds",
        "resales", "resale_volume", "average_resale_premium", "average_resale_premium_percent", "commission",
    ];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        return tool.Read("stats", "Show an event's sales, resales and attendance. They hold nothing about persons.", [id], run => $"/events/{run.Get(id)}/stats", Show);
    }

    private static void Show(Run run, JsonElement json)
    {
        run.Printer.Fields([.. Figures.Select(name => (name, json.OptionalNumber(name)?.ToString()))]);
        var attendance = json.Items("attendance").Select(minute => new[] { minute.Text("minute"), minute.Number("admitted").ToString() }).ToArray();
        if (attendance.Length > 0) run.Printer.Table(["minute", "admitted"], attendance);
    }
}
