using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Accounts;
using SecuTicket.Cli.Client;

namespace SecuTicket.Cli.Certificates;

/// <summary><c>secuticket certificate show</c></summary>
internal static class CertificateShow
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var account = Symbols.Account();
        return tool.Command("show", "Show who an organiser is, as far as the node can tell.", [account], async (run, cancellation) =>
        {
            if (!AccountShow.Named(run, run.Get(account)).TryGet(out var address, out var refusal)) return run.Fail(refusal);
            if (!run.Connect().TryGet(out var client, out refusal)) return run.Fail(refusal);

            return run.Answer(await client.GetAsync($"/organisers/{address}/certificate", cancellation), answer => Show(run, answer.Json));
        });
    }

    /// <summary>Shows what a node says of a certificate.</summary>
    public static void Show(Run run, JsonElement json) => run.Printer.Fields(
        ("status", json.Text("status")),
        ("name", json.OptionalText("name")),
        ("issuer", json.OptionalText("issuer")),
        ("not_after", json.OptionalText("not_after")),
        ("detail", json.OptionalText("detail")));
}
