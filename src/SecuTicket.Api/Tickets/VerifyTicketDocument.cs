using System.ComponentModel.DataAnnotations;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;

namespace SecuTicket.Api.Tickets;

/// <summary>A ticket and who says that it is theirs.</summary>
public sealed record VerifyTicketDocument : IBodyDocument
{
    /// <inheritdoc/>
    public static string Example => $$"""{ "ticket_id": "{{ExampleIds.Ticket}}", "owner": "{{ExampleIds.Account}}" }""";

    /// <summary>32 hex digits.</summary>
    [RegularExpression(Forms.Id)]
    public required string TicketId { get; init; }

    /// <summary>An address.</summary>
    [RegularExpression(Forms.Address)]
    public required string Owner { get; init; }
}
