using System.Globalization;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>Moments as people type them, and as they read them.</summary>
internal static class MomentText
{
    private static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK"];

    /// <summary>Reads unix seconds, or a date with or without a time; UTC where no offset is named.</summary>
    /// <returns>Unix seconds, or <c>usage</c>.</returns>
    public static Verdict<long> Parse(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return seconds;

        return DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.ToUnixTimeSeconds() >= 0
            ? moment.ToUnixTimeSeconds()
            : new Refusal(FailureCodes.Usage, $"'{text}' is no moment: expected such as 2027-06-15T18:30Z, 2027-06-15T20:30+02:00, 2027-06-15 (UTC), or unix seconds.");
    }

    /// <summary>A moment for people, in UTC.</summary>
    public static string Of(long unixSeconds) => unixSeconds >= 0 && unixSeconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
        ? DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : $"{unixSeconds} s";
}
