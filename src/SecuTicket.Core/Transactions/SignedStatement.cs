using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>Bytes somebody signed: a header's 180, or a vote's canonical payload; the digest of both signatures is the SHA-256 of the bytes.</summary>
/// <param name="Message">What was signed, 1 to <see cref="MaxMessageSize"/> bytes.</param>
/// <param name="Key">The key.</param>
/// <param name="Signature">The signature, r ‖ s.</param>
public sealed record SignedStatement(EquatableArray<byte> Message, PublicKey Key, Signature Signature)
{
    /// <summary>Most bytes of a message: a vote takes some 400.</summary>
    public const int MaxMessageSize = 1_024;

    private const int ProofSize = PublicKey.Size + Primitives.Signature.Size;

    /// <summary>What the signature signs.</summary>
    public Hash256 Digest => Hash256.Sha256(Message.Span);

    /// <summary>The account of the key.</summary>
    public Address Signer => Address.Of(Key);

    /// <summary>Lower-case hex of message ‖ X ‖ Y ‖ r ‖ s, as payloads hold it.</summary>
    public override string ToString() => Convert.ToHexStringLower([.. Message.Span, .. Key.Span, .. Signature.Span]);

    internal static SignedStatement Read(FieldReader fields, string name)
    {
        var text = fields.Text(name, 2 * (ProofSize + 1), 2 * (ProofSize + MaxMessageSize), char.IsAsciiHexDigitLower, "lower-case hex digits");
        var bytes = new byte[text.Length / 2];
        if (Hex.TryDecode(text, bytes) && bytes.Length > ProofSize)
            return new SignedStatement(new EquatableArray<byte>(bytes[..^ProofSize]), new PublicKey(bytes.AsSpan(bytes.Length - ProofSize, PublicKey.Size)), new Signature(bytes.AsSpan(bytes.Length - Primitives.Signature.Size)));

        if (text.Length > 0) fields.Refuse(name, "Expected two hex digits for each byte.");
        return new SignedStatement([], default, default);
    }
}
