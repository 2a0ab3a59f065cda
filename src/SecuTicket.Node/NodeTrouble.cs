using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>What keeps a node from taking anything, and for how long that is believed.</summary>
/// <param name="clock">Tells the time.</param>
internal sealed class NodeTrouble(TimeProvider clock)
{
    /// <summary>The code of what was not done because the disk failed.</summary>
    public const string StorageFailed = "storage_failed";

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);
    private static readonly Refusal Damaged = new(StorageFailed, "The node found its store damaged and takes nothing more: its operator finds the cause in the log.", RefusalKind.Transient);
    private static readonly Refusal Unwritten = new(StorageFailed, "The node could not write to its disk; nothing of the request was done. Try again later: its operator finds the cause in the log.", RefusalKind.Transient);
    private static readonly Refusal OwnError = new("internal_error", "Nothing was done: the node met an error of its own, which it has logged.", RefusalKind.Transient);

    private static readonly Refusal Ended = new("internal_error", "The node met an error of its own, which it has logged, and takes nothing more until it is started again.", RefusalKind.Transient);

    private volatile Found? _found;

    /// <summary>Why nothing is taken now; null when all is well, or when some seconds have passed: then it is worth a try again, which tells.</summary>
    public Refusal? Now => _found is { } found && clock.GetUtcNow() < found.Until ? found.Refusal : null;

    /// <summary>Something was written.</summary>
    public void End() => _found = null;

    /// <summary>Something failed.</summary>
    /// <returns>What those hear whose requests were not done.</returns>
    public Refusal Of(Exception failure)
    {
        var isDamaged = failure is StorageException { Fault: StorageFault.Damaged };
        var refusal = isDamaged ? Damaged : failure is StorageException ? Unwritten : OwnError;
        _found = new Found(refusal, isDamaged ? DateTimeOffset.MaxValue : clock.GetUtcNow() + Lasting);
        return refusal;
    }

    /// <summary>The single writer ended before the node did.</summary>
    /// <returns>What those hear whose requests were not done, from now on.</returns>
    public Refusal Close()
    {
        _found = new Found(Ended, DateTimeOffset.MaxValue);
        return Ended;
    }

    /// <summary>What is stored is damaged.</summary>
    public void Damage() => _found = new Found(Damaged, DateTimeOffset.MaxValue);

    private sealed record Found(Refusal Refusal, DateTimeOffset Until);
}
