using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Output;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tickets;

/// <summary><c>secuticket ticket issue</c></summary>
internal static class TicketIssue
{
    /// <summary>Seats of one transaction: the ledger's limit.</summary>
    public const int BatchSize = IssueTickets.MaxSeats;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var id = Symbols.EventOption();
        var session = Symbols.Amount("--session", "The session's number, from 0; 0 when left out.");
        var seats = new Option<string[]>("--seats") { Description = "Seats and ranges, such as A-1..A-20,B-7. May stand several times.", HelpName = "SEATS", Required = true, Arity = ArgumentArity.OneOrMore };
        var price = Symbols.Amount("--price", "The face price of each, in minor units (cents).", isRequired: true);
        return tool.Write(
            "issue",
            $"Issue tickets for seats; their ids are printed. More than {BatchSize} seats become several transactions.",
            [id, session, seats, price],
            async (writing, cancellation) =>
            {
                var run = writing.Run;
                if (!SeatList.Parse(run.Get(seats)!).TryGet(out var list, out var refusal)) return run.Fail(refusal);

                return await IssueAsync(writing, run.Get(id)!, run.Get(session) ?? 0, list, run.Get(price), cancellation);
            });
    }

    private static async Task<int> IssueAsync(Writing writing, string id, long session, IReadOnlyList<string> seats, long? price, CancellationToken cancellation)
    {
        var run = writing.Run;
        using var progress = new Progress(run.Surroundings, "Issuing", seats.Count);
        var end = ExitCode.Done;
        for (var issued = 0; issued < seats.Count;)
        {
            var batch = seats.Skip(issued).Take(BatchSize).ToArray();
            var fields = new PayloadFields { { "event_id", id }, { "session", session }, { "seats", batch }, { "price", price } };
            var answer = await writing.Client.SubmitAsync(writing.Wallet, IssueTickets.TypeName, fields, writing.Wait, cancellation);
            // Several answers are told apart by the line ends between them.
            if (run.Json && issued > 0) run.Printer.Raw("\n"u8);
            var exitCode = Tell(writing, answer, batch);
            if (exitCode is not (ExitCode.Done or ExitCode.Pending))
            {
                if (issued > 0) run.Say($"{issued} seats, up to {seats[issued - 1]}, were issued before; {seats[issued]} and what follows were not.");
                return exitCode;
            }

            if (exitCode == ExitCode.Pending) end = exitCode;
            issued += batch.Length;
            progress.Advance(batch.Length);
        }

        return end;
    }

    private static int Tell(Writing writing, NodeAnswer answer, string[] batch)
    {
        var run = writing.Run;
        var exitCode = Writing.Tell(run, answer, batch.Length == 1 ? $"The ticket for seat {batch[0]} is issued" : $"{batch.Length} tickets are issued, from seat {batch[0]} to {batch[^1]}", writing.Wait);
        if (exitCode is ExitCode.Done or ExitCode.Pending && !run.Json) run.Printer.Table(["ticket_id", "seat"], [.. answer.Json.Items("ticket_ids").Zip(batch, (ticket, seat) => new[] { ticket.GetString() ?? string.Empty, seat })]);
        return exitCode;
    }
}
