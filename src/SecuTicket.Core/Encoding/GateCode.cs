using System.Buffers.Binary;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>What a holder shows at the gate: a ticket, a moment, and the holder's signature over both.</summary>
/// <remarks>
/// Written <c>ST1:</c> and the base45 of <c>0x01 ‖ ticket_id(16) ‖ unix seconds(4, big-endian) ‖ compressed public key(33) ‖ r ‖ s(64)</c>: 181
/// characters of a QR code's alphanumeric mode. Reading checks form alone; whether the signature fits <see cref="Digest"/>, the key is the
/// owner's and the moment is now is for the gate to judge.
/// </remarks>
/// <param name="Ticket">The ticket.</param>
/// <param name="At">When the code was made: unix seconds.</param>
/// <param name="Key">The key that signed.</param>
/// <param name="Signature">The signature over <see cref="Digest"/>, s low.</param>
public readonly record struct GateCode(TicketId Ticket, uint At, PublicKey Key, Signature Signature)
{
    /// <summary>Characters of a code: always this many.</summary>
    public const int MaxLength = 181;

    private const string Prefix = "ST1:";
    private const byte Version = 0x01;
    private const int AtOffset = 1 + TicketId.Size;
    private const int KeyOffset = AtOffset + sizeof(uint);
    private const int SignatureOffset = KeyOffset + PublicKey.CompressedSize;
    private const int Size = SignatureOffset + Signature.Size;

    /// <summary>SHA-256 of <c>"SecuTicket gate code" ‖ chain_id ‖ ticket_id ‖ seconds(4, big-endian)</c>: what the holder signs.</summary>
    public static Hash256 Digest(string chainId, TicketId ticket, uint at)
    {
        Span<byte> seconds = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(seconds, at);
        return Hash256.Sha256([.. "SecuTicket gate code"u8, .. System.Text.Encoding.UTF8.GetBytes(chainId), .. ticket.Span, .. seconds]);
    }

    /// <summary>Reads a code. A high s is made low, as at every edge: not every wallet's library makes it so.</summary>
    /// <returns>The code, or a refusal with code <c>invalid</c> saying what is wrong with the text.</returns>
    public static Verdict<GateCode> Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return Invalid($"it does not start with {Prefix}");
        if (text.Length != MaxLength) return Invalid($"it has {text.Length} characters, not {MaxLength}");
        if (!Base45.TryDecode(text.AsSpan(Prefix.Length), out var bytes)) return Invalid("what follows the prefix is not base45 (RFC 9285)");
        if (bytes[0] != Version) return Invalid($"its version is {bytes[0]}, not {Version}");
        if (!PublicKey.TryDecompress(bytes.AsSpan(KeyOffset, PublicKey.CompressedSize), out var key)) return Invalid("its public key is no point of P-256");

        Span<byte> signature = stackalloc byte[Signature.Size];
        if (!P256Signature.TryNormalise(bytes.AsSpan(SignatureOffset), signature)) return Invalid("its signature is out of range");

        return new GateCode(
            new TicketId(bytes.AsSpan(1, TicketId.Size)),
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(AtOffset)),
            key,
            new Signature(signature));
    }

    /// <summary>The code's text.</summary>
    public string Format()
    {
        Span<byte> bytes = stackalloc byte[Size];
        bytes[0] = Version;
        Ticket.Span.CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[AtOffset..], At);
        Key.WriteCompressed(bytes[KeyOffset..]);
        Signature.Span.CopyTo(bytes[SignatureOffset..]);
        return Prefix + Base45.Encode(bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => Format();

    private static Refusal Invalid(string reason) => new("invalid", $"This is no gate code: {reason}.");
}
