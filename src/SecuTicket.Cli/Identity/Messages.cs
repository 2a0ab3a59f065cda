using System.CommandLine;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket messages</c></summary>
internal static class Messages
{
    private static readonly string[] Headings = ["at", "event_id", "subject", "text"];

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var pages = new PageOptions();
        return tool.Ask("messages", "Read what organisers of your tickets wrote to you.", pages.All, async (run, client, wallet, cancellation) =>
        {
            var answer = await client.SendSignedAsync(wallet, HttpMethod.Get, pages.Of(run, $"/accounts/{wallet.Address}/messages"), default, cancellation);
            return run.Answer(answer, _ => PageOptions.Show(run, answer.Json, Headings, message =>
            [
                message.Optional("at")?.ToString() ?? string.Empty,
                message.OptionalText("event_id") ?? string.Empty,
                message.Text("subject"),
                message.Text("text"),
            ]));
        });
    }
}
