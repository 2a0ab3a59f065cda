using System.Globalization;
using System.Text;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Web.Organise;

/// <summary>An event's tickets and sales as tables for a spreadsheet (CSV, RFC 4180), written while they are read. No account is in them.</summary>
/// <remarks>As far as blocks confirm, from one snapshot. Lines go out as they are read: what is held is one buffer, however large the house is.</remarks>
/// <param name="node">The node.</param>
public sealed class EventExports(TicketNode node)
{
    /// <summary>Where tickets are read.</summary>
    public const string TicketsRoute = "/organise/{id}/tickets.csv";

    /// <summary>Where sales are read.</summary>
    public const string SalesRoute = "/organise/{id}/sales.csv";

    /// <summary>Exports that are written at once; who comes meanwhile is told to come again. One of sales reads the history of every ticket.</summary>
    public const int AtOnce = 2;

    private const int FlushLines = 256;
    private const int HistoryLines = 100;

    private int _running;

    /// <summary>The path of an event's tickets.</summary>
    public static string TicketsPath(EventId id) => TicketsRoute.Replace("{id}", id.ToString(), StringComparison.Ordinal);

    /// <summary>The path of its sales.</summary>
    public static string SalesPath(EventId id) => SalesRoute.Replace("{id}", id.ToString(), StringComparison.Ordinal);

    /// <summary>Writes every ticket and how it stands.</summary>
    public Task TicketsAsync(HttpContext context, string id) => WriteAsync(
        context, id, "tickets", "ticket_id,session,date,time,seat,status,face_price,price_now,resales,currency",
        (ledger, terms, ticketId, ticket) =>
        [
            string.Join(',', ticketId.ToString(), PlaceOf(terms, ticket), TicketStatusWords.Of(ticket.Status), Money(ticket.FacePrice), Money(ticket.Price), Number(ticket.Resales), node.Spec.Currency),
        ]);

    /// <summary>Writes every time a ticket changed hands or money: official sales, resales, returns, refunds of revoked tickets.</summary>
    public Task SalesAsync(HttpContext context, string id) => WriteAsync(
        context, id, "sales", "time,kind,ticket_id,session,date,time_of_day,seat,price,face_price,currency,block,transaction_id",
        (ledger, terms, ticketId, ticket) => ticket.ChangedIn == ticket.IssuedIn && ticket.Status == TicketStatus.Unsold ? [] : SalesOf(terms, ticketId, ticket));

    private IEnumerable<string> SalesOf(EventTerms terms, TicketId id, Ticket ticket)
    {
        HistoryPosition? after = null;
        while (node.Store.TicketHistory(id, after, HistoryLines) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                if (KindOf(line.Change, terms) is not { } kind) continue;

                yield return string.Join(
                    ',', DateTimeOffset.FromUnixTimeMilliseconds(line.BlockTime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), kind, id.ToString(), PlaceOf(terms, ticket),
                    Money(line.Change.Price), Money(ticket.FacePrice), node.Spec.Currency, Number(line.Position.BlockIndex), line.TransactionId.ToString());
            }

            after = lines[^1].Position;
        }
    }

    private static string? KindOf(TicketChange change, EventTerms terms) => change.Type switch
    {
        PurchaseTicket.TypeName => change.From == terms.Organiser ? "sale" : "resale",
        SellTicket.TypeName => "official_sale",
        ReturnTicket.TypeName => "return",
        RevokeTicket.TypeName => "revocation",
        _ => null,
    };

    private async Task WriteAsync(HttpContext context, string path, string name, string head, Func<LedgerState, EventTerms, TicketId, Ticket, IEnumerable<string>> linesOf)
    {
        if (!PathValue.Event(path).TryGet(out var id, out var refusal))
        {
            await new ProblemResult(refusal).ExecuteAsync(context);
            return;
        }

        var ledger = node.Snapshot.Chain.Ledger;
        if (ledger.Events.Find(id) is not { } terms)
        {
            await new ProblemResult(PathValue.NotFound($"event {path}")).ExecuteAsync(context);
            return;
        }

        if (Interlocked.Increment(ref _running) > AtOnce)
        {
            Interlocked.Decrement(ref _running);
            context.Response.Headers.RetryAfter = "5";
            await new ProblemResult(new Refusal("rate_limited", "Other tables are being written. Try again in some seconds.", RefusalKind.Transient)).ExecuteAsync(context);
            return;
        }

        try
        {
            context.Response.ContentType = "text/csv; charset=utf-8";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}-{id}.csv\"";
            context.Response.Headers.CacheControl = "no-store";
            await WriteLinesAsync(context, head, ledger.TicketsOf(id).SelectMany(issued => linesOf(ledger, terms, issued.Value, ledger.Tickets.Find(issued.Value)!)));
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static async Task WriteLinesAsync(HttpContext context, string head, IEnumerable<string> lines)
    {
        await using var output = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\r\n" };
        await output.WriteLineAsync(head);
        var written = 0;
        foreach (var line in lines)
        {
            await output.WriteLineAsync(line);
            if (++written % FlushLines == 0) await output.FlushAsync(context.RequestAborted);
        }
    }

    private static string PlaceOf(EventTerms terms, Ticket ticket)
    {
        var session = terms.Sessions[ticket.Session];
        return string.Join(
            ',', Number(ticket.Session), session.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), session.Time.ToString("HH:mm", CultureInfo.InvariantCulture), CsvText.Of(ticket.Seat.ToString()));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Minor units are hundredths, as everywhere on the pages.
    private static string Money(long? amount) => amount is { } units ? (units / 100m).ToString("0.00", CultureInfo.InvariantCulture) : string.Empty;
}
