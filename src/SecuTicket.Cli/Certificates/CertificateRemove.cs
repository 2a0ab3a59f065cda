using System.CommandLine;

namespace SecuTicket.Cli.Certificates;

/// <summary><c>secuticket certificate remove</c></summary>
internal static class CertificateRemove
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool) => tool.Ask("remove", "Take the certificate off the wallet's address.", [], async (run, client, wallet, cancellation) =>
    {
        var answer = await client.SendSignedAsync(wallet, HttpMethod.Delete, $"/organisers/{wallet.Address}/certificate", default, cancellation);
        return run.Answer(answer, _ => run.Printer.Line($"{wallet.Address} has no certificate any more."));
    });
}
