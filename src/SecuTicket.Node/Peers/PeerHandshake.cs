using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>How two nodes prove to each other chain, genesis and key: hello, welcome, proof.</summary>
/// <remarks>
/// Each signs all that both said, with the address that was called, both challenges and its own role in front, so a signature serves in the one handshake that it was made for and in no other place. What is
/// signed begins with text, hence is neither a payload (<c>{</c>) nor a header (<c>0x00</c>): no digest of a handshake is a transaction id or a block's hash.
/// </remarks>
public static class PeerHandshake
{
    /// <summary>What begins the bytes that the called node signs, in ASCII.</summary>
    public const string WelcomeTag = "SecuTicket peer welcome v1";

    /// <summary>What begins the bytes that the caller signs, in ASCII.</summary>
    public const string ProofTag = "SecuTicket peer proof v1";

    /// <summary>Most characters of a chain's name and of a software's.</summary>
    public const int MaxName = 64;

    /// <summary>Answers a hello.</summary>
    /// <param name="hello">What the caller said; that its key is its own is not proven yet.</param>
    /// <param name="self">Who is called.</param>
    /// <param name="challenge">32 random bytes, new for each handshake.</param>
    /// <param name="sign">Signs a digest with the key of <paramref name="self"/>; low s.</param>
    /// <returns>The welcome; <c>not_a_node</c>, <c>other_chain</c> or <c>self</c>, checked in this order.</returns>
    public static Verdict<PeerWelcome> Welcome(PeerHello hello, PeerIdentity self, Hash256 challenge, Func<Hash256, Signature> sign) =>
        RefuseClaims(hello.Self, self) is { } refusal ? refusal : new PeerWelcome(self, challenge, sign(WelcomeDigest(hello, self, challenge)));

    /// <summary>Checks that a hello which would be welcome was sent to us: else whoever got it could pass it on, and the proof after it, and be taken for its sender.</summary>
    /// <param name="hello">What the caller said.</param>
    /// <param name="self">Who is called.</param>
    /// <returns>Accepted; <c>not_a_node</c>.</returns>
    public static Verdict VerifyTo(PeerHello hello, PeerSelf self)
    {
        if (self.IsReachedAt(hello.To)) return Verdict.Accepted;

        var own = self.Identity();
        var right = own.Address is { } address ? $"at {address}" : own.Port is { } port ? $"from its own machine at port {port}" : "from its own machine";
        return new Refusal(PeerRefusals.NotANode, $"The hello is for another address than this node's, which is reached {right}.");
    }

    /// <summary>Checks the answer to our hello.</summary>
    /// <returns>Accepted; <c>not_a_node</c> for malformed claims, <c>other_chain</c>, <c>self</c>, or <c>not_a_node</c> for the signature, checked in this order.</returns>
    public static Verdict VerifyWelcome(PeerHello hello, PeerWelcome welcome, TransactionVerifier verifier)
    {
        if (RefuseClaims(welcome.Self, hello.Self) is { } refusal) return refusal;

        return verifier.VerifyDigest(welcome.Self.Key, WelcomeDigest(hello, welcome.Self, welcome.Challenge), welcome.Signature) ? Verdict.Accepted : WrongSignature("welcome");
    }

    /// <summary>Proves our key to a node whose welcome was found right.</summary>
    /// <param name="hello">Our hello.</param>
    /// <param name="welcome">Its answer.</param>
    /// <param name="sign">Signs a digest with the key of the hello; low s.</param>
    public static PeerProof Prove(PeerHello hello, PeerWelcome welcome, Func<Hash256, Signature> sign) => new(welcome.Challenge, sign(ProofDigest(hello, welcome)));

    /// <summary>Checks what a caller answered to our welcome.</summary>
    /// <param name="hello">The hello that was welcomed.</param>
    /// <param name="welcome">Our welcome.</param>
    /// <param name="proof">The caller's answer.</param>
    /// <param name="verifier">Checks signatures.</param>
    /// <returns>Accepted; <c>not_a_node</c> for malformed claims, <c>other_chain</c>, <c>self</c>, or <c>not_a_node</c> for the signature, checked in this order.</returns>
    public static Verdict VerifyProof(PeerHello hello, PeerWelcome welcome, PeerProof proof, TransactionVerifier verifier)
    {
        if (RefuseClaims(hello.Self, welcome.Self) is { } refusal) return refusal;

        return proof.Challenge == welcome.Challenge && verifier.VerifyDigest(hello.Self.Key, ProofDigest(hello, welcome), proof.Signature) ? Verdict.Accepted : WrongSignature("proof");
    }

    /// <summary>What the called node signs: SHA-256(<see cref="WelcomeTag"/> ‖ transcript).</summary>
    public static Hash256 WelcomeDigest(PeerHello hello, PeerIdentity self, Hash256 challenge) => Hash256.Sha256(Transcript(WelcomeTag, hello, self, challenge));

    /// <summary>What the caller signs: SHA-256(<see cref="ProofTag"/> ‖ transcript).</summary>
    public static Hash256 ProofDigest(PeerHello hello, PeerWelcome welcome) => Hash256.Sha256(Transcript(ProofTag, hello, welcome.Self, welcome.Challenge));

    // Tag ‖ the caller's claims ‖ whom it calls ‖ its challenge ‖ the called node's claims ‖ its challenge. No tag begins another one, and all that varies in length has its length before it.
    private static byte[] Transcript(string tag, PeerHello hello, PeerIdentity called, Hash256 challenge)
    {
        var bytes = new List<byte>(1_024);
        bytes.AddRange(System.Text.Encoding.ASCII.GetBytes(tag));
        AddClaims(bytes, hello.Self);
        AddText(bytes, hello.To.ToString());
        bytes.AddRange(hello.Challenge.Span);
        AddClaims(bytes, called);
        bytes.AddRange(challenge.Span);
        return [.. bytes];
    }

    private static void AddClaims(List<byte> bytes, PeerIdentity claims)
    {
        AddText(bytes, claims.ChainId);
        bytes.AddRange(claims.Genesis.Span);
        bytes.AddRange(claims.Key.Span);
        AddText(bytes, claims.Address?.ToString() ?? string.Empty);
        Span<byte> numbers = stackalloc byte[sizeof(ushort) + sizeof(long) + 16];
        BinaryPrimitives.WriteUInt16BigEndian(numbers, checked((ushort)(claims.Port ?? 0)));
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(ushort)..], claims.Tip.Height);
        BinaryPrimitives.WriteUInt128BigEndian(numbers[(sizeof(ushort) + sizeof(long))..], claims.Tip.Weight);
        bytes.AddRange(numbers);
        bytes.AddRange(claims.Tip.Hash.Span);
        AddText(bytes, claims.Software);
    }

    private static void AddText(List<byte> bytes, string text)
    {
        bytes.Add(checked((byte)text.Length));
        bytes.AddRange(System.Text.Encoding.ASCII.GetBytes(text));
    }

    private static Refusal? RefuseClaims(PeerIdentity claims, PeerIdentity own)
    {
        if (!IsWellFormed(claims)) return new Refusal(PeerRefusals.NotANode, "What it says of itself is not what a node of this protocol says.");
        if (claims.ChainId != own.ChainId || claims.Genesis != own.Genesis)
            return new Refusal(PeerRefusals.OtherChain, $"It is on another chain, or on one of another specification: this node is on {own.ChainId} with genesis {own.Genesis}.");

        // By the account, not by the key: a point that is not on the curve has the account of the one whose X it took.
        return claims.Node == own.Node ? new Refusal(PeerRefusals.Self, "It has this node's own key: it is this node itself, or one that was copied with its keys.") : null;
    }

    private static bool IsWellFormed(PeerIdentity claims) =>
        IsText(claims.ChainId, '!') && IsText(claims.Software, ' ')
        && claims.Port is null or (>= 1 and <= 65_535) && (claims.Port is null || claims.Address is null)
        && claims.Tip.Height is >= 0 and <= CanonicalJson.MaxInteger;

    private static bool IsText(string text, char first) => text.Length is >= 1 and <= MaxName && text.AsSpan().IndexOfAnyExceptInRange(first, '~') < 0;

    private static Refusal WrongSignature(string message) => new(PeerRefusals.NotANode, $"The signature of its {message} is not its key's over this handshake.");
}
