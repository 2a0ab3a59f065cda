using SecuTicket.Api.Answers;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Tickets;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Accounts;

/// <summary>Reads the tickets that an account owns page by page, in the order of their ids.</summary>
/// <param name="view">What is shown.</param>
internal sealed class AccountTickets(LedgerView view)
{
    /// <summary>Reads one page.</summary>
    /// <param name="account">The account.</param>
    /// <param name="limit">The most tickets.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    public Page<TicketContract> Read(Address account, int limit, TicketPlace? after)
    {
        var owned = view.State.TicketsOf(account);
        var page = new PageBuilder<TicketContract>(limit);
        var last = after;
        foreach (var (id, _) in after is { } place ? owned.After(place.Id) : owned)
        {
            if (!page.Fits(TicketContract.MaxBytes)) return page.ToPage(last.ToString());

            page.Add(TicketContract.Of(id, view.State.Tickets.Find(id)!, view), TicketContract.MaxBytes);
            last = new TicketPlace(id);
        }

        return page.ToPage(null);
    }
}

/// <summary>Where a page of tickets ended: the last one's id.</summary>
/// <param name="Id">The ticket.</param>
public readonly record struct TicketPlace(TicketId Id)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TicketPlace place)
    {
        var read = Cursor.TryParse(text.ToString(), out var cursor) && cursor.Bytes.Length == TicketId.Size;
        place = read ? new TicketPlace(new TicketId(cursor.Bytes)) : default;
        return read;
    }

    /// <inheritdoc/>
    public override string ToString() => new Cursor(Id.Span).ToString();
}
