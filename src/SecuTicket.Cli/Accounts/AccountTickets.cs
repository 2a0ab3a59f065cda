using System.CommandLine;
using SecuTicket.Cli.Tickets;

namespace SecuTicket.Cli.Accounts;

/// <summary><c>secuticket tickets</c></summary>
internal static class AccountTickets
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var account = Symbols.Account();
        var pages = new PageOptions();
        return tool.Command("tickets", "List the tickets that an account holds.", [account, .. pages.All], async (run, cancellation) =>
        {
            if (!AccountShow.Named(run, run.Get(account)).TryGet(out var address, out var refusal)) return run.Fail(refusal);
            if (!run.Connect().TryGet(out var client, out refusal)) return run.Fail(refusal);

            return run.Answer(await client.GetAsync(pages.Of(run, $"/accounts/{address}/tickets"), cancellation), answer => TicketTable.Show(run, answer.Json));
        });
    }
}
