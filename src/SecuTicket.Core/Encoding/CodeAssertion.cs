using System.Buffers.Binary;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Encoding;

/// <summary>What a passkey signed for a gate code, without what the gate knows: the challenge, and all that browsers write alike.</summary>
/// <remarks>
/// <c>flags(1) ‖ counter(4) ‖ length of the relying party's id(1) ‖ length of the origin(1) ‖ origin ‖ what follows the origin in client data</c>; the last is left out where it is
/// <c>,"crossOrigin":false}</c>, as it mostly is. The relying party's id is the end of the origin's host. Client data begins as W3C WebAuthn Level 3, section 5.8.1.1, prescribes, so only
/// its end varies. Authenticator data with extensions has no place here: pages ask for none.
/// </remarks>
/// <param name="Flags">The flags of authenticator data.</param>
/// <param name="Counter">The counter of authenticator data; nobody compares it.</param>
/// <param name="RelyingPartyLength">Characters of the relying party's id.</param>
/// <param name="Origin">Where the page was.</param>
/// <param name="Rest">What follows the origin's quote in client data; empty for what mostly does.</param>
public sealed record CodeAssertion(byte Flags, uint Counter, byte RelyingPartyLength, WebOrigin Origin, EquatableArray<byte> Rest)
{
    private const int FixedSize = 1 + sizeof(uint) + 1 + 1;

    private static ReadOnlySpan<byte> UsualRest => ",\"crossOrigin\":false}"u8;

    /// <summary>Bytes of the written form.</summary>
    public int Size => FixedSize + Origin.Text.Length + Rest.Count;

    /// <summary>The assertion that was signed.</summary>
    /// <param name="challenge">The code's digest.</param>
    public PasskeyAssertion For(in Hash256 challenge)
    {
        var authenticator = new byte[PasskeyAssertion.MinAuthenticatorDataSize];
        Hash256.Sha256(System.Text.Encoding.ASCII.GetBytes(Origin.Host[^RelyingPartyLength..])).Span.CopyTo(authenticator);
        authenticator[Hash256.Size] = Flags;
        BinaryPrimitives.WriteUInt32BigEndian(authenticator.AsSpan(Hash256.Size + 1), Counter);
        byte[] client =
        [
            .. "{\"type\":\"webauthn.get\",\"challenge\":\""u8,
            .. System.Text.Encoding.ASCII.GetBytes(PasskeyAssertion.ChallengeOf(challenge)),
            .. "\",\"origin\":\""u8,
            .. System.Text.Encoding.ASCII.GetBytes(Origin.Text),
            (byte)'"',
            .. Rest.Count > 0 ? Rest.Span : UsualRest,
        ];
        return new PasskeyAssertion(new EquatableArray<byte>(authenticator), new EquatableArray<byte>(client));
    }

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[0] = Flags;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], Counter);
        destination[FixedSize - 2] = RelyingPartyLength;
        destination[FixedSize - 1] = (byte)System.Text.Encoding.ASCII.GetBytes(Origin.Text, destination[FixedSize..]);
        Rest.Span.CopyTo(destination[(FixedSize + Origin.Text.Length)..]);
    }

    /// <summary>Reads the written form; false for what no code has, and for a second way to write one.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, out CodeAssertion? assertion)
    {
        assertion = null;
        if (bytes.Length < FixedSize || bytes.Length < FixedSize + bytes[FixedSize - 1]) return false;

        var rest = bytes[(FixedSize + bytes[FixedSize - 1])..];
        var length = bytes[FixedSize - 2];
        if (!WebOrigin.TryParse(System.Text.Encoding.ASCII.GetString(bytes.Slice(FixedSize, bytes[FixedSize - 1])), out var origin) || length > origin.Host.Length || rest.SequenceEqual(UsualRest)) return false;

        assertion = new CodeAssertion(bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]), length, origin, [.. rest]);
        return true;
    }
}
