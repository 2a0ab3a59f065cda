using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Transactions;

/// <summary>What a ticket says of who holds it: a hash that only the holder can open, with the identity and its salt.</summary>
/// <remarks>
/// Without the salt, 32 random bytes that never go on the chain, nobody can find out by trying names which of them a commitment stands for; when it is erased
/// the commitment says nothing about anyone any more. A pure function, so that a holder can make one without a node.
/// </remarks>
public static class IdentityCommitment
{
    /// <summary>Bytes of a salt: 32.</summary>
    public const int SaltSize = Hash256.Size;

    /// <summary>Most bytes of an identity in canonical form: 16 KiB.</summary>
    public const int MaxIdentitySize = 16_384;

    /// <summary>How deep an identity may be: one less than what is read, so that it can be shown inside another object.</summary>
    public const int MaxDepth = CanonicalJson.MaxAnyDepth - 1;

    /// <summary>SHA-256 of <c>"SecuTicket identity" ‖ salt(32) ‖ canonical identity</c>.</summary>
    /// <param name="salt">32 random bytes, new for each identity.</param>
    /// <param name="canonicalIdentity">The identity, a JSON object, in canonical form (RFC 8785).</param>
    public static Hash256 Of(in Hash256 salt, ReadOnlySpan<byte> canonicalIdentity) => Hash256.Sha256([.. "SecuTicket identity"u8, .. salt.Span, .. canonicalIdentity]);

    /// <summary>The canonical bytes of an identity.</summary>
    /// <param name="identity">What the holder says of themself.</param>
    /// <returns><c>invalid_field</c> when it is no object or deeper than <see cref="MaxDepth"/>, <c>too_large</c> when it takes more than <see cref="MaxIdentitySize"/> bytes.</returns>
    public static Verdict<byte[]> Canonical(JsonValue identity)
    {
        if (identity.Kind != JsonKind.Object) return new Refusal(RefusalCodes.InvalidField, $"An identity is a JSON object, not {identity.Kind}.", Field: "identity");

        if (identity.Depth > MaxDepth) return new Refusal(RefusalCodes.InvalidField, $"An identity is at most {MaxDepth} deep, this one is {identity.Depth}.", Field: "identity");

        var canonical = CanonicalJson.Write(identity);
        return canonical.Length <= MaxIdentitySize
            ? canonical
            : new Refusal(RefusalCodes.TooLarge, $"The identity takes {canonical.Length} bytes in canonical form, {MaxIdentitySize} at most.", Field: "identity");
    }
}
