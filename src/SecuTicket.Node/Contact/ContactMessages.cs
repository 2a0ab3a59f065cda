using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Contact;

/// <summary>Limits of what organisers write to holders.</summary>
public sealed record ContactLimits
{
    /// <summary>Most messages about one event within 24 hours; beyond it <c>rate_limited</c>. Default 10.</summary>
    public int MessagesPerEventPerDay { get; init; } = 10;

    /// <summary>Most messages kept, of at most about 17 KiB each; for a newer one the oldest of the organiser who has the most goes, whoever got it. Default 100,000.</summary>
    public int Messages { get; init; } = 100_000;

    /// <summary>How long a message is kept. Default 365 days.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Most messages one account has; for a newer one the oldest goes. Default 200.</summary>
    public int InboxMessages { get; init; } = 200;

    /// <summary>Most messages one account has of one organiser; for a newer one the oldest of that organiser goes: a quarter of <see cref="InboxMessages"/>, and one at least.</summary>
    public int InboxMessagesOfOne => Math.Max(InboxMessages / 4, 1);

    /// <summary>Most accounts that can be written to, about 100 bytes each; beyond it <c>contacts_full</c>. Default 1,000,000.</summary>
    public int Contacts { get; init; } = 1_000_000;
}

/// <summary>What an organiser wants to say to those who hold tickets of an event.</summary>
/// <param name="EventId">The event.</param>
/// <param name="EventName">Its name.</param>
/// <param name="Organiser">Who writes.</param>
/// <param name="Subject">1..200 characters without control characters.</param>
/// <param name="Text">1..4,000 characters without control characters but line feeds.</param>
public sealed record ContactMessage(EventId EventId, string EventName, Address Organiser, string Subject, string Text)
{
    /// <summary>Most characters of a subject.</summary>
    public const int MaxSubject = 200;

    /// <summary>Most characters of a text.</summary>
    public const int MaxText = 4_000;
}

/// <summary>A message that was sent, as its sender may know it.</summary>
/// <remarks>No number of those who got it, however coarse: whoever fills an event with accounts of their own learns from any number whether one more opted in.</remarks>
/// <param name="Id">32 hex digits.</param>
/// <param name="At">When, in milliseconds since 1970.</param>
public sealed record SentMessage(string Id, long At);

/// <summary>A message as one of those who got it reads it.</summary>
/// <param name="Number">Larger for a later one.</param>
/// <param name="Id">32 hex digits.</param>
/// <param name="At">When it was sent, in milliseconds since 1970.</param>
/// <param name="Message">What was said.</param>
public sealed record ReceivedMessage(long Number, string Id, long At, ContactMessage Message);
