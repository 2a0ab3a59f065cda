using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>Brings pending transactions to peers and takes theirs: leaves are announced, and only what is wanted travels.</summary>
/// <remarks>
/// One announcement is on its way to each peer at a time, and what comes up meanwhile goes into the next: under load the batches grow by themselves, without a timer.
/// All that waits is offered again now and then: a transaction that depends on one not seen yet is refused at first, and a message may be lost.
/// </remarks>
internal sealed class TransactionRelay(NetworkSettings settings, Func<NodeSnapshot> snapshot, PeerLinks links, Outbox outbox, Misconduct misconduct)
{
    private readonly Dictionary<Hash256, Hash256> _pendingLeaves = [];
    private readonly Dictionary<Hash256, Hash256> _leafOf = [];
    private readonly ExpiringSet<Hash256> _unwanted = new(settings.UnwantedLeaves);
    private readonly ExpiringSet<(Address Caller, Hash256 Leaf)> _asked = new(settings.UnwantedLeaves);
    private int _underJudgement;
    private long _offeredUpTo = -1;

    /// <summary>When all that waits is to be offered again.</summary>
    public long NextOfferAt { get; private set; }

    /// <summary>Values remembered.</summary>
    public int Remembered => _pendingLeaves.Count + _leafOf.Count + _unwanted.Count + _asked.Count;

    /// <summary>Starts from what waits now.</summary>
    public void Restart()
    {
        _pendingLeaves.Clear();
        _leafOf.Clear();
        foreach (var (_, pending) in snapshot().Pending.InOrder) Remember(pending.Transaction.Transaction);
        foreach (var link in links.Ready) Offer(link);
    }

    /// <summary>Announces all that waits to a new peer.</summary>
    public void Offer(PeerLink link)
    {
        foreach (var (_, pending) in snapshot().Pending.InOrder) Enqueue(link, LeafOf(pending.Transaction.Transaction));
        Flush(link);
    }

    /// <summary>Announces again what has waited for some time, the next part of it each time.</summary>
    public void OfferAgain()
    {
        NextOfferAt = outbox.Now + settings.OfferAgainInterval;
        var waiting = snapshot().Pending.InOrder.Select(entry => entry.Value)
            .Where(pending => pending.Sequence > _offeredUpTo && pending.AdmittedAt <= outbox.Now - settings.OfferAgainInterval)
            .Take(settings.OfferedAgain)
            .ToArray();
        _offeredUpTo = waiting.Length == settings.OfferedAgain ? waiting[^1].Sequence : -1;
        foreach (var link in links.Ready)
        {
            foreach (var pending in waiting) Enqueue(link, LeafOf(pending.Transaction.Transaction), again: true);
            Flush(link);
        }
    }

    /// <summary>Follows what becomes of transactions here.</summary>
    public void Follow(NodeEvent.TransactionDecided decision)
    {
        if (decision.Status == TransactionStatus.Pending)
        {
            if (snapshot().Pending.ById.Find(decision.Id) is not { } pending) return;

            var leaf = Remember(pending.Transaction.Transaction);
            foreach (var link in links.Ready)
            {
                Enqueue(link, leaf);
                Flush(link);
            }
        }
        else if (_leafOf.Remove(decision.Id, out var leaf))
        {
            _pendingLeaves.Remove(leaf);
            _unwanted.Put(leaf, outbox.Now + (decision.Status == TransactionStatus.Confirmed ? settings.ConfirmedFor : settings.RefusedFor), outbox.Now);
        }
    }

    /// <summary>Says which of the announced transactions are wanted.</summary>
    public void Judge(NetworkInput.TransactionsAnnounced announced)
    {
        var wanted = new List<int>();
        var link = links.Of(announced.Caller);
        for (var place = 0; place < announced.Leaves.Count; place++)
        {
            var leaf = announced.Leaves[place];
            link?.KnownLeaves.Add(leaf);
            if (_underJudgement + wanted.Count >= settings.TransactionsUnderJudgement || _pendingLeaves.ContainsKey(leaf) || _unwanted.Contains(leaf, outbox.Now)) continue;

            _unwanted.Put(leaf, outbox.Now + settings.WantedFor, outbox.Now);
            _asked.Put((announced.Caller, leaf), outbox.Now + settings.WantedFor, outbox.Now);
            wanted.Add(place);
        }

        outbox.Answer<PeerAnswer>(announced.Reply, new PeerAnswer.Wanted([.. wanted]));
    }

    /// <summary>Takes transactions that were asked for; others are not looked at.</summary>
    public void Take(NetworkInput.TransactionsBrought brought)
    {
        Transaction[] asked = [.. brought.Transactions.Where(transaction => _asked.Contains((brought.Caller, transaction.Leaf), outbox.Now))];
        if (asked.Length == 0) return;

        foreach (var transaction in asked) _asked.Remove((brought.Caller, transaction.Leaf));
        _underJudgement += asked.Length;
        outbox.Submit(asked, refusals =>
        {
            _underJudgement -= asked.Length;
            for (var i = 0; i < asked.Length; i++)
            {
                if (refusals[i] is not { } refusal)
                {
                    // One payload may have come with other signatures than those that wait here: it is not needed a second time.
                    if (!_pendingLeaves.ContainsKey(asked[i].Leaf)) _unwanted.Put(asked[i].Leaf, outbox.Now + settings.ConfirmedFor, outbox.Now);
                    continue;
                }

                _unwanted.Put(asked[i].Leaf, outbox.Now + settings.RefusedFor, outbox.Now);
                if (IsSendersFault(refusal)) misconduct.ChargeCaller(brought.Caller, Misconduct.Grave, $"it brought transaction {asked[i].Id}, refused with {refusal.Code}");
            }
        });
    }

    // What rules and limits say depends on what was seen before; that a signature is wrong does not.
    private static bool IsSendersFault(Refusal refusal) => refusal.Code is RefusalCodes.SignatureInvalid or RefusalCodes.SignatureMissing or RefusalCodes.WrongChain;

    private Hash256 Remember(Transaction transaction)
    {
        _pendingLeaves[transaction.Leaf] = transaction.Id;
        _leafOf[transaction.Id] = transaction.Leaf;
        _unwanted.Remove(transaction.Leaf);
        return transaction.Leaf;
    }

    private Hash256 LeafOf(Transaction transaction) => _leafOf.TryGetValue(transaction.Id, out var leaf) ? leaf : Remember(transaction);

    private void Enqueue(PeerLink link, Hash256 leaf, bool again = false)
    {
        if (link.LeafQueue.Count >= settings.QueuedLeaves || (!again && link.KnownLeaves.Contains(leaf))) return;

        link.KnownLeaves.Add(leaf);
        link.LeafQueue.Enqueue(leaf);
    }

    private void Flush(PeerLink link)
    {
        if (!link.IsReady || link.IsTakingTransactions) return;

        var batch = new List<Hash256>();
        while (batch.Count < PeerLimits.Leaves && link.LeafQueue.TryDequeue(out var leaf))
            if (_pendingLeaves.ContainsKey(leaf)) batch.Add(leaf);
        if (batch.Count == 0) return;

        link.IsTakingTransactions = true;
        outbox.Call<PeerAnswer.Wanted>(
            link,
            new PeerRequest.AnnounceTransactions([.. batch]),
            (wanted, _) => Send(link, new Queue<Hash256>(wanted.Places.Where(place => place < batch.Count).Select(place => batch[place]))),
            _ => Finish(link));
    }

    private void Send(PeerLink link, Queue<Hash256> wanted)
    {
        var batch = new List<Transaction>();
        var size = 0;
        while (wanted.TryPeek(out var leaf))
        {
            if (Find(leaf) is { } transaction)
            {
                if (batch.Count > 0 && size + transaction.Size > PeerLimits.TransactionBytes) break;

                batch.Add(transaction);
                size += transaction.Size;
            }

            wanted.Dequeue();
        }

        if (batch.Count == 0 || !link.IsReady) Finish(link);
        else outbox.Call<PeerAnswer.Noted>(link, new PeerRequest.SendTransactions([.. batch]), (_, _) => Send(link, wanted), _ => Finish(link));
    }

    private Transaction? Find(Hash256 leaf) =>
        _pendingLeaves.TryGetValue(leaf, out var id) && snapshot().Pending.ById.Find(id) is { } pending && pending.Transaction.Transaction.Leaf == leaf
            ? pending.Transaction.Transaction
            : null;

    private void Finish(PeerLink link)
    {
        link.IsTakingTransactions = false;
        Flush(link);
    }
}
