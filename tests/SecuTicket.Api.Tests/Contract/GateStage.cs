using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A gate in a test: its log, and receipts signed as any device would.</summary>
internal sealed class TestGate(string seed, EventId? eventId)
{
    private readonly P256PrivateKey _key = P256PrivateKey.FromScalar(Hash256.Sha256(Encoding.UTF8.GetBytes(seed)).Span);

    public Address Address => Address.Of(Key);

    public GateScope Scope => new(DevelopmentChain.ChainId, Address, eventId);

    /// <summary>Hash of the receipt that the next one follows.</summary>
    public Hash256 Last { get; set; }

    private PublicKey Key
    {
        get
        {
            Span<byte> point = stackalloc byte[PublicKey.Size];
            _key.CopyPublicKey(point);
            return new PublicKey(point);
        }
    }

    /// <summary>A receipt that follows the last one.</summary>
    /// <param name="code">What was scanned.</param>
    /// <param name="result">What was found.</param>
    /// <param name="at">When.</param>
    public SignedReceipt Scan(string code, GateResult result, DateTimeOffset at)
    {
        var ticket = GateCode.Parse(code).TryGet(out var read, out _) ? read.Ticket : (TicketId?)null;
        var signed = Sign(new GateReceipt(Scope, ticket, at.ToUnixTimeSeconds(), result, GateReceipt.CodeOf(code), Last));
        Last = signed.Receipt.Hash;
        return signed;
    }

    public SignedReceipt Sign(GateReceipt receipt)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(receipt.Hash.Span, signature);
        return new SignedReceipt(receipt, new ReceiptProof.P256(Key, new Signature(signature)));
    }

    public JsonValue Body(params IEnumerable<SignedReceipt> receipts) => SignedReceipt.BodyOf(Scope, receipts);
}

/// <summary>What tests of gates without a network ask of a stage's node.</summary>
internal static class GateStage
{
    public static EventId Event(this Stage stage) => EventId.TryParse(stage.EventId, out var id) ? id : throw new InvalidOperationException("The stage has no event.");

    public static TicketId Ticket(this Stage stage, int index) => TicketId.TryParse(stage.Tickets[index], out var id) ? id : throw new InvalidOperationException("The stage has no such ticket.");

    public static RosterSource Source(this Stage stage) => new(DevelopmentChain.ChainId, stage.Event(), stage.Node.Node.Self);

    public static async Task<GateRoster> RosterAsync(this Stage stage, string query = "") =>
        GateRoster.Read(await stage.Node.Api.Http.GetByteArrayAsync($"/gate/roster?event_id={stage.EventId}{query}"), stage.Source(), stage.Node.Node.Verifier).Value;

    public static async Task<IReadOnlyList<JsonElement>> UploadAsync(this Stage stage, JsonValue body) =>
        [.. (await stage.Node.Api.PostAsync("/gate/receipts", body, HttpStatusCode.OK)).GetProperty("verdicts").EnumerateArray()];

    public static async Task<JsonElement> ReportAsync(this Stage stage, string query = "") => await stage.SignedAsync(stage.Organiser, HttpMethod.Get, $"/events/{stage.EventId}/gate-report{query}", HttpStatusCode.OK);

    public static async Task<JsonElement> SignedAsync(this Stage stage, Wallet sender, HttpMethod method, string path, HttpStatusCode expected, string body = "")
    {
        using var answer = await stage.Node.SendSignedAsync(sender, method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, "{0}", text);
        return JsonDocument.Parse(text).RootElement;
    }

    public static string? VerdictOf(this JsonElement verdict) => verdict.GetProperty("verdict").GetString();

    public static string? CodeOf(this JsonElement verdict) => verdict.TryGetProperty("code", out var code) ? code.GetString() : null;
}
