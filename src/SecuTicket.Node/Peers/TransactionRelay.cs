using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Brings pending transactions to peers: leaves are announced, and only what is wanted travels.</summary>
/// <remarks>
/// One announcement is on its way to each peer at a time, and what comes up meanwhile goes into the next: under load the batches grow by themselves.
/// A leaf is announced again soon, and all that waits now and then: a peer may have asked another one in vain, a transaction that depends on another not seen yet is refused at first, and a message may be lost.
/// </remarks>
internal sealed class TransactionRelay(NetworkSettings settings, Func<NodeSnapshot> snapshot, PendingLeaves pending, PeerLinks links, Outbox outbox)
{
    private long _nextOfferAt;
    private long _offeredUpTo = -1;

    /// <summary>Values remembered.</summary>
    public int Remembered => pending.Remembered + links.All.Sum(static link => link.Leaves.Remembered);

    /// <summary>When something is to be announced next.</summary>
    public long NextAt
    {
        get
        {
            var next = links.All.Length == 0 ? long.MaxValue : _nextOfferAt;
            foreach (var link in links.All)
                if (link.IsReady) next = Math.Min(next, link.Leaves.NextAt);
            return next;
        }
    }

    /// <summary>Starts from what waits now.</summary>
    public void Restart()
    {
        pending.Restart();
        foreach (var link in links.All) Offer(link);
    }

    /// <summary>Announces all that waits to a new peer.</summary>
    public void Offer(PeerLink link)
    {
        link.Leaves.MissedFrom = 0;
        Flush(link);
    }

    /// <summary>Announces what it is time to announce.</summary>
    public void Tick()
    {
        if (outbox.Now >= _nextOfferAt) OfferAgain();
        foreach (var link in links.All) Flush(link);
    }

    /// <summary>The clock was set back: what waits for a time that is far away now goes at once.</summary>
    public void Reschedule()
    {
        _nextOfferAt = outbox.Now;
        foreach (var link in links.All) link.Leaves.Reschedule();
    }

    /// <summary>A transaction waits here since now.</summary>
    public void Announce(PendingTransaction waiting)
    {
        pending.Add(waiting);
        foreach (var link in links.All)
        {
            if (!link.IsReady) continue;

            link.Leaves.Add(waiting.Transaction.Transaction.Leaf, waiting.Sequence);
            Flush(link);
        }
    }

    // What has waited for some time, the next part of it each time.
    private void OfferAgain()
    {
        _nextOfferAt = outbox.Now + settings.OfferAgainInterval;
        var waiting = snapshot().Pending.InOrder.Select(entry => entry.Value)
            .Where(one => one.Sequence > _offeredUpTo && one.AdmittedAt <= outbox.Now - settings.OfferAgainInterval)
            .Take(settings.OfferedAgain)
            .ToArray();
        _offeredUpTo = waiting.Length == settings.OfferedAgain ? waiting[^1].Sequence : -1;
        foreach (var link in links.Ready)
            foreach (var one in waiting) link.Leaves.AddAgain(one.Transaction.Transaction.Leaf);
    }

    private void Flush(PeerLink link)
    {
        var queue = link.Leaves;
        if (!link.IsReady || outbox.Now < queue.NextAt) return;

        if (queue.IsDrained) Refill(queue);
        var batch = queue.Take(outbox.Now, pending.Contains);
        if (batch.Leaves.Length == 0) return;

        outbox.Call<PeerAnswer.Wanted>(
            link,
            new PeerRequest.AnnounceTransactions([.. batch.Leaves]),
            (wanted, _) =>
            {
                queue.Heard(batch, outbox.Now);
                Send(link, new Queue<Hash256>(wanted.Places.Where(place => place < batch.Leaves.Length).Select(place => batch.Leaves[place])), outbox.Now + settings.WantedFor);
            },
            why => Fail(link, batch, why));
    }

    private void Refill(LeafQueue queue)
    {
        if (queue.MissedFrom is not { } from) return;

        queue.MissedFrom = null;
        var inOrder = snapshot().Pending.InOrder;
        foreach (var (_, one) in from == 0 ? inOrder : inOrder.After(new Ordinal(from - 1)))
            if (!queue.Add(one.Transaction.Transaction.Leaf, one.Sequence)) return;
    }

    // What comes after its time is not looked at: it is announced again instead.
    private void Send(PeerLink link, Queue<Hash256> wanted, long until)
    {
        Hash256[] left = [.. wanted];
        var batch = new List<Transaction>();
        var size = 0;
        while (wanted.TryPeek(out var leaf))
        {
            if (pending.Find(leaf) is { } transaction)
            {
                if (batch.Count > 0 && size + transaction.Size > PeerLimits.TransactionBytes) break;

                batch.Add(transaction);
                size += transaction.Size;
            }

            wanted.Dequeue();
        }

        if (batch.Count == 0) Finish(link);
        else if (!link.IsReady || outbox.Now >= until) link.Leaves.PutBack(new LeafBatch(left, left.Length), outbox.Now);
        else outbox.Call<PeerAnswer.Noted>(link, new PeerRequest.SendTransactions([.. batch]), (_, _) => Send(link, wanted, until), why => Fail(link, new LeafBatch(left, left.Length), why));
    }

    // What a peer can not read, it can not read a second time either.
    private void Fail(PeerLink link, LeafBatch batch, Refusal why)
    {
        if (why.Code is PeerRefusals.MalformedMessage or RefusalCodes.TooLarge or RefusalCodes.NotFound) Finish(link);
        else link.Leaves.PutBack(batch, outbox.Now);
    }

    private void Finish(PeerLink link)
    {
        link.Leaves.Finish();
        Flush(link);
    }
}
