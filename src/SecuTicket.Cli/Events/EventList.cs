using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event list</c></summary>
internal static class EventList
{
    private static readonly string[] Headings = ["event_id", "name", "venue", "first_session", "issued", "sold"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var pages = new PageOptions();
        return tool.Read("list", "List events.", pages.All, run => pages.Of(run, "/events"), (run, json) => PageOptions.Show(run, json, Headings, one =>
        [
            one.Text("id"),
            one.Text("name"),
            one.Text("venue"),
            one.Items("sessions").Select(session => $"{session.Text("date")} {session.Text("time")}").FirstOrDefault() ?? string.Empty,
            one.Number("issued").ToString(),
            one.Number("sold").ToString(),
        ]));
    }
}
