using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Gates;

/// <summary>Which roster.</summary>
internal readonly record struct RosterKey(EventId Event, RosterPoint? Since, Hash256 Tip);

/// <summary>The rosters in memory: those that are made, those that are sent, and those that are kept for whoever asks next. Thread-safe.</summary>
/// <remarks>Each is there once, whoever asked for it. What nobody asks for any more leaves when room is needed; what is still sent to somebody takes room until it is.</remarks>
/// <param name="settings">How many and how much.</param>
internal sealed class RosterMemory(GateSettings settings)
{
    /// <summary>About the bytes of an entry, by which room is taken until the roster is made.</summary>
    public const int EntrySize = 200;

    private readonly Lock _changing = new();
    private readonly Dictionary<RosterKey, HeldRoster> _held = [];
    private readonly LinkedList<HeldRoster> _leastRecentFirst = new();
    private int _makingFull;
    private int _makingChanges;

    /// <summary>Bytes of the rosters that are kept.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Bytes of all.</summary>
    public long Bytes { get; private set; }

    /// <summary>Rosters made so far.</summary>
    public long Made { get; private set; }

    /// <summary>A roster, which may still be in the making.</summary>
    /// <param name="key">Which.</param>
    /// <param name="size">About its bytes.</param>
    /// <param name="make">Makes it, when nobody did; null for one that is not to be.</param>
    /// <returns>The roster, or <c>not_ready</c> (Transient).</returns>
    public Verdict<RosterLease> Take(RosterKey key, long size, Func<byte[]?> make)
    {
        lock (_changing)
        {
            if (_held.TryGetValue(key, out var roster))
            {
                roster.Users++;
                if (roster.Kept is { } kept)
                {
                    _leastRecentFirst.Remove(kept);
                    _leastRecentFirst.AddLast(kept);
                }
            }
            else
            {
                if (RefuseOneMore(key, size) is { } refusal) return refusal;

                roster = new HeldRoster(key, Task.Run(make)) { Size = size, Users = 1 };
                _held.Add(key, roster);
                Bytes += size;
                Making(key)++;
                _ = roster.Making.ContinueWith(_ => Settle(roster), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }

            return new RosterLease(roster.Making, () => GiveBack(roster));
        }
    }

    private ref int Making(RosterKey key) => ref key.Since is null ? ref _makingFull : ref _makingChanges;

    private Refusal? RefuseOneMore(RosterKey key, long size)
    {
        var builds = key.Since is null ? settings.RosterBuilds : settings.RosterChangeBuilds;
        if (Making(key) >= builds) return new Refusal("not_ready", $"{builds} rosters are being made, the most at the same time: try again in a second.", RefusalKind.Transient);

        for (var oldest = _leastRecentFirst.First; oldest is not null && Bytes + size > settings.RosterBytes;)
        {
            var next = oldest.Next;
            if (oldest.Value.Users == 0) Forget(oldest.Value);
            oldest = next;
        }

        // One roster is made whatever its size: else there would be none, ever.
        return Bytes > 0 && Bytes + size > settings.RosterBytes
            ? new Refusal("not_ready", $"Rosters that are made or sent fill {Bytes} bytes, {settings.RosterBytes} is the most: try again in a second.", RefusalKind.Transient)
            : null;
    }

    private void Settle(HeldRoster roster)
    {
        lock (_changing)
        {
            Making(roster.Key)--;
            Bytes -= roster.Size;
            var isMade = roster.Making.IsCompletedSuccessfully;
            roster.Size = isMade ? roster.Making.Result?.LongLength ?? EntrySize : 0;
            Bytes += roster.Size;
            if (isMade && roster.Making.Result is not null) Made++;
            if (isMade && roster.Size <= settings.RosterCacheBytes)
            {
                roster.Kept = _leastRecentFirst.AddLast(roster);
                KeptBytes += roster.Size;
                while (KeptBytes > settings.RosterCacheBytes) Forget(_leastRecentFirst.First!.Value);
            }

            LeaveUnused(roster);
        }
    }

    private void GiveBack(HeldRoster roster)
    {
        lock (_changing)
        {
            roster.Users--;
            LeaveUnused(roster);
        }
    }

    private void Forget(HeldRoster roster)
    {
        _leastRecentFirst.Remove(roster.Kept!);
        roster.Kept = null;
        KeptBytes -= roster.Size;
        LeaveUnused(roster);
    }

    private void LeaveUnused(HeldRoster roster)
    {
        var isFailed = roster.Making.IsFaulted;
        if (!isFailed && (roster.Users > 0 || roster.Kept is not null || !roster.Making.IsCompleted)) return;
        if (!_held.TryGetValue(roster.Key, out var held) || held != roster) return;

        _held.Remove(roster.Key);
        Bytes -= roster.Size;
    }

    private sealed class HeldRoster(RosterKey key, Task<byte[]?> making)
    {
        public RosterKey Key => key;

        public Task<byte[]?> Making => making;

        public long Size { get; set; }

        public int Users { get; set; }

        public LinkedListNode<HeldRoster>? Kept { get; set; }
    }
}

/// <summary>A roster that somebody is sent: it takes room until this is disposed.</summary>
public sealed class RosterLease : IDisposable
{
    private readonly Task<byte[]?> _making;
    private Action? _giveBack;

    internal RosterLease(Task<byte[]?> making, Action giveBack) => (_making, _giveBack) = (making, giveBack);

    /// <summary>The bytes of the answer.</summary>
    public byte[] Bytes => _making.Result!;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _giveBack, null)?.Invoke();

    /// <summary>Waits until it is made; one that is not to be, or that failed, is given back.</summary>
    internal async Task<bool> HasBytesAsync()
    {
        try
        {
            if (await _making is not null) return true;
        }
        catch
        {
            Dispose();
            throw;
        }

        Dispose();
        return false;
    }
}
