using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tickets;

/// <summary>Reads a ticket's history page by page: the confirmed changes, oldest first, and after them, when asked for, those that wait.</summary>
/// <remarks>
/// A page ends at a confirmed change and a count of waiting ones shown after it. The changes of one ticket are confirmed in the order in which they
/// waited, so a reader goes on without gap or repetition when a block comes between two pages.
/// </remarks>
/// <param name="store">Where confirmed changes are.</param>
/// <param name="view">What is shown.</param>
internal sealed class TicketHistory(IBlockStore store, LedgerView view)
{
    // Far more than may wait: a place that says otherwise is not ours.
    private const long MaxWaiting = 1_000_000;

    /// <summary>Reads where a page ended.</summary>
    public static bool TryReadPlace(ReadOnlySpan<char> text, out HistoryPlace place) => HistoryPlace.TryParse(text, out place) && place.Waiting <= MaxWaiting;

    /// <summary>Reads one page.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="limit">The most changes.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public Page<TicketChangeContract> Read(TicketId ticket, int limit, HistoryPlace? after)
    {
        var start = after ?? new HistoryPlace(-1, 0, 0);
        var confirmed = Confirmed(ticket, start, (int)start.Waiting + limit + 1);
        var known = Math.Min((int)start.Waiting, confirmed.Count);
        var page = new List<TicketChangeContract>(confirmed.Skip(known).Take(limit).Select(TicketChangeContract.Of));
        if (known + page.Count < confirmed.Count) return new Page<TicketChangeContract>(page, PlaceOf(confirmed[known + page.Count - 1]).ToString());

        var end = confirmed.Count == 0 ? start : PlaceOf(confirmed[^1]);
        var waiting = Waiting(ticket);
        var shown = (int)start.Waiting - known;
        foreach (var (change, transaction) in waiting.Skip(shown).Take(limit - page.Count))
        {
            page.Add(TicketChangeContract.Of(change, transaction));
            shown++;
        }

        return new Page<TicketChangeContract>(page, shown < waiting.Count ? (end with { Waiting = shown }).ToString() : null);
    }

    private static HistoryPlace PlaceOf(StoredTicketChange change) => new(change.Position.BlockIndex, change.Position.Position, 0);

    // The store may be a block ahead of the snapshot: what came after it is shown as waiting, as the snapshot knows it.
    private List<StoredTicketChange> Confirmed(TicketId ticket, HistoryPlace after, int limit)
    {
        var changes = store.TicketHistory(ticket, after.BlockIndex < 0 ? null : new HistoryPosition(after.BlockIndex, after.Position), limit);
        return [.. changes.TakeWhile(change => change.Position.BlockIndex <= view.TipIndex)];
    }

    private List<(TicketChange Change, Hash256 Transaction)> Waiting(TicketId ticket)
    {
        var pending = view.Snapshot.Pending;
        if (!view.IsPending || ReferenceEquals(pending.State.Tickets.Find(ticket), view.Snapshot.Chain.Ledger.Tickets.Find(ticket))) return [];

        return
        [
            .. from entry in pending.InOrder
               from change in entry.Value.Effects.Changes
               where change.Ticket == ticket
               select (change, entry.Value.Id),
        ];
    }
}
