using System.Buffers;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Gates;

/// <summary>Makes signed rosters of confirmed state, and keeps them for the other gates that ask for the same. Thread-safe.</summary>
/// <remarks>
/// All gates of an event ask for one and the same roster, so those who ask while it is made wait for it. A roster is good until the next block; what nobody
/// asks for any more leaves when room is needed.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="settings">How many and how much.</param>
public sealed class Rosters(TicketNode node, GateSettings settings)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<Key, LinkedListNode<Kept>> _kept = [];
    private readonly LinkedList<Kept> _leastRecentFirst = new();
    private readonly Dictionary<Key, Task<byte[]>> _making = [];

    /// <summary>Bytes of the rosters that are kept.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Rosters made so far.</summary>
    public long Made { get; private set; }

    /// <summary>The roster of an event, as the bytes of an answer.</summary>
    /// <param name="id">The event.</param>
    /// <param name="since">The version that the gate has; null for none.</param>
    /// <param name="tip">The block of that version, where the gate says so: on another branch it gets a full roster.</param>
    /// <returns><c>not_found</c>, <c>roster_too_large</c>, or <c>not_ready</c> (Transient) while as many are made as may be.</returns>
    public async ValueTask<Verdict<byte[]>> GetAsync(EventId id, long? since, Hash256? tip)
    {
        var chain = node.Snapshot.Chain;
        if (chain.Ledger.Events.Find(id) is not { } terms) return new Refusal(RefusalCodes.NotFound, $"There is no event {id}.");
        if (chain.Ledger.TicketsOf(id).Count > RosterWriter.MaxEntries)
            return new Refusal("roster_too_large", $"Event {id} has more than {RosterWriter.MaxEntries} tickets, the most that a roster holds.");

        var start = StartOf(chain, since, tip);
        var key = new Key(id, start, chain.Tip.Hash);
        Task<byte[]>? making;
        lock (_changing)
        {
            if (_kept.TryGetValue(key, out var kept))
            {
                _leastRecentFirst.Remove(kept);
                _leastRecentFirst.AddLast(kept);
                return kept.Value.Roster;
            }

            if (!_making.TryGetValue(key, out making))
            {
                if (_making.Count >= settings.RosterBuilds)
                    return new Refusal("not_ready", $"{settings.RosterBuilds} rosters are being made, the most at the same time: try again in a second.", RefusalKind.Transient);

                var head = new RosterHead(node.Spec.ChainId, node.Self, RosterEvent.Of(terms), new RosterPoint(chain.Tip.Header.Index, chain.Tip.Hash), start);
                making = Task.Run(() => Make(chain, head));
                _making.Add(key, making);
                _ = making.ContinueWith(made => Settle(key, made), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        return await making;
    }

    private byte[] Make(Blockchain chain, RosterHead head)
    {
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        RosterWriter.Write(output, head, RosterEntry.AllOf(chain.Ledger, head.Event.Id, head.Since?.Version), Sign);
        return output.WrittenSpan.ToArray();
    }

    private TransactionSignature Sign(Hash256 digest)
    {
        var signature = node.Accounts.Sign(node.Self, digest).Value;
        return new TransactionSignature(SignatureScheme.P256, signature.PublicKey, signature.Signature);
    }

    private void Settle(Key key, Task<byte[]> made)
    {
        lock (_changing)
        {
            _making.Remove(key);
            if (!made.IsCompletedSuccessfully) return;

            Made++;
            var roster = made.Result;
            if (roster.LongLength > settings.RosterCacheBytes) return;

            _kept.Add(key, _leastRecentFirst.AddLast(new Kept(key, roster)));
            KeptBytes += roster.LongLength;
            while (KeptBytes > settings.RosterCacheBytes)
            {
                var oldest = _leastRecentFirst.First!.Value;
                _leastRecentFirst.RemoveFirst();
                _kept.Remove(oldest.Key);
                KeptBytes -= oldest.Roster.LongLength;
            }
        }
    }

    // Where changes may start from: a block of this very branch. Anything else gets a full roster.
    private RosterPoint? StartOf(Blockchain chain, long? since, Hash256? tip)
    {
        if (since is not { } index || index > chain.Tip.Header.Index) return null;
        if (HashAt(chain, index) is not { } hash || (tip is { } known && known != hash)) return null;

        return new RosterPoint(index, hash);
    }

    // The store may be a block ahead of the snapshot, on another branch even; what lies below the headers that are kept is final.
    private Hash256? HashAt(Blockchain chain, long index)
    {
        ChainNode? at = chain.Tip;
        while (at is not null && at.Header.Index > index) at = chain.Find(at.Header.Previous);
        return at?.Hash ?? node.Store.FindBlock(index)?.Hash;
    }

    private readonly record struct Key(EventId Event, RosterPoint? Since, Hash256 Tip);

    private sealed record Kept(Key Key, byte[] Roster);
}
