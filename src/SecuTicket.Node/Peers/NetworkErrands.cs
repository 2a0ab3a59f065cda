using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>Does what <see cref="NetworkLoop"/> wants done and must hear of: each errand ends with exactly one input, whatever happens on the way.</summary>
/// <param name="node">Takes blocks and transactions.</param>
/// <param name="client">Calls peers.</param>
/// <param name="counts">Counts what came.</param>
/// <param name="report">Hears of failures of our own.</param>
/// <param name="stop">Cancelled when the node stops.</param>
internal sealed class NetworkErrands(TicketNode node, PeerClient client, NetworkCounts counts, Action<NetworkReport> report, CancellationToken stop)
{
    /// <summary>Why something has no answer after an error of our own.</summary>
    public static readonly Refusal Failed = new("internal_error", "This node met an error of its own, which it has logged.", RefusalKind.Transient);

    /// <summary>Why something has no answer when the node stops.</summary>
    public static readonly Refusal Stopping = new(PeerRefusals.NotReady, "The node is stopping.", RefusalKind.Transient);

    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(15);

    private ChainSpec Spec => node.Spec;

    /// <summary>Calls a peer.</summary>
    public async Task<NetworkInput> CallAsync(NetworkEffect.Call call)
    {
        try
        {
            return await AskAsync(call);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new NetworkInput.CallFailed(call.Number, Stopping);
        }
        catch (Exception failure)
        {
            return new NetworkInput.CallFailed(call.Number, Report("A call to a peer failed.", failure));
        }
    }

    /// <summary>Offers blocks to our ledger, in the order of these calls; returns before any of them is looked at.</summary>
    public async Task<NetworkInput> OfferAsync(NetworkEffect.OfferBlocks offer)
    {
        try
        {
            var verdict = await node.OfferAsync(offer.Blocks, stop);
            if (verdict.TryGet(out var acceptance, out _)) counts.AddBlocks(acceptance.Connected);
            return new NetworkInput.BlocksJudged(offer.Job, verdict);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new NetworkInput.BlocksJudged(offer.Job, Stopping);
        }
        catch (Exception failure)
        {
            return new NetworkInput.BlocksJudged(offer.Job, Report("Blocks of a peer could not be judged.", failure));
        }
    }

    /// <summary>Submits transactions to our ledger; their signatures are checked first, on all cores.</summary>
    public async Task<NetworkInput> SubmitAsync(NetworkEffect.SubmitTransactions submit)
    {
        try
        {
            return new NetworkInput.TransactionsJudged(submit.Job, await JudgeAsync(submit.Transactions));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return AllRefused(submit, Stopping);
        }
        catch (Exception failure)
        {
            return AllRefused(submit, Report("Transactions of a peer could not be judged.", failure));
        }
    }

    private async Task<NetworkInput> AskAsync(NetworkEffect.Call call)
    {
        var kind = PeerKinds.Of(call.Request);
        var message = new PeerCall(call.To, kind, PeerCodec.Encode(call.Request)) { Session = call.Session, IsJson = PeerKinds.IsJson(kind) };
        var answer = await client.CallAsync(message, LimitsOf(kind, Spec), stop);
        if (!answer.TryGet(out var reply, out var refusal)) return new NetworkInput.CallFailed(call.Number, refusal);

        counts.AddBytes(reply.BytesSent, reply.BytesReceived);
        return PeerCodec.DecodeAnswer(kind, reply.Body.Span, Spec).TryGet(out var read, out refusal)
            ? new NetworkInput.Answered(call.Number, read, reply.Body.Length, reply.Block.Text)
            : new NetworkInput.CallFailed(call.Number, refusal);
    }

    // A handshake is small, and an operator may be waiting for it; while headers trickle in, nobody else is asked for them.
    internal static PeerCallLimits LimitsOf(string kind, ChainSpec spec)
    {
        var limits = new PeerCallLimits(PeerCodec.MaxAnswerSize(kind, spec));
        return kind switch
        {
            PeerKinds.Hello or PeerKinds.Proof => limits with { CallTime = HandshakeTime },
            PeerKinds.Tip or PeerKinds.Addresses or PeerKinds.Headers => limits with { CallTime = LookTime },
            _ => limits,
        };
    }

    private async Task<Refusal?[]> JudgeAsync(IReadOnlyList<Transaction> transactions)
    {
        var verified = transactions.AsParallel().AsOrdered().Select(node.Verifier.Verify).ToArray();
        Refusal?[] refusals = [.. verified.Select(verdict => verdict.Refusal)];
        int[] places = [.. Enumerable.Range(0, verified.Length).Where(place => verified[place].IsAccepted)];
        if (places.Length == 0) return refusals;

        var submitted = await node.SubmitAsync([.. places.Select(place => verified[place].Value)], stop);
        for (var i = 0; i < places.Length; i++) refusals[places[i]] = submitted.TryGet(out var submissions, out var none) ? submissions[i].Refusal : none;
        if (submitted.IsAccepted) counts.AddTransactions(submitted.Value.Count(static one => one is { IsNew: true, Status: TransactionStatus.Pending }));
        return refusals;
    }

    private static NetworkInput.TransactionsJudged AllRefused(NetworkEffect.SubmitTransactions submit, Refusal why) =>
        new(submit.Job, [.. Enumerable.Repeat(why, submit.Transactions.Count)]);

    private Refusal Report(string sentence, Exception failure)
    {
        // What fails after the end fails because of it.
        if (!stop.IsCancellationRequested) report(new NetworkReport(sentence, Failure: failure));
        return Failed;
    }
}
