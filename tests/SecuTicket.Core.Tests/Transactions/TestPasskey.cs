using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>A passkey in a test, its authenticator and its browser: what each writes can be changed, and is signed all the same.</summary>
/// <param name="Name">The same name has the same key in every run.</param>
internal sealed record TestPasskey(string Name)
{
    public const string Page = "https://tickets.example";
    public const string UsualRest = ",\"crossOrigin\":false}";

    // What Chromium adds now and then.
    public const string ReminderRest = ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"do not compare clientDataJSON against a template. See https://goo.gl/yabPex\"}";

    public string Origin { get; init; } = Page;

    public string RelyingParty { get; init; } = "tickets.example";

    // UP, UV, BE, BS: a passkey that a phone keeps and a cloud copies.
    public byte Flags { get; init; } = 0x1d;

    public uint Counter { get; init; }

    public byte[] Extensions { get; init; } = [];

    public string Type { get; init; } = "webauthn.get";

    public string Rest { get; init; } = UsualRest;

    public PublicKey Key
    {
        get
        {
            using var key = Own();
            Span<byte> point = stackalloc byte[PublicKey.Size];
            key.CopyPublicKey(point);
            return new PublicKey(point);
        }
    }

    public Address Address => Address.Of(Key);

    public byte[] Authenticator => [.. Hash256.Sha256(System.Text.Encoding.ASCII.GetBytes(RelyingParty)).Span, Flags, .. BitConverter.GetBytes(Counter).Reverse(), .. Extensions];

    public TransactionSignature Sign(in Hash256 challenge) => SignClient($"{{\"type\":\"{Type}\",\"challenge\":\"{PasskeyAssertion.ChallengeOf(challenge)}\",\"origin\":\"{Origin}\"{Rest}");

    public TransactionSignature SignClient(string client) => SignClient(System.Text.Encoding.UTF8.GetBytes(client));

    public TransactionSignature SignClient(byte[] client)
    {
        // As W3C WebAuthn, section 6.3.3, step 11, says it, and not by the code under test.
        using var key = Own();
        Span<byte> signature = stackalloc byte[Signature.Size];
        var authenticator = Authenticator;
        key.Sign(Hash256.Sha256([.. authenticator, .. Hash256.Sha256(client).Span]).Span, signature);
        return new TransactionSignature(SignatureScheme.Webauthn, Key, new Signature(signature), new PasskeyAssertion([.. authenticator], [.. client]));
    }

    public GateCode Code(string chainId, TicketId ticket, uint at)
    {
        var signature = Sign(GateCode.Digest(chainId, ticket, at));
        WebOrigin.TryParse(Origin, out var origin).Should().BeTrue();
        var passkey = new CodeAssertion(Flags, Counter, (byte)RelyingParty.Length, origin, Rest == UsualRest ? [] : [.. System.Text.Encoding.UTF8.GetBytes(Rest)]);
        return new GateCode(ticket, at, Key, signature.Value, passkey);
    }

    private P256PrivateKey Own() => P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(Name)).Span);
}
