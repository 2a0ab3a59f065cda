using System.Globalization;

namespace SecuTicket.Core.Gate;

/// <summary>Moments of a roster: RFC 3339 UTC with milliseconds, as in all answers.</summary>
internal static class RosterTime
{
    public const int Length = 24;

    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    // What lies beyond year 9999 is shown as its last moment, as in all answers.
    public static string Write(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(milliseconds, 0, Latest)).ToString(Form, CultureInfo.InvariantCulture);

    public static bool TryRead(ReadOnlySpan<char> text, out long milliseconds)
    {
        var read = DateTimeOffset.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        milliseconds = at.ToUnixTimeMilliseconds();
        return read && milliseconds >= 0;
    }
}
