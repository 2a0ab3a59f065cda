namespace SecuTicket.Api.Web.Sale;

/// <summary>A session of an event, and when it is.</summary>
/// <param name="Index">Its place among the event's sessions.</param>
/// <param name="Begin">When it begins.</param>
public readonly record struct NextSession(int Index, DateTimeOffset Begin)
{
    /// <summary>How long after its begin a session is still shown as one to go to: who comes late comes in.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromHours(6);

    /// <summary>From when on it is over.</summary>
    public DateTimeOffset End => Begin > DateTimeOffset.MaxValue - Late ? DateTimeOffset.MaxValue : Begin + Late;

    /// <summary>Whether it is still to come, or has just begun.</summary>
    public bool IsUpcoming(DateTimeOffset now) => End > now;
}
