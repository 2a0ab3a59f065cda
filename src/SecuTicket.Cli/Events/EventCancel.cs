using System.CommandLine;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event cancel</c></summary>
internal static class EventCancel
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        return tool.Write(
            "cancel",
            "Cancel an event: gates refuse its tickets from now on, and holders claim the face price with ticket return.",
            [id],
            (writing, cancellation) => writing.SubmitAsync(
                CancelEvent.TypeName,
                new PayloadFields { { "event_id", writing.Run.Get(id) } },
                $"The event {writing.Run.Get(id)} is cancelled",
                cancellation));
    }
}
