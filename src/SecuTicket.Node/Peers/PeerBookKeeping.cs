using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>Writes the peer book's changes behind the loop's back, every few seconds: of an address that changed several times meanwhile only the last state.</summary>
/// <remarks>
/// The ledger needs the disk's one writer, and strangers make changes at will. The book is what makes joining faster, nothing that is owed to anybody: what can not be written is reported,
/// and written with the next change of the same address. What the operator said is written at once.
/// </remarks>
internal sealed class PeerBookKeeping : IAsyncDisposable
{
    /// <summary>Time between two writes.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly PeerStore _store;
    private readonly Action<NetworkReport> _report;
    private readonly ITimer _timer;
    private readonly Lock _changing = new();
    private readonly Lock _writing = new();
    private SortedDictionary<PeerAddress, PeerBookChange> _waiting = [];

    /// <summary>Nothing waits to be written.</summary>
    /// <param name="store">Where the book is kept.</param>
    /// <param name="clock">Tells when to write.</param>
    /// <param name="report">Hears of failures.</param>
    public PeerBookKeeping(PeerStore store, TimeProvider clock, Action<NetworkReport> report)
    {
        (_store, _report) = (store, report);
        _timer = clock.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes changes to be written.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="isUrgent">Whether an operator waits for them.</param>
    public void Add(IReadOnlyList<PeerBookChange> changes, bool isUrgent = false)
    {
        if (changes.Count == 0) return;

        lock (_changing)
        {
            var isFirst = _waiting.Count == 0;
            foreach (var change in changes) _waiting[change.Address] = change;
            if (isUrgent) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            else if (isFirst) _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Writes what waits, once nothing else is being written, and no more after it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await Task.Run(Write);
    }

    private void Write()
    {
        lock (_writing)
        {
            SortedDictionary<PeerAddress, PeerBookChange> taken;
            lock (_changing) (taken, _waiting) = (_waiting, []);
            try
            {
                _store.Apply([.. taken.Values]);
            }
            catch (Exception failure)
            {
                _report(new NetworkReport("The peer book could not be written: after a restart some peers may be unknown.", Failure: failure));
            }
        }
    }
}
