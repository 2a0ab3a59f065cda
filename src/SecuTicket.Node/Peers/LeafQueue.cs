using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>The leaves that one peer is to hear of: those that it never heard of go first, and each of these once more a little later.</summary>
/// <param name="settings">How many, and how fast.</param>
internal sealed class LeafQueue(NetworkSettings settings)
{
    private readonly RecentSet<Hash256> _known = new(settings.KnownLeaves);
    private readonly Queue<(Hash256 Leaf, long At)> _soon = new();
    private Queue<Hash256> _first = new();
    private Queue<Hash256> _again = new();
    private long _pacedUntil;
    private long _restsUntil;

    /// <summary>Values remembered.</summary>
    public int Remembered => _known.Count + _soon.Count + _first.Count + _again.Count;

    /// <summary>Whether an announcement, or what was wanted of it, is on its way.</summary>
    public bool IsTaking { get; private set; }

    /// <summary>From which place in the order of admission on transactions may be missing here, for want of room; null when none are.</summary>
    public long? MissedFrom { get; set; }

    /// <summary>Whether none waits that the peer never heard of.</summary>
    public bool IsDrained => _first.Count == 0;

    /// <summary>When the next announcement may go, in milliseconds since 1970. A full one need not wait for more to come.</summary>
    public long NextAt
    {
        get
        {
            if (IsTaking) return long.MaxValue;

            var waiting = _first.Count + _again.Count;
            if (waiting >= PeerLimits.Leaves) return _restsUntil;

            var due = waiting > 0 || MissedFrom is not null ? 0 : _soon.TryPeek(out var next) ? next.At : long.MaxValue;
            return Math.Max(due, Math.Max(_pacedUntil, _restsUntil));
        }
    }

    /// <summary>The peer has it.</summary>
    public void Know(Hash256 leaf) => _known.Add(leaf);

    /// <summary>Adds one, unless the peer has it or heard of it.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="sequence">Its place in the order of admission.</param>
    /// <returns>Whether there was room.</returns>
    public bool Add(Hash256 leaf, long sequence)
    {
        if (_known.Contains(leaf)) return true;

        if (_first.Count >= settings.QueuedLeaves)
        {
            MissedFrom ??= sequence;
            return false;
        }

        _known.Add(leaf);
        _first.Enqueue(leaf);
        return true;
    }

    /// <summary>Adds one that the peer may have heard of already.</summary>
    public void AddAgain(Hash256 leaf)
    {
        if (_again.Count < settings.QueuedLeaves) _again.Enqueue(leaf);
    }

    /// <summary>Waits for no time any more.</summary>
    public void Reschedule()
    {
        (_pacedUntil, _restsUntil) = (0, 0);
        while (_soon.TryDequeue(out var next)) AddAgain(next.Leaf);
    }

    /// <summary>Takes what the next announcement holds.</summary>
    /// <param name="now">The time, in milliseconds since 1970.</param>
    /// <param name="isPending">Whether a leaf is worth a word still.</param>
    public LeafBatch Take(long now, Func<Hash256, bool> isPending)
    {
        while (_soon.TryPeek(out var due) && due.At <= now) AddAgain(_soon.Dequeue().Leaf);
        var batch = new List<Hash256>();
        var taken = new HashSet<Hash256>();
        Draw(_first);
        var first = batch.Count;
        Draw(_again);
        if (batch.Count == 0) return new LeafBatch([], 0);

        IsTaking = true;
        _pacedUntil = now + settings.AnnouncementInterval;
        return new LeafBatch([.. batch], first);

        void Draw(Queue<Hash256> queue)
        {
            while (batch.Count < PeerLimits.Leaves && queue.TryDequeue(out var leaf))
                if (isPending(leaf) && taken.Add(leaf)) batch.Add(leaf);
        }
    }

    /// <summary>The peer heard of them.</summary>
    public void Heard(LeafBatch batch, long now)
    {
        foreach (var leaf in batch.Leaves.AsSpan(0, Math.Min(batch.First, Math.Max(0, settings.QueuedLeaves - _soon.Count)))) _soon.Enqueue((leaf, now + settings.OfferSoonAfter));
    }

    /// <summary>What was on its way has come, or is of no use.</summary>
    public void Finish() => IsTaking = false;

    /// <summary>What was on its way did not come: it goes first when the peer has had a rest.</summary>
    public void PutBack(LeafBatch batch, long now)
    {
        _first = new Queue<Hash256>([.. batch.Leaves[..batch.First], .. _first]);
        _again = new Queue<Hash256>([.. batch.Leaves[batch.First..], .. _again]);
        _restsUntil = now + settings.AnnouncementRest;
        IsTaking = false;
    }
}

/// <summary>What one announcement holds.</summary>
/// <param name="Leaves">The leaves, at most <see cref="PeerLimits.Leaves"/>.</param>
/// <param name="First">How many of them, from the front, the peer never heard of.</param>
internal readonly record struct LeafBatch(Hash256[] Leaves, int First);
