using System.Buffers;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Gates;

/// <summary>Makes signed rosters of confirmed state, and keeps them for the other gates that ask for the same. Thread-safe.</summary>
/// <remarks>
/// All gates of an event ask for one and the same roster, so those who ask while it is made wait for it. A roster is good until the next block. Anybody may ask for
/// the changes since any block, and each is a roster of its own: so many changes are answered with the full roster, which is shared, and so is the wish for changes
/// while as many of those are made as may be.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="settings">How many and how much.</param>
public sealed class Rosters(TicketNode node, GateSettings settings)
{
    private readonly RosterMemory _memory = new(settings);

    /// <summary>Bytes of the rosters that are kept.</summary>
    public long KeptBytes => _memory.KeptBytes;

    /// <summary>Bytes of the rosters that are kept, made or sent.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>Rosters made so far.</summary>
    public long Made => _memory.Made;

    /// <summary>The roster of an event, as the bytes of an answer.</summary>
    /// <param name="id">The event.</param>
    /// <param name="since">The version that the gate has; null for none.</param>
    /// <param name="tip">The block of that version, where the gate says so: on another branch it gets a full roster.</param>
    /// <returns>The roster, to be disposed when it is sent; <c>not_found</c>, <c>roster_too_large</c>, or <c>not_ready</c> (Transient) while as many are made, or fill as much memory, as may be.</returns>
    public async ValueTask<Verdict<RosterLease>> GetAsync(EventId id, long? since, Hash256? tip)
    {
        var chain = node.Snapshot.Chain;
        if (chain.Ledger.Events.Find(id) is not { } terms) return new Refusal(RefusalCodes.NotFound, $"There is no event {id}.");

        var count = chain.Ledger.TicketsOf(id).Count;
        if (count > RosterWriter.MaxEntries)
            return new Refusal("roster_too_large", $"Event {id} has more than {RosterWriter.MaxEntries} tickets, the most that a roster holds.");

        if (StartOf(chain, since, tip) is { } start
            && Take(chain, terms, start, Math.Min(count, settings.RosterChanges)).TryGet(out var changes, out _)
            && await changes.HasBytesAsync()) return changes;

        if (!Take(chain, terms, null, count).TryGet(out var full, out var refusal)) return refusal;

        await full.HasBytesAsync();
        return full;
    }

    private Verdict<RosterLease> Take(Blockchain chain, EventTerms terms, RosterPoint? start, long entries)
    {
        var head = new RosterHead(node.Spec.ChainId, node.Self, RosterEvent.Of(terms), new RosterPoint(chain.Tip.Header.Index, chain.Tip.Hash), start);
        return _memory.Take(new RosterKey(terms.Id, start, chain.Tip.Hash), (entries + 1) * RosterMemory.EntrySize, () => Make(chain, head));
    }

    // Null when there are too many changes.
    private byte[]? Make(Blockchain chain, RosterHead head)
    {
        var id = head.Event.Id;
        var entries = head.Since is { Version: var version } ? ChangesSince.Find(node.Store, chain, id, version) : null;
        entries ??= RosterEntry.AllOf(chain.Ledger, id, head.Since?.Version);
        if (!head.IsFull)
        {
            var changes = entries.Take(settings.RosterChanges + 1).ToArray();
            if (changes.Length > settings.RosterChanges) return null;

            entries = changes;
        }

        var output = new ArrayBufferWriter<byte>(64 * 1024);
        RosterWriter.Write(output, head, entries, Sign);
        return output.WrittenSpan.ToArray();
    }

    private TransactionSignature Sign(Hash256 digest)
    {
        var signature = node.Accounts.Sign(node.Self, digest).Value;
        return new TransactionSignature(SignatureScheme.P256, signature.PublicKey, signature.Signature);
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
        return at?.Hash ?? node.Store.ReadHeaders(index, 1).FirstOrDefault()?.Hash;
    }
}
