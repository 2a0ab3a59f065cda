using System.CommandLine;
using System.Text.Json;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event public</c></summary>
internal static class EventPublic
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        return tool.Read("public", "Show what anybody may know of an event: supply, face prices, cap, sold, resales.", [id], run => $"/events/{run.Get(id)}/public", Show);
    }

    // The page grows with time: what it says is shown by the names it has.
    private static void Show(Run run, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new UnreadableAnswerException("The answer is no object.");

        run.Printer.Fields([.. json.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => field.Value.GetString(),
            _ => field.Value.GetRawText(),
        }))]);
    }
}
