using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>What the present step of <see cref="NetworkLoop"/> wants done, and who waits for what comes of it.</summary>
/// <remarks>Whoever asks says at once what is to happen with the answer; so no message needs a place in a table of states, and one that nobody asked for finds nobody.</remarks>
internal sealed class Outbox
{
    /// <summary>Why a call has no answer when the peer was given up meanwhile.</summary>
    public static readonly Refusal LinkClosed = new(PeerRefusals.Unreachable, "The peer was given up meanwhile.", RefusalKind.Transient);

    private readonly List<NetworkEffect> _effects = [];
    private readonly Dictionary<long, AwaitedCall> _calls = [];
    private readonly Dictionary<long, Action<Verdict<BlockAcceptance>>> _blocks = [];
    private readonly Dictionary<long, Action<IReadOnlyList<Refusal?>>> _transactions = [];
    private long _next = 1;

    /// <summary>The present step's time, in milliseconds since 1970.</summary>
    public long Now { get; private set; }

    /// <summary>Answers awaited.</summary>
    public int Awaited => _calls.Count + _blocks.Count + _transactions.Count;

    public void Begin(long now) => Now = now;

    public IReadOnlyList<NetworkEffect> End()
    {
        NetworkEffect[] effects = [.. _effects];
        _effects.Clear();
        return effects;
    }

    /// <summary>Asks a peer.</summary>
    /// <param name="link">The peer.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="answered">Takes the answer and the bytes of its body.</param>
    /// <param name="failed">Hears why there is none.</param>
    public void Call<TAnswer>(PeerLink link, PeerRequest request, Action<TAnswer, long> answered, Action<Refusal> failed)
        where TAnswer : PeerAnswer
    {
        var (number, askedAt) = (_next++, Now);
        _calls.Add(number, new AwaitedCall(link, link.Session, request is PeerRequest.Hello or PeerRequest.Prove, Take, failed));
        _effects.Add(new NetworkEffect.Call(number, link.Address, link.Session, request));

        void Take(PeerAnswer answer, long bytes)
        {
            link.Took(Now - askedAt);
            if (answer is TAnswer expected) answered(expected, bytes);
            else failed(new Refusal(PeerRefusals.MalformedMessage, "The peer answered something else than what was asked."));
        }
    }

    public AwaitedCall? TakeCall(long number) => _calls.Remove(number, out var awaited) ? awaited : null;

    public void Offer(IReadOnlyList<Block> blocks, Action<Verdict<BlockAcceptance>> judged)
    {
        var number = _next++;
        _blocks.Add(number, judged);
        _effects.Add(new NetworkEffect.OfferBlocks(number, blocks));
    }

    public Action<Verdict<BlockAcceptance>>? TakeBlocks(long number) => _blocks.Remove(number, out var judged) ? judged : null;

    public void Submit(IReadOnlyList<Transaction> transactions, Action<IReadOnlyList<Refusal?>> judged)
    {
        var number = _next++;
        _transactions.Add(number, judged);
        _effects.Add(new NetworkEffect.SubmitTransactions(number, transactions));
    }

    public Action<IReadOnlyList<Refusal?>>? TakeTransactions(long number) => _transactions.Remove(number, out var judged) ? judged : null;

    public void Answer<T>(Reply<T> reply, Verdict<T> answer)
        where T : notnull => _effects.Add(new NetworkEffect.Answer(reply, () => reply.Set(answer)));

    public void Keep(PeerBookChange change) => _effects.Add(new NetworkEffect.Keep(change));

    public void Witness(SealedHeader header) => _effects.Add(new NetworkEffect.Witness(header));

    public void Banish(Address caller, long until) => _effects.Add(new NetworkEffect.Banish(caller, until));

    public void Report(string sentence, bool isAlarm = false) => _effects.Add(new NetworkEffect.Report(sentence, isAlarm));
}

/// <summary>A call that was made, and what is to be done with its answer.</summary>
/// <param name="Link">Who was called.</param>
/// <param name="Session">In which session.</param>
/// <param name="IsHandshake">Whether it was part of a handshake.</param>
/// <param name="Answered">Takes the answer and the bytes of its body.</param>
/// <param name="Failed">Hears why there is none.</param>
internal sealed record AwaitedCall(PeerLink Link, SessionToken? Session, bool IsHandshake, Action<PeerAnswer, long> Answered, Action<Refusal> Failed);
