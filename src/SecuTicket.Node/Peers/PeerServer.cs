using System.Net;
using System.Net.Sockets;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Who we are to those who call.</summary>
/// <param name="Identity">What we say of ourselves now.</param>
/// <param name="Sign">Signs a digest with the key of that identity; low s.</param>
/// <param name="FillRandom">Where challenges and tokens come from.</param>
public sealed record PeerSelf(Func<PeerIdentity> Identity, Func<Hash256, Signature> Sign, FillRandom FillRandom);

/// <summary>A request as it came.</summary>
/// <param name="Kind">The last part of its path: <c>/peer/v1/{kind}</c>.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Session">What the caller shows; null when nothing.</param>
/// <param name="From">The address it came from.</param>
public sealed record ReceivedRequest(string Kind, ReadOnlyMemory<byte> Body, SessionToken? Session, IPAddress From);

/// <summary>What is done with a request. Either there is an answer now, or one is waited for.</summary>
/// <param name="Answer">What to send now, an answer or a refusal; null while <paramref name="Waited"/> has none.</param>
/// <param name="Waited">Where the loop puts the answer; null when there is one.</param>
/// <param name="Told">What the loop is to be told; null for nothing.</param>
public sealed record ServedRequest(Verdict<PeerAnswer>? Answer, Reply<PeerAnswer>? Waited, NetworkInput? Told);

/// <summary>Decides what a peer's request gets: who may ask, what is read at once, what the loop hears. No I/O but the store's reads. Thread-safe.</summary>
/// <param name="spec">What the chain's nodes agree on.</param>
/// <param name="self">Who we are.</param>
/// <param name="sessions">Who may call.</param>
/// <param name="reads">What may be read.</param>
/// <param name="verifier">Checks signatures of handshakes.</param>
public sealed class PeerServer(ChainSpec spec, PeerSelf self, PeerSessions sessions, PeerReads reads, TransactionVerifier verifier)
{
    /// <summary>Decides what a request gets.</summary>
    /// <returns>
    /// Refusals: <c>session_unknown</c>, <c>rate_limited</c>, <c>banished</c> and <c>not_found</c> (Transient), <c>malformed_message</c>, and in a handshake <c>not_a_node</c>,
    /// <c>other_chain</c> and <c>self</c>.
    /// </returns>
    /// <exception cref="Storage.StorageException">The disk failed.</exception>
    public ServedRequest Serve(ReceivedRequest request, long now)
    {
        // Who shows no session begins one or gets nothing: his bytes are not looked at.
        if (PeerKinds.IsJson(request.Kind)) return Greet(request, now);
        if (request.Session is not { } token) return Now(new Refusal(PeerSessions.SessionUnknown, "No session was shown. Begin with a hello.", RefusalKind.Transient));
        if (!sessions.Find(token, request.Body.Length, now).TryGet(out var caller, out var refusal)) return Now(refusal);
        if (!PeerCodec.DecodeRequest(request.Kind, request.Body.Span, spec).TryGet(out var read, out refusal)) return Refuse(caller, refusal);

        return Serve(caller, token, read);
    }

    private ServedRequest Serve(Address caller, SessionToken token, PeerRequest request)
    {
        switch (request)
        {
            case PeerRequest.AnnounceBlock announced:
                return Noted(new NetworkInput.BlockAnnounced(caller, announced.Tip, announced.Block));
            case PeerRequest.SendTransactions brought:
                return Noted(new NetworkInput.TransactionsBrought(caller, brought.Transactions));
            case PeerRequest.AnnounceTip announced:
                return Waiting(reply => new NetworkInput.TipAnnounced(caller, announced.Tip, announced.Header, reply));
            case PeerRequest.AnnounceTransactions announced:
                return Waiting(reply => new NetworkInput.TransactionsAnnounced(caller, announced.Leaves, reply));
            default:
                if (!reads.Answer(request).TryGet(out var answer, out var refusal)) return Refuse(caller, refusal);

                sessions.CountAnswer(token, SizeOf(answer));
                return Now(answer);
        }
    }

    private static ServedRequest Waiting(Func<Reply<PeerAnswer>, NetworkInput> tell)
    {
        var reply = new Reply<PeerAnswer>();
        return new ServedRequest(null, reply, tell(reply));
    }

    private ServedRequest Greet(ReceivedRequest request, long now)
    {
        if (!PeerCodec.DecodeRequest(request.Kind, request.Body.Span, spec).TryGet(out var read, out var refusal)) return Now(refusal);

        return read switch
        {
            PeerRequest.Hello hello => Now(Welcome(hello.Claims, request.From, now)),
            PeerRequest.Prove prove => Admit(prove.Proof, request.From, now),
            _ => throw new InvalidOperationException($"{request.Kind} is no handshake."),
        };
    }

    private Verdict<PeerAnswer> Welcome(PeerHello hello, IPAddress from, long now)
    {
        if (sessions.MayBegin(hello.Self.Node, from, now).Refusal is { } refusal) return refusal;
        if (!PeerHandshake.Welcome(hello, self.Identity(), Challenge(), self.Sign).TryGet(out var welcome, out refusal)) return refusal;

        return sessions.Begin(hello, welcome, from, now).Refusal is { } late ? late : new PeerAnswer.Welcome(welcome);
    }

    private ServedRequest Admit(PeerProof proof, IPAddress from, long now)
    {
        if (!sessions.TakeHandshake(proof.Challenge, now).TryGet(out var handshake, out var refusal)) return Now(refusal);
        if (PeerHandshake.VerifyProof(handshake.Hello, handshake.Welcome, proof, verifier).Refusal is { } wrong) return Now(wrong);

        var (caller, token) = (handshake.Hello.Self, Token());
        if (sessions.Start(caller.Node, from, token, now).Refusal is { } full) return Now(full);

        return new ServedRequest(new PeerAnswer.Session(token), null, new NetworkInput.Greeted(caller, Reached(caller, from)));
    }

    // A node that does not know its host is reached where it called from. That can not be had of a link-local address: it means nothing without the network card that it came in by.
    private static PeerAddress? Reached(PeerIdentity caller, IPAddress from)
    {
        if (caller.Port is not { } port) return caller.Address;

        return PeerAddress.TryParse(from.AddressFamily == AddressFamily.InterNetworkV6 ? $"http://[{from}]:{port}" : $"http://{from}:{port}", out var address) ? address : null;
    }

    private static long SizeOf(PeerAnswer answer) => answer switch
    {
        PeerAnswer.Headers headers => headers.Items.Count * (long)BlockHeader.Size,
        PeerAnswer.Blocks blocks => blocks.Items.Sum(block => (long)block.Size),
        PeerAnswer.Compact compact => compact.Block.Size,
        PeerAnswer.Transactions transactions => transactions.Items.Sum(transaction => (long)transaction.Size),
        _ => 0,
    };

    private static ServedRequest Now(Verdict<PeerAnswer> answer) => new(answer, null, null);

    private static ServedRequest Noted(NetworkInput told) => new(new PeerAnswer.Noted(), null, told);

    // A kind that is not known here may be of a later version: no fault of the caller's.
    private static ServedRequest Refuse(Address caller, Refusal refusal) =>
        new(refusal, null, refusal.Code == PeerCodec.MalformedMessage ? new NetworkInput.Misbehaved(caller, refusal) : null);

    private Hash256 Challenge()
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        self.FillRandom(bytes);
        return new Hash256(bytes);
    }

    private SessionToken Token()
    {
        Span<byte> bytes = stackalloc byte[SessionToken.Size];
        self.FillRandom(bytes);
        return new SessionToken(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
