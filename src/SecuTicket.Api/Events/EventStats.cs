using System.Globalization;
using System.Text.Json.Serialization;
using SecuTicket.Core.Ledger;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Events;

/// <summary>What happened to an event's tickets so far. Money in minor units.</summary>
/// <param name="EventId">32 hex digits.</param>
/// <param name="Issued">Tickets issued.</param>
/// <param name="Sold">Tickets out of the organiser's hands now: sold, listed or redeemed.</param>
/// <param name="Unsold">Tickets that the organiser still has to sell.</param>
/// <param name="Redeemed">Tickets redeemed.</param>
/// <param name="Revoked">Tickets revoked.</param>
/// <param name="Returns">Tickets returned, ever.</param>
/// <param name="Sales">Sales by the organiser or an official seller, ever.</param>
/// <param name="Revenue">What buyers paid the organiser on the chain for first sales.</param>
/// <param name="OutsideRevenue">What official sellers reported as paid outside the chain.</param>
/// <param name="Refunds">What the organiser paid back.</param>
/// <param name="Resales">Completed resales.</param>
/// <param name="ResaleVolume">What buyers paid in resales, commission included.</param>
/// <param name="AverageResalePremium">Price less face price of the average resale, rounded toward zero, negative at a loss; null without resales.</param>
/// <param name="AverageResalePremiumPercent">The same in percent of the face prices of what was resold, rounded toward zero; null without resales or face prices.</param>
/// <param name="Commission">Commission taken of resales.</param>
/// <param name="Attendance">Confirmed redemptions by minute, the minutes without any left out.</param>
/// <param name="AttendanceComplete">False when there were more blocks with redemptions than are looked at: then later minutes are missing.</param>
public sealed record EventStatsContract(
    string EventId,
    int Issued,
    int Sold,
    int Unsold,
    int Redeemed,
    int Revoked,
    int Returns,
    int Sales,
    long Revenue,
    long OutsideRevenue,
    long Refunds,
    int Resales,
    long ResaleVolume,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? AverageResalePremium,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? AverageResalePremiumPercent,
    long Commission,
    IReadOnlyList<AttendanceContract> Attendance,
    bool AttendanceComplete)
{
    /// <summary>What an event's tally and the attendance in its blocks say.</summary>
    public static EventStatsContract Of(in EventId id, EventTally tally, Attendance attendance)
    {
        var faces = tally.ResaleVolume - tally.ResalePremium;
        return new EventStatsContract(
            id.ToString(),
            tally.Issued,
            tally.Sold,
            tally.Issued - tally.Sold - tally.Revoked,
            tally.Redeemed,
            tally.Revoked,
            tally.Returns,
            tally.Sales,
            tally.Revenue,
            tally.OutsideRevenue,
            tally.Refunds,
            tally.Resales,
            tally.ResaleVolume,
            tally.Resales == 0 ? null : tally.ResalePremium / tally.Resales,
            tally.Resales == 0 || faces <= 0 ? null : tally.ResalePremium * 100 / faces,
            tally.Commission,
            attendance.Minutes,
            attendance.IsComplete);
    }
}

/// <summary>How many came in within a minute.</summary>
/// <param name="Minute">UTC, such as <c>2027-06-15T19:04Z</c>.</param>
/// <param name="Admitted">Tickets redeemed in blocks of that minute.</param>
public sealed record AttendanceContract(string Minute, int Admitted);

/// <summary>Confirmed redemptions of an event by minute.</summary>
/// <param name="Minutes">Oldest first.</param>
/// <param name="IsComplete">Whether all blocks were looked at.</param>
public sealed record Attendance(IReadOnlyList<AttendanceContract> Minutes, bool IsComplete)
{
    /// <summary>Blocks looked at, at the most: three and a half hours of blocks as often as a node seals them by itself.</summary>
    public const int MaxBlocks = 50_000;

    private const int ReadAtOnce = 1_000;
    private const long Minute = 60_000;

    /// <summary>Adds up what a store holds.</summary>
    /// <param name="store">Where attendance is.</param>
    /// <param name="id">The event.</param>
    /// <param name="maxBlocks">Blocks with redemptions that are looked at.</param>
    public static Attendance Read(IBlockStore store, EventId id, int maxBlocks = MaxBlocks)
    {
        var minutes = new SortedDictionary<long, int>();
        var last = -1L;
        for (var blocks = 0; blocks < maxBlocks;)
        {
            var read = store.Attendance(id, last, Math.Min(ReadAtOnce, maxBlocks - blocks));
            foreach (var block in read) minutes[block.BlockTime / Minute] = minutes.GetValueOrDefault(block.BlockTime / Minute) + block.Redeemed;
            if (read.Count == 0) return Of(minutes, true);

            blocks += read.Count;
            last = read[^1].BlockIndex;
        }

        return Of(minutes, store.Attendance(id, last, 1).Count == 0);
    }

    private static Attendance Of(SortedDictionary<long, int> minutes, bool isComplete) =>
        new([.. minutes.Select(minute => new AttendanceContract(TextOf(minute.Key), minute.Value))], isComplete);

    private static string TextOf(long minute) => DateTimeOffset.FromUnixTimeMilliseconds(minute * Minute).ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
}
