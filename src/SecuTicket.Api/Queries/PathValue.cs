using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Queries;

/// <summary>Reads the values in a path as strictly as those of a query: malformed ones are <c>invalid_field</c>, never "not found".</summary>
public static class PathValue
{
    /// <summary>A value of the path, as it stands there.</summary>
    /// <param name="request">The request.</param>
    /// <param name="name">A parameter of the route's template that is always there.</param>
    public static string Of(HttpRequest request, string name) => (string)request.RouteValues[name]!;

    /// <summary>An account.</summary>
    public static Verdict<Address> Address(string text) =>
        Core.Primitives.Address.TryParse(text, out var value) ? value : Malformed("address", "0x and 40 hex digits, all lower case or with a right EIP-55 checksum");

    /// <summary>A ticket.</summary>
    public static Verdict<TicketId> Ticket(string text) => TicketId.TryParse(text, out var value) ? value : Malformed("id", "32 lower-case hex digits");

    /// <summary>An event.</summary>
    public static Verdict<EventId> Event(string text) => EventId.TryParse(text, out var value) ? value : Malformed("id", "32 lower-case hex digits");

    /// <summary>A transaction.</summary>
    public static Verdict<Hash256> Transaction(string text) => Hash256.TryParse(text, out var value) ? value : Malformed("id", "64 lower-case hex digits");

    /// <summary>Refuses a value.</summary>
    /// <param name="name">The path's parameter.</param>
    /// <param name="expected">What it must be, as the end of a sentence.</param>
    public static Refusal Malformed(string name, string expected) => new(RefusalCodes.InvalidField, $"{name}: the path must hold {expected}.", Field: name);

    /// <summary>Says that what a well-formed path names does not exist: <c>not_found</c>.</summary>
    /// <param name="what">What there is none of, as the end of a sentence.</param>
    public static Refusal NotFound(string what) => new(RefusalCodes.NotFound, $"There is no {what}.");
}
