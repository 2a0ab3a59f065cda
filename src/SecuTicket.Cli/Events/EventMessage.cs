using System.CommandLine;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Events;

/// <summary><c>secuticket event message</c></summary>
internal static class EventMessage
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.Event();
        var subject = Symbols.Text("--subject", "What it is about.", "SUBJECT", isRequired: true);
        var text = Symbols.Text("--text", "What it says.", "TEXT", isRequired: true);
        return tool.Ask(
            "message",
            "Write to the holders who opted in, without learning who they are (the organiser's wallet).",
            [id, subject, text],
            async (run, client, wallet, cancellation) =>
            {
                var body = CanonicalJson.Write(JsonValue.Object(new PayloadFields { { "subject", run.Get(subject) }, { "text", run.Get(text) } }));
                var answer = await client.SendSignedAsync(wallet, HttpMethod.Post, $"/events/{run.Get(id)}/messages", body, cancellation);
                return run.Answer(answer, _ => run.Printer.Line("The message is left for the holders who opted in."));
            });
    }
}
