using System.Buffers.Binary;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>What a holder shows at the gate: a ticket, a moment, and the holder's signature over both.</summary>
/// <remarks>
/// Written <c>ST1:</c> and the base45 of <c>0x01 ‖ ticket_id(16) ‖ unix seconds(4, big-endian) ‖ compressed public key(33) ‖ r ‖ s(64)</c>: 181
/// characters of a QR code's alphanumeric mode. Of a passkey <c>0x02</c>, the same fields, and <see cref="CodeAssertion"/>: some 230 characters. Reading checks form alone; whether the
/// signature fits <see cref="Digest"/>, the key is the owner's and the moment is now is for the gate to judge.
/// </remarks>
/// <param name="Ticket">The ticket.</param>
/// <param name="At">When the code was made: unix seconds.</param>
/// <param name="Key">The key that signed.</param>
/// <param name="Signature">The signature over <see cref="Digest"/>, or by a passkey with it as challenge; s low.</param>
/// <param name="Passkey">What a passkey signed beside the challenge; null for a plain key.</param>
public readonly record struct GateCode(TicketId Ticket, uint At, PublicKey Key, Signature Signature, CodeAssertion? Passkey = null)
{
    /// <summary>Characters of a plain key's code: always this many.</summary>
    public const int Length = 181;

    /// <summary>Most characters of a passkey's code.</summary>
    public const int MaxLength = 512;

    private const string Prefix = "ST1:";
    private const byte Version = 0x01;
    private const byte PasskeyVersion = 0x02;
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
        if (text.Length > MaxLength) return Invalid($"it has {text.Length} characters, at most {MaxLength} are read");
        if (!Base45.TryDecode(text.AsSpan(Prefix.Length), out var bytes)) return Invalid("what follows the prefix is not base45 (RFC 9285)");
        if (bytes.Length < Size) return Invalid($"it has {bytes.Length} bytes, {Size} at least are due");
        if (bytes[0] is not (Version or PasskeyVersion)) return Invalid($"its version is {bytes[0]}, neither {Version} nor {PasskeyVersion}");
        if (bytes[0] == Version && bytes.Length != Size) return Invalid($"{bytes.Length - Size} bytes follow its signature");
        if (!PublicKey.TryDecompress(bytes.AsSpan(KeyOffset, PublicKey.CompressedSize), out var key)) return Invalid("its public key is no point of P-256");

        Span<byte> signature = stackalloc byte[Signature.Size];
        if (!P256Signature.TryNormalise(bytes.AsSpan(SignatureOffset, Signature.Size), signature)) return Invalid("its signature is out of range");

        CodeAssertion? passkey = null;
        if (bytes[0] == PasskeyVersion && !CodeAssertion.TryRead(bytes.AsSpan(Size), out passkey)) return Invalid("what its passkey signed is not written as it must be");

        return new GateCode(
            new TicketId(bytes.AsSpan(1, TicketId.Size)),
            BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(AtOffset)),
            key,
            new Signature(signature),
            passkey);
    }

    /// <summary>The code's text.</summary>
    public string Format()
    {
        var bytes = new byte[Size + (Passkey?.Size ?? 0)];
        bytes[0] = Passkey is null ? Version : PasskeyVersion;
        Ticket.Span.CopyTo(bytes.AsSpan(1));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(AtOffset), At);
        Key.WriteCompressed(bytes.AsSpan(KeyOffset));
        Signature.Span.CopyTo(bytes.AsSpan(SignatureOffset));
        Passkey?.Write(bytes.AsSpan(Size));
        return Prefix + Base45.Encode(bytes);
    }

    /// <inheritdoc/>
    public override string ToString() => Format();

    private static Refusal Invalid(string reason) => new("invalid", $"This is no gate code: {reason}.");
}
