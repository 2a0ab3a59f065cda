using System.Globalization;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Fills the form of a new event with what the browser kept of it (<c>draft.js</c>), by the names of the fields.</summary>
/// <remarks>A draft may be of another day, cut or made up: what the form has no place for is left out, and what is wrong is said when it is sent, as if it had been typed.</remarks>
public static class EventDraft
{
    private static readonly (string Name, Action<EventForm, string> Fill)[] Fields =
    [
        ("name", static (form, text) => form.Name = text),
        ("venue", static (form, text) => form.Venue = text),
        ("time_zone", static (form, text) => form.TimeZone = text),
        ("sale_opens_at", static (form, text) => form.SaleOpensAt = text),
        ("sellers", static (form, text) => form.Sellers = text),
        ("gates", static (form, text) => form.Gates = text),
        ("resale.resale", static (form, text) => form.Rules.Mode = RulesForm.Modes.Contains(text, StringComparer.Ordinal) ? text : form.Rules.Mode),
        ("resale.max_price_percent", static (form, text) => form.Rules.MaxPrice = text),
        ("resale.commission_percent", static (form, text) => form.Rules.Commission = text),
        ("resale.commission_to", static (form, text) => form.Rules.CommissionTo = text),
        ("resale.max_resales", static (form, text) => form.Rules.Resales = text),
        ("resale.resellers", static (form, text) => form.Rules.Resellers = text),
        ("resale.opens_at", static (form, text) => form.Rules.OpensAt = text),
        ("resale.closes_at", static (form, text) => form.Rules.ClosesAt = text),
        ("resale.return.refund_percent", static (form, text) => form.Rules.Refund = text),
        ("resale.return.until", static (form, text) => form.Rules.ReturnUntil = text),
    ];

    private static readonly (string Name, Action<SessionForm, string> Fill)[] SessionFields =
    [
        ("date", static (session, text) => session.Date = text),
        ("time", static (session, text) => session.Time = text),
    ];

    private static readonly (string Name, Action<SeatBlockForm, string> Fill)[] BlockFields =
    [
        ("section", static (block, text) => block.Section = text),
        ("first_row", static (block, text) => block.FirstRow = text),
        ("last_row", static (block, text) => block.LastRow = text),
        ("first_seat", static (block, text) => block.FirstSeat = text),
        ("last_seat", static (block, text) => block.LastSeat = text),
        ("price", static (block, text) => block.Price = text),
        ("session", static (block, text) => block.Session = text),
    ];

    /// <summary>Fills a form.</summary>
    /// <param name="form">A new one.</param>
    /// <param name="kept">What the fields held.</param>
    public static void Restore(EventForm form, IReadOnlyDictionary<string, string> kept)
    {
        Fill(form, Fields, string.Empty, kept);

        // A box that is not ticked has no entry.
        form.Rules.Transfer = kept.ContainsKey("resale.transfer");
        Restore(form.Sessions, SessionFields, "sessions", CreateEvent.MaxSessions, kept);
        Restore(form.Seats.Blocks, BlockFields, "blocks", SeatsForm.MaxBlocks, kept);
    }

    // The first one is there already.
    private static void Restore<T>(List<T> list, (string, Action<T, string>)[] fields, string name, int most, IReadOnlyDictionary<string, string> kept)
        where T : new()
    {
        for (var i = 0; i < most; i++)
        {
            var one = i == 0 ? list[0] : new T();
            if (!Fill(one, fields, string.Create(CultureInfo.InvariantCulture, $"{name}[{i}]."), kept)) return;
            if (i > 0) list.Add(one);
        }
    }

    private static bool Fill<T>(T form, (string Name, Action<T, string> Fill)[] fields, string prefix, IReadOnlyDictionary<string, string> kept)
    {
        var isAny = false;
        foreach (var (name, fill) in fields)
        {
            if (!kept.TryGetValue(prefix + name, out var text)) continue;

            fill(form, text);
            isAny = true;
        }

        return isAny;
    }
}
