using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Takes transactions of callers: says which of the announced ones are wanted, and looks at these alone when they are brought.</summary>
/// <remarks>
/// A leaf is asked of one caller; when that one has not brought it in a short time, of everybody who announces it. So who announces first and brings nothing delays a transaction, and can not
/// keep it away, under however many names: others announce it again soon. What was asked is counted for each caller by itself, so no caller can push out what another one was asked.
/// </remarks>
internal sealed class TransactionIntake(NetworkSettings settings, PendingLeaves pending, PeerLinks links, Outbox outbox, Misconduct misconduct)
{
    private readonly ExpiringSet<Hash256> _unwanted = new(settings.UnwantedLeaves);
    private readonly ExpiringSet<Hash256> _refused = new(settings.UnwantedLeaves);
    private readonly ExpiringSet<Hash256> _asked = new(settings.UnwantedLeaves);
    private readonly HashSet<Hash256> _underJudgement = [];
    private readonly Dictionary<Address, Caller> _callers = [];

    /// <summary>Values remembered.</summary>
    public int Remembered => _unwanted.Count + _refused.Count + _asked.Count + _underJudgement.Count + _callers.Values.Sum(caller => caller.Asked.Count + 1);

    /// <summary>Says which of the announced transactions are wanted.</summary>
    public void Judge(NetworkInput.TransactionsAnnounced announced)
    {
        var caller = CallerOf(announced.Caller);
        if (caller.Unbrought >= settings.AskedOfCaller) ChargeForNothing(announced.Caller, caller);
        var room = Math.Min(settings.TransactionsUnderJudgement - _underJudgement.Count, settings.TransactionsOfCallerUnderJudgement - caller.UnderJudgement);
        var wanted = new List<int>();
        var link = links.Of(announced.Caller);
        for (var place = 0; place < announced.Leaves.Count; place++)
        {
            var leaf = announced.Leaves[place];
            link?.Leaves.Know(leaf);
            if (wanted.Count < room && Ask(caller, leaf)) wanted.Add(place);
        }

        outbox.Answer<PeerAnswer>(announced.Reply, new PeerAnswer.Wanted([.. wanted]));
    }

    /// <summary>Takes transactions that were asked for; others are not looked at.</summary>
    public void Take(NetworkInput.TransactionsBrought brought)
    {
        var caller = CallerOf(brought.Caller);
        var asked = new List<Transaction>();
        var isUnsolicited = brought.Transactions.Count >= settings.UnsolicitedTransactions;
        foreach (var transaction in brought.Transactions)
        {
            var leaf = transaction.Leaf;
            var wasAsked = caller.Asked.Contains(leaf, outbox.Now);
            isUnsolicited &= !wasAsked && !IsKnown(leaf);
            if (wasAsked) caller.Unbrought = 0;
            if (!MayBring(caller, leaf)) continue;

            caller.Asked.Put(leaf, outbox.Now, outbox.Now);
            if (!IsKnown(leaf) && _underJudgement.Add(leaf)) asked.Add(transaction);
        }

        if (isUnsolicited) misconduct.ChargeCaller(brought.Caller, Misconduct.Doubtful, $"it brought {brought.Transactions.Count} transactions that it was never asked for");
        if (asked.Count == 0) return;

        caller.UnderJudgement += asked.Count;
        outbox.Submit(asked, refusals => Settle(brought.Caller, caller, asked, refusals));
    }

    /// <summary>A transaction that waited here was rejected.</summary>
    public void Reject(Hash256 id)
    {
        if (pending.Remove(id, out var leaf)) Refuse(leaf);
    }

    /// <summary>A block joined our branch: what is in it waits no more, and is not needed, even if it never waited here.</summary>
    public void Follow(NodeEvent.BlockConnected connected)
    {
        foreach (var transaction in connected.Block.Transactions)
        {
            var leaf = transaction.Transaction.Leaf;
            if (pending.Remove(transaction.Id, out var waited) && waited != leaf) Confirm(waited);
            Confirm(leaf);
        }
    }

    /// <summary>The clock was set back: nothing is known of how long ago things were.</summary>
    public void Restart()
    {
        _unwanted.Clear();
        _refused.Clear();
        _asked.Clear();
        _callers.Clear();
    }

    // What rules and limits say depends on what was seen before; that a signature is wrong does not.
    private static bool IsSendersFault(Refusal refusal) => refusal.Code is RefusalCodes.SignatureInvalid or RefusalCodes.SignatureMissing or RefusalCodes.WrongChain;

    private void Confirm(Hash256 leaf) => _unwanted.Put(leaf, outbox.Now + settings.ConfirmedFor, outbox.Now);

    // It is asked for again after as long as it has been refused so far: each time after about twice as long.
    private void Refuse(Hash256 leaf)
    {
        if (!_refused.Contains(leaf, outbox.Now)) _refused.Put(leaf, outbox.Now + settings.RefusalsKept, outbox.Now);
        var refusedSince = _refused.Until(leaf) - settings.RefusalsKept;
        _unwanted.Put(leaf, outbox.Now + Math.Clamp(outbox.Now - refusedSince, settings.RefusedFor, settings.RefusedForMost), outbox.Now);
    }

    private bool IsKnown(Hash256 leaf) => pending.Contains(leaf) || _underJudgement.Contains(leaf) || _unwanted.Contains(leaf, outbox.Now);

    // Each is kept beyond its time, so that who failed to bring it is not asked again at once.
    private bool MayBring(Caller caller, Hash256 leaf) => caller.Asked.Contains(leaf, outbox.Now + settings.AskAgainAfter);

    private bool Ask(Caller caller, Hash256 leaf)
    {
        if (IsKnown(leaf)) return false;

        // Our answer may have been lost: who announces it again hears the same.
        if (caller.Asked.Contains(leaf, outbox.Now)) return MayBring(caller, leaf);
        if (_asked.Contains(leaf, outbox.Now + settings.WantedFor - settings.AskedOfOneFor)) return false;

        if (!_asked.Contains(leaf, outbox.Now)) _asked.Put(leaf, outbox.Now + settings.WantedFor, outbox.Now);
        caller.Asked.Put(leaf, outbox.Now + settings.WantedFor + settings.AskAgainAfter, outbox.Now);
        caller.Unbrought++;
        return true;
    }

    private void Settle(Address node, Caller caller, List<Transaction> asked, IReadOnlyList<Refusal?> refusals)
    {
        caller.UnderJudgement -= asked.Count;
        for (var i = 0; i < asked.Count; i++)
        {
            var leaf = asked[i].Leaf;
            _underJudgement.Remove(leaf);
            if (refusals[i] is not { } refusal)
            {
                // One payload may have come with other signatures than those that wait here: it is not needed a second time.
                if (!pending.Contains(leaf)) Confirm(leaf);
                continue;
            }

            Refuse(leaf);
            if (IsSendersFault(refusal)) misconduct.ChargeCaller(node, Misconduct.Grave, $"it brought transaction {asked[i].Id}, refused with {refusal.Code}");
        }
    }

    // An honest node has one announcement on its way: it brought what was wanted of those before, unless that was confirmed meanwhile.
    private void ChargeForNothing(Address node, Caller caller)
    {
        caller.Unbrought = 0;
        if (!caller.Asked.Values.Any(IsKnown)) misconduct.ChargeCaller(node, Misconduct.Doubtful, $"of the last {settings.AskedOfCaller} transactions that it was asked for it brought none");
    }

    private Caller CallerOf(Address node)
    {
        if (!_callers.TryGetValue(node, out var caller))
        {
            if (_callers.Count >= settings.RememberedCallers) _callers.Remove(_callers.MinBy(static entry => (entry.Value.LastAt, entry.Key)).Key);
            _callers[node] = caller = new Caller(settings.AskedOfCaller);
        }

        caller.LastAt = outbox.Now;
        return caller;
    }

    private sealed class Caller(int capacity)
    {
        /// <summary>What it was asked for.</summary>
        public ExpiringSet<Hash256> Asked { get; } = new(capacity);

        /// <summary>Leaves it was asked for since it last brought one.</summary>
        public int Unbrought { get; set; }

        /// <summary>Transactions of its that are being judged.</summary>
        public int UnderJudgement { get; set; }

        /// <summary>When it last said something.</summary>
        public long LastAt { get; set; }
    }
}
