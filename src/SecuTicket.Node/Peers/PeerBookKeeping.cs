using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>Writes the peer book's changes behind the loop's back: of an address that changed several times meanwhile only the last state.</summary>
/// <remarks>The book is what makes joining faster, nothing that is owed to anybody: what can not be written is reported, and written with the next change of the same address.</remarks>
/// <param name="store">Where the book is kept.</param>
/// <param name="report">Hears of failures.</param>
internal sealed class PeerBookKeeping(PeerStore store, Action<NetworkReport> report)
{
    private readonly Lock _changing = new();
    private SortedDictionary<PeerAddress, PeerBookChange> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    /// <summary>Takes changes to be written.</summary>
    public void Add(IReadOnlyList<PeerBookChange> changes)
    {
        if (changes.Count == 0) return;

        lock (_changing)
        {
            foreach (var change in changes) _waiting[change.Address] = change;
            if (_isWriting) return;

            _isWriting = true;
            _writing = Task.Run(WriteAll);
        }
    }

    /// <summary>Waits until all that was taken is written, or could not be.</summary>
    public Task FlushAsync()
    {
        lock (_changing) return _writing;
    }

    private void WriteAll()
    {
        while (Take() is { } changes)
        {
            try
            {
                store.Apply([.. changes.Values]);
            }
            catch (Exception failure)
            {
                report(new NetworkReport("The peer book could not be written: after a restart some peers may be unknown.", Failure: failure));
            }
        }
    }

    // Whether there is more and that nothing writes any more are one decision: else a change could fall between them.
    private SortedDictionary<PeerAddress, PeerBookChange>? Take()
    {
        lock (_changing)
        {
            _isWriting = _waiting.Count > 0;
            if (!_isWriting) return null;

            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }
}
