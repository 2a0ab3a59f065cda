using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Gate;
using SecuTicket.Api.Queries;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tickets;

/// <summary>Answers with one ticket: the bytes that its <see cref="TicketContract"/> is written as.</summary>
/// <remarks>What is looked at most is written from the ledger at once: half of what an answer took was the memory and the copying of its texts.</remarks>
/// <param name="id">The ticket.</param>
/// <param name="ticket">What it is.</param>
/// <param name="view">The ledger that it was found in.</param>
internal sealed class TicketAnswer(TicketId id, Ticket ticket, LedgerView view) : IActionResult
{
    private static readonly ObjectPool<AnswerBuffer> Buffers = AnswerBuffer.Pool();

    /// <inheritdoc/>
    public Task ExecuteResultAsync(ActionContext context)
    {
        context.HttpContext.Response.ContentType = JsonAnswer.MediaType;
        return AnswerBuffer.SendAsync(Buffers, context.HttpContext, this, static (buffer, answer) => answer.Write(buffer.Json));
    }

    /// <summary>Writes the ticket as one JSON value.</summary>
    internal void Write(Utf8JsonWriter json)
    {
        var terms = view.State.Events.Find(ticket.Event)!;
        var organiser = AddressTexts.Of(terms.Organiser);
        json.WriteStartObject();
        WriteHex(json, Names.Id, id.Span);
        WriteHex(json, Names.EventId, ticket.Event.Span);
        json.WriteString(Names.Organiser, organiser);
        json.WriteNumber(Names.Session, ticket.Session);
        json.WriteString(Names.Seat, ticket.Seat.Ascii);
        json.WriteString(Names.Status, Names.Statuses[(int)ticket.Status]);
        if (ticket.Status == TicketStatus.Unsold) json.WriteString(Names.Owner, organiser);
        else WriteAddress(json, Names.Owner, ticket.Owner);
        json.WriteNumber(Names.FacePrice, ticket.FacePrice);
        WriteNumber(json, Names.Price, terms.Cancelled ? null : ticket.Price);
        json.WriteNumber(Names.Resales, ticket.Resales);
        WriteNumber(json, Names.IssuedIn, view.Confirmed(ticket.IssuedIn));
        json.WriteNumber(Names.Confirmations, view.Confirmations(ticket.ChangedIn));
        json.WriteBoolean(Names.Final, view.IsFinal(ticket.ChangedIn));
        if (ticket.Listing?.Buyer is { } buyer) WriteAddress(json, Names.Buyer, buyer);
        if (ticket.IdentityCommitment is { } commitment) WriteHex(json, Names.IdentityCommitment, commitment.Span);
        if (ticket.Redemption is { } redemption)
        {
            json.WritePropertyName(Names.Redemption);
            JsonSerializer.Serialize(json, AdmissionContract.Of(redemption), ApiJson.Default.AdmissionContract);
        }

        json.WriteEndObject();
        json.Flush();
    }

    private static void WriteHex(Utf8JsonWriter json, JsonEncodedText name, ReadOnlySpan<byte> bytes)
    {
        Span<byte> digits = stackalloc byte[2 * Hash256.Size];
        Convert.TryToHexStringLower(bytes, digits, out var written);
        json.WriteString(name, digits[..written]);
    }

    private static void WriteAddress(Utf8JsonWriter json, JsonEncodedText name, in Address address)
    {
        Span<byte> text = stackalloc byte[Address.TextSize];
        address.WriteText(text);
        json.WriteString(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter json, JsonEncodedText name, long? number)
    {
        if (number is { } there) json.WriteNumber(name, there);
        else json.WriteNull(name);
    }

    /// <summary>What the contract calls the ticket's parts, and the words of its statuses.</summary>
    private static class Names
    {
        public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
        public static readonly JsonEncodedText EventId = JsonEncodedText.Encode("event_id");
        public static readonly JsonEncodedText Organiser = JsonEncodedText.Encode("organiser");
        public static readonly JsonEncodedText Session = JsonEncodedText.Encode("session");
        public static readonly JsonEncodedText Seat = JsonEncodedText.Encode("seat");
        public static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
        public static readonly JsonEncodedText Owner = JsonEncodedText.Encode("owner");
        public static readonly JsonEncodedText FacePrice = JsonEncodedText.Encode("face_price");
        public static readonly JsonEncodedText Price = JsonEncodedText.Encode("price");
        public static readonly JsonEncodedText Resales = JsonEncodedText.Encode("resales");
        public static readonly JsonEncodedText IssuedIn = JsonEncodedText.Encode("issued_in");
        public static readonly JsonEncodedText Confirmations = JsonEncodedText.Encode("confirmations");
        public static readonly JsonEncodedText Final = JsonEncodedText.Encode("final");
        public static readonly JsonEncodedText Buyer = JsonEncodedText.Encode("buyer");
        public static readonly JsonEncodedText IdentityCommitment = JsonEncodedText.Encode("identity_commitment");
        public static readonly JsonEncodedText Redemption = JsonEncodedText.Encode("redemption");
        public static readonly JsonEncodedText[] Statuses = [.. TicketStatusWords.All.Select(static word => JsonEncodedText.Encode(word))];
    }
}
