using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Custody;

/// <summary>The accounts used most recently, decrypted: opening one costs more than using it. Thread-safe.</summary>
internal sealed class UnsealedAccountCache : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Address, LinkedListNode<UnsealedAccount>> _byAddress = [];
    private readonly LinkedList<UnsealedAccount> _recentFirst = [];
    private readonly int _capacity;
    private bool _disposed;

    /// <param name="capacity">Most accounts held; at least 1.</param>
    public UnsealedAccountCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _capacity = capacity;
    }

    public int Count
    {
        get
        {
            lock (_gate) return _byAddress.Count;
        }
    }

    /// <summary>The account, for the caller to dispose of; null when it is not here.</summary>
    public UnsealedAccount? Borrow(Address address)
    {
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(address, out var node)) return null;

            _recentFirst.Remove(node);
            _recentFirst.AddFirst(node);
            return node.Value.Share();
        }
    }

    /// <summary>Takes in an account and drops the one longest unused when full. The caller's own claim on it stays the caller's.</summary>
    public void Keep(UnsealedAccount account)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_byAddress.ContainsKey(account.Address)) return;

            if (_byAddress.Count == _capacity) Drop(_recentFirst.Last!);
            _byAddress.Add(account.Address, _recentFirst.AddFirst(account.Share()));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_recentFirst.Last is { } node) Drop(node);
        }
    }

    private void Drop(LinkedListNode<UnsealedAccount> node)
    {
        _recentFirst.Remove(node);
        _byAddress.Remove(node.Value.Address);
        node.Value.Dispose();
    }
}
