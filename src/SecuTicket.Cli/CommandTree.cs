using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SecuTicket.Cli.Accounts;
using SecuTicket.Cli.Certificates;
using SecuTicket.Cli.Chain;
using SecuTicket.Cli.Completion;
using SecuTicket.Cli.Events;
using SecuTicket.Cli.Gates;
using SecuTicket.Cli.Identity;
using SecuTicket.Cli.Nodes;
using SecuTicket.Cli.Stakes;
using SecuTicket.Cli.Tickets;
using SecuTicket.Cli.Wallets;

namespace SecuTicket.Cli;

/// <summary>The whole command line: one line for each domain.</summary>
internal static class CommandTree
{
    /// <summary>Longest the tool tidies up after an interruption before the process ends.</summary>
    private static readonly TimeSpan InterruptionTime = TimeSpan.FromSeconds(2);

    /// <summary>All commands.</summary>
    public static RootCommand Build(Surroundings surroundings)
    {
        var tool = new Tool(surroundings);
        var root = new RootCommand($"A wallet for tickets and an operator's tool for SecuTicket nodes. It signs on this machine: no key and no passphrase ever leaves it.\n\n{ExitCode.Legend}");
        tool.Globals.AddTo(root);
        root.Add(WalletCommands.Build(tool));
        root.Add(AccountShow.Build(tool));
        root.Add(AccountTickets.Build(tool));
        root.Add(TopUp.Build(tool));
        root.Add(EventCommands.Build(tool));
        root.Add(TicketCommands.Build(tool));
        root.Add(IdentityCommands.Build(tool));
        root.Add(ContactCommands.Build(tool));
        root.Add(Messages.Build(tool));
        root.Add(CertificateCommands.Build(tool));
        root.Add(TransactionShow.Build(tool));
        root.Add(ChainCommands.Build(tool));
        root.Add(VerifyCommand.Build(tool));
        root.Add(Mine.Build(tool));
        root.Add(StakePut.Build(tool));
        root.Add(StakeTakeOut.Build(tool));
        root.Add(ValidatorCommands.Build(tool));
        root.Add(OffenceReport.Build(tool));
        root.Add(ForgingKeyCommands.Build(tool));
        root.Add(GateCommands.Build(tool));
        root.Add(NodeCommands.Build(tool));
        root.Add(CompletionCommand.Build(tool));
        return root;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, Surroundings surroundings)
    {
        var parsed = Build(surroundings).Parse(arguments);
        await using var output = new StreamWriter(surroundings.Output, leaveOpen: true);
        var invocation = new InvocationConfiguration { Output = output, Error = surroundings.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = InterruptionTime };
        if (parsed.Action is ParseErrorAction wrong)
        {
            // On standard output a script expects an answer or nothing.
            invocation.Output = surroundings.Error;
            wrong.ShowHelp = false;
            await parsed.InvokeAsync(invocation);
            await surroundings.Error.WriteLineAsync($"See: {PathOf(parsed.CommandResult)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(invocation);
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "secuticket";
}
