using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket messages</c></summary>
internal static class Messages
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var pages = new PageOptions();
        return tool.Ask("messages", "Read what organisers of your tickets wrote to you.", pages.All, async (run, client, wallet, cancellation) =>
        {
            var answer = await client.SendSignedAsync(wallet, HttpMethod.Get, pages.Of(run, $"/accounts/{wallet.Address}/messages"), default, cancellation);
            return run.Answer(answer, _ => Show(run, answer.Json));
        });
    }

    private static void Show(Run run, JsonElement page)
    {
        var messages = page.Items("items").ToArray();
        if (messages.Length == 0) run.Say("There are no messages.");
        foreach (var message in messages)
        {
            run.Printer.Fields(
                ("at", message.Text("at")),
                ("event_id", message.Text("event_id")),
                ("event", message.OptionalText("event_name")),
                ("organiser", message.OptionalText("organiser")),
                ("subject", message.Text("subject")));
            foreach (var line in message.Text("text").Split('\n')) run.Printer.Line(line);
            run.Printer.Line(string.Empty);
        }

        PageOptions.SayMore(run, page);
    }
}
