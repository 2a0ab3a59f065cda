using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event show</c></summary>
internal static class EventShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        return tool.Read("show", "Show an event and its rules.", [id], run => $"/events/{run.Get(id)}", Show);
    }

    private static void Show(Run run, JsonElement json)
    {
        var rules = json.Field("resale");
        run.Printer.Fields(
            ("event_id", json.Text("id")),
            ("name", json.Text("name")),
            ("venue", json.Text("venue")),
            ("sessions", string.Join(", ", json.Items("sessions").Select((session, i) => $"{i}: {session.Text("date")} {session.Text("time")}"))),
            ("time_zone", json.OptionalText("time_zone")),
            ("organiser", json.Text("organiser")),
            ("organiser_name", json.OptionalText("organiser_name")),
            ("organiser_status", json.OptionalText("organiser_status")),
            ("event_key", json.Text("event_key")),
            ("sellers", Listed(json, "sellers")),
            ("gates", Listed(json, "gates")),
            ("sale_opens_at", Moment(json, "sale_opens_at")),
            ("transfer", rules.Text("transfer")),
            ("resale", rules.Text("resale") == "capped" ? $"capped at {rules.Number("max_price_percent")} % of the face price" : rules.Text("resale")),
            ("commission", $"{rules.Number("commission_percent")} % to {rules.Text("commission_to")}"),
            ("resellers", rules.Optional("resellers") is null ? null : Listed(rules, "resellers")),
            ("max_resales", rules.OptionalNumber("max_resales")?.ToString()),
            ("resale_opens_at", Moment(rules, "opens_at")),
            ("resale_closes_at", Moment(rules, "closes_at")),
            ("refund", $"{rules.Field("return").Number("refund_percent")} %"),
            ("refund_until", Moment(rules.Field("return"), "until")),
            ("cancelled", json.Flag("cancelled") ? "yes" : null),
            ("issued", json.Number("issued").ToString()),
            ("sold", json.Number("sold").ToString()));
    }

    private static string? Listed(JsonElement json, string name) => string.Join(", ", json.Items(name).Select(item => item.GetString())) is { Length: > 0 } list ? list : null;

    private static string? Moment(JsonElement json, string name) => json.OptionalNumber(name) is { } seconds ? MomentText.Of(seconds) : null;
}
