using SecuTicket.Api.Chain;
using SecuTicket.Node.Contact;

namespace SecuTicket.Api.Accounts;

/// <summary>Whether organisers may write to an account.</summary>
/// <param name="Address">The account.</param>
/// <param name="OptIn">Whether they may.</param>
public sealed record ContactContract(string Address, bool OptIn);

/// <summary>A message that was sent; nothing of who gets it.</summary>
/// <param name="MessageId">32 hex digits.</param>
/// <param name="EventId">The event.</param>
/// <param name="At">When, RFC 3339 in UTC.</param>
public sealed record SentMessageContract(string MessageId, string EventId, string At)
{
    /// <summary>A message.</summary>
    public static SentMessageContract Of(string eventId, SentMessage sent) => new(sent.Id, eventId, TimeText.OfMilliseconds(sent.At));
}

/// <summary>A message as its reader sees it.</summary>
/// <param name="MessageId">32 hex digits.</param>
/// <param name="EventId">What it is about.</param>
/// <param name="EventName">The event's name when it was sent.</param>
/// <param name="Organiser">Who sent it.</param>
/// <param name="Subject">1..200 characters.</param>
/// <param name="Text">1..4,000 characters; line feeds end lines.</param>
/// <param name="At">When, RFC 3339 in UTC.</param>
public sealed record ReceivedMessageContract(string MessageId, string EventId, string EventName, string Organiser, string Subject, string Text, string At)
{
    /// <summary>About the most bytes of one: any character may be written as an escape of six.</summary>
    public static int SizeOf(ContactMessage message) => (6 * (message.EventName.Length + message.Subject.Length + message.Text.Length)) + 512;

    /// <summary>A message.</summary>
    public static ReceivedMessageContract Of(ReceivedMessage received) => new(
        received.Id,
        received.Message.EventId.ToString(),
        received.Message.EventName,
        received.Message.Organiser.ToString(),
        received.Message.Subject,
        received.Message.Text,
        TimeText.OfMilliseconds(received.At));
}
