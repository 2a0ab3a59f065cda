namespace SecuTicket.Node.Peers;

/// <summary>What went on with peers since the start. Thread-safe.</summary>
public sealed class NetworkCounts
{
    private long _blocks;
    private long _transactions;
    private long _reorganisations;
    private long _alarms;
    private long _sent;
    private long _received;

    /// <summary>Blocks from peers that joined our branch.</summary>
    public long Blocks => Interlocked.Read(ref _blocks);

    /// <summary>Transactions from peers that our ledger admitted.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Times that blocks left our branch for heavier ones.</summary>
    public long Reorganisations => Interlocked.Read(ref _reorganisations);

    /// <summary>Times that an operator was asked to decide.</summary>
    public long Alarms => Interlocked.Read(ref _alarms);

    /// <summary>Bytes sent to peers, called and calling ones; of the latter the bodies only.</summary>
    public long BytesSent => Interlocked.Read(ref _sent);

    /// <summary>Bytes received from peers, counted in the same way.</summary>
    public long BytesReceived => Interlocked.Read(ref _received);

    internal void AddBlocks(long count) => Interlocked.Add(ref _blocks, count);

    internal void AddTransactions(long count) => Interlocked.Add(ref _transactions, count);

    internal void AddReorganisation() => Interlocked.Increment(ref _reorganisations);

    internal void AddAlarm() => Interlocked.Increment(ref _alarms);

    internal void AddBytes(long sent, long received)
    {
        Interlocked.Add(ref _sent, sent);
        Interlocked.Add(ref _received, received);
    }
}
