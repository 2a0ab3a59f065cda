using System.CommandLine;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event …</c></summary>
internal static class EventCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "event",
        "Events: what an organiser sells tickets for, and the rules those are sold under.",
        EventCreate.Build(tool),
        EventShow.Build(tool),
        EventList.Build(tool),
        EventTickets.Build(tool),
        EventUpdate.Build(tool),
        EventCancel.Build(tool),
        EventStats.Build(tool),
        EventReport.Build(tool),
        EventPublic.Build(tool),
        EventMessage.Build(tool));
}
