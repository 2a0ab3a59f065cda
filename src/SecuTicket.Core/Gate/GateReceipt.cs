using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Gate;

/// <summary>Whose receipts, of which chain: those of one scope form one chain of receipts.</summary>
/// <param name="ChainId">The chain.</param>
/// <param name="Gate">The gate.</param>
/// <param name="Event">The event it works for; null for a gate that does not say.</param>
public sealed record GateScope(string ChainId, Address Gate, EventId? Event);

/// <summary>That a gate scanned something and what it found: what it signs, linked to what it signed before.</summary>
/// <remarks>
/// What is signed, and hashed for the next one's <paramref name="Previous"/>, is SHA-256 of the canonical form of
/// <c>{"at","chain_id","code","event_id"?,"gate","previous","result","ticket_id"?,"type":"gate_receipt"}</c>. Chain, gate and event are not in a receipt as it is
/// posted; both sides put them in, so a receipt of one gate, event or chain is none of another.
/// </remarks>
/// <param name="Scope">Whose it is.</param>
/// <param name="Ticket">The ticket that the code names; null exactly when the text is no code in form.</param>
/// <param name="At">The gate's clock, in unix seconds.</param>
/// <param name="Result">What it found.</param>
/// <param name="Code">What was scanned, as <see cref="CodeOf"/> keeps it.</param>
/// <param name="Previous">Hash of the receipt before; zero for the first.</param>
public sealed record GateReceipt(GateScope Scope, TicketId? Ticket, long At, GateResult Result, string Code, Hash256 Previous)
{
    /// <summary>The <c>type</c> of what is signed.</summary>
    public const string TypeName = "gate_receipt";

    /// <summary>Most characters of what was scanned that are kept.</summary>
    public const int MaxCodeLength = GateCode.MaxLength;

    /// <summary>What is signed: the canonical form.</summary>
    public byte[] ToCanonical()
    {
        var members = new List<JsonMember>
        {
            new("at", JsonValue.Of(At)),
            new("chain_id", JsonValue.Of(Scope.ChainId)),
            new("code", JsonValue.Of(Code)),
            new("gate", JsonValue.Of(Scope.Gate.ToString())),
            new("previous", JsonValue.Of(Previous.ToString())),
            new("result", JsonValue.Of(GateResultWords.Of(Result))),
            new("type", JsonValue.Of(TypeName)),
        };
        if (Scope.Event is { } id) members.Add(new("event_id", JsonValue.Of(id.ToString())));
        if (Ticket is { } ticket) members.Add(new("ticket_id", JsonValue.Of(ticket.ToString())));
        return CanonicalJson.Write(JsonValue.Object(members));
    }

    /// <summary>Its hash: the digest that is signed, and the next one's <c>previous</c>.</summary>
    public Hash256 Hash => Hash256.Sha256(ToCanonical());

    /// <summary>The receipt of a scan.</summary>
    /// <param name="scope">Whose it is.</param>
    /// <param name="scanned">What was scanned, whatever it is.</param>
    /// <param name="finding">What was found about it.</param>
    /// <param name="at">The gate's clock, in unix seconds.</param>
    /// <param name="previous">Hash of the receipt before; zero for the first.</param>
    public static GateReceipt Of(GateScope scope, string scanned, GateFinding finding, long at, Hash256 previous) =>
        new(scope, finding.Code?.Ticket, at, finding.Result, CodeOf(scanned), previous);

    /// <summary>What is kept of a scanned text: its first 512 characters, with <c>?</c> for each that is not printable ASCII. A code is kept as it is; what is none does not become one.</summary>
    public static string CodeOf(string scanned) =>
        string.Create(Math.Min(scanned.Length, MaxCodeLength), scanned, static (kept, text) =>
        {
            for (var i = 0; i < kept.Length; i++) kept[i] = IsPrintable(text[i]) ? text[i] : '?';
        });

    /// <summary>Why it contradicts itself: <c>code_contradicts</c>; null when it does not.</summary>
    /// <remarks>The code says which ticket was shown. Whether its signature and moment are right is for the judge.</remarks>
    public Refusal? Contradiction()
    {
        var named = GateCode.Parse(Code).TryGet(out var code, out _) ? code.Ticket : (TicketId?)null;
        if (named != Ticket)
            return new Refusal(GateRefusals.CodeContradicts, $"The receipt is about {Ticket?.ToString() ?? "no ticket"}, the code that was scanned names {named?.ToString() ?? "none"}.");

        return Ticket is null && Result != GateResult.Invalid
            ? new Refusal(GateRefusals.CodeContradicts, $"What was scanned is no code, so the result can only be invalid, not {GateResultWords.Of(Result)}.")
            : null;
    }

    internal static bool IsPrintable(char character) => character is >= ' ' and <= '~';
}
