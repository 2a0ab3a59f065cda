using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Web.Sale;

/// <summary>A part of a plan that one page shows.</summary>
public sealed class SeatArea
{
    /// <summary>How old the counts of an overview may be: a large house is not counted anew for each page of a busy sale.</summary>
    public static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(2);

    private volatile SeatStates? _last;
    private long _readAt;

    /// <summary>An area of these lines, of which there is one at least.</summary>
    /// <param name="section">The section's name; empty where there is none.</param>
    /// <param name="lines">From the front to the back.</param>
    /// <param name="isWhole">Whether it is the whole section.</param>
    public SeatArea(string section, IReadOnlyList<SeatLine> lines, bool isWhole)
    {
        (Section, Lines, IsWhole) = (section, lines, isWhole);
        Count = lines.Sum(static line => line.Seats.Count);
        Columns = lines.Max(static line => line.Seats[^1].Column) + 1;
    }

    /// <summary>The section's name; empty where there is none.</summary>
    public string Section { get; }

    /// <summary>From the front to the back.</summary>
    public IReadOnlyList<SeatLine> Lines { get; }

    /// <summary>Whether it is the whole section.</summary>
    public bool IsWhole { get; }

    /// <summary>Its seats.</summary>
    public int Count { get; }

    /// <summary>Columns that its widest line reaches.</summary>
    public int Columns { get; }

    /// <summary>Its seats, line by line: the order in which their states are told.</summary>
    public IEnumerable<PlannedSeat> Seats => Lines.SelectMany(static line => line.Seats);

    /// <summary>How its seats stand. Everybody who asks between two changes of the ledger gets the same object.</summary>
    public SeatStates StatesIn(Trie<TicketId, Ticket> tickets)
    {
        if (_last is { } last && ReferenceEquals(last.Tickets, tickets)) return last;

        return _last = SeatStates.Of(this, tickets);
    }

    /// <summary>The same for who only counts: it may be <see cref="CountedFor"/> old.</summary>
    /// <param name="tickets">How they stand.</param>
    /// <param name="now">Now.</param>
    public SeatStates RecentIn(Trie<TicketId, Ticket> tickets, DateTimeOffset now)
    {
        var readAt = Interlocked.Read(ref _readAt);
        if (_last is { } last && now.UtcTicks - readAt < CountedFor.Ticks && now.UtcTicks >= readAt) return last;

        Interlocked.Exchange(ref _readAt, now.UtcTicks);
        return StatesIn(tickets);
    }
}
