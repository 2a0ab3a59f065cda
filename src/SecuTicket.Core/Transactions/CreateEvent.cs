using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>The sender becomes the organiser of a new event and says under which rules its tickets live.</summary>
/// <param name="Name">1 to 200 characters.</param>
/// <param name="Venue">1 to 200 characters.</param>
/// <param name="Sessions">1 to 366 performances.</param>
/// <param name="TimeZone">IANA name of the zone the sessions' times are in, or null.</param>
/// <param name="Sellers">Official sellers, beside the organiser.</param>
/// <param name="Gates">Accounts that may redeem.</param>
/// <param name="EventKey">The account whose signature an official sale needs; null for the organiser's own.</param>
/// <param name="SaleOpensAt">Unix seconds before which nobody buys from the organiser; null for at once.</param>
/// <param name="Resale">What holders may do with their tickets.</param>
public sealed record CreateEvent(
    string Name,
    string Venue,
    EquatableArray<Session> Sessions,
    string? TimeZone,
    EquatableArray<Address> Sellers,
    EquatableArray<Address> Gates,
    Address? EventKey,
    long? SaleOpensAt,
    ResaleRules Resale) : Operation
{
    /// <summary>The payload's <c>type</c> of this operation.</summary>
    public const string TypeName = "create_event";

    /// <summary>Most characters of a name or venue.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Most sessions of one event: a year, one a day.</summary>
    public const int MaxSessions = 366;

    /// <summary>Most sellers, gates or resellers of one event.</summary>
    public const int MaxAccounts = 1_000;

    /// <inheritdoc/>
    public override string Type => TypeName;

    internal static CreateEvent Read(FieldReader fields) => new(
        fields.Text("name", 1, MaxNameLength, IsPrintable, "characters without control characters"),
        fields.Text("venue", 1, MaxNameLength, IsPrintable, "characters without control characters"),
        [.. fields.Objects("sessions", 1, MaxSessions, Session.Read)],
        fields.OptionalText("time_zone", 1, 64, IsZoneCharacter, "characters: an IANA time zone such as Europe/Paris"),
        fields.OptionalAccounts("sellers", MaxAccounts) ?? [],
        fields.OptionalAccounts("gates", MaxAccounts) ?? [],
        fields.OptionalAccount("event_key"),
        fields.OptionalMoment("sale_opens_at"),
        fields.OptionalObject("resale", ResaleRules.Read) ?? ResaleRules.Default);

    // The rules know a zone by its name only: nodes with different time zone data must still agree.
    private static bool IsZoneCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '/' or '_' or '-' or '+';
}
