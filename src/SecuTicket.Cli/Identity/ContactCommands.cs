using System.CommandLine;
using System.Text;

namespace SecuTicket.Cli.Identity;

/// <summary><c>secuticket contact …</c></summary>
internal static class ContactCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "contact",
        "Whether organisers of your tickets may write to you. They never learn who you are.",
        Switch(tool, "on", "Let organisers of your tickets write to you.", isOn: true),
        Switch(tool, "off", "Let nobody write to you.", isOn: false));

    private static Command Switch(Tool tool, string name, string description, bool isOn) => tool.Ask(name, description, [], async (run, client, wallet, cancellation) =>
    {
        var body = Encoding.ASCII.GetBytes(isOn ? """{"opt_in":true}""" : """{"opt_in":false}""");
        var answer = await client.SendSignedAsync(wallet, HttpMethod.Put, $"/accounts/{wallet.Address}/contact", body, cancellation);
        return run.Answer(answer, _ => run.Printer.Line(isOn ? "Organisers of your tickets may write to you: secuticket messages." : "Nobody may write to you."));
    });
}
