using System.CommandLine;
using SecuTicket.Cli.Sales;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket …</c></summary>
internal static class TicketCommands
{
    /// <summary>The commands.</summary>
    public static Command Build(Tool tool) => Tool.Group(
        "ticket",
        "Tickets: issue, sell, buy, give, resell, return, show at the gate.",
        TicketShow.Build(tool),
        TicketHistory.Build(tool),
        TicketIssue.Build(tool),
        TicketSell.Build(tool),
        TicketCountersign.Build(tool),
        TicketBuy.Build(tool),
        TicketGive.Build(tool),
        TicketList.Build(tool),
        TicketUnlist.Build(tool),
        TicketReturn.Build(tool),
        TicketRevoke.Build(tool),
        TicketCode.Build(tool),
        TicketRedeem.Build(tool));
}
