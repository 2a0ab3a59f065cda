using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>What keeps a node from taking anything, and for how long that is believed.</summary>
/// <param name="clock">Tells the time.</param>
/// <param name="tryDisk">Writes something to the disk, and throws where it takes nothing; null where that can not be tried.</param>
internal sealed class NodeTrouble(TimeProvider clock, Action? tryDisk)
{
    /// <summary>The code of what was not done because the disk failed.</summary>
    public const string StorageFailed = "storage_failed";

    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);
    private static readonly Refusal Damaged = new(StorageFailed, "The node found its store damaged and takes nothing more: its operator finds the cause in the log.", RefusalKind.Transient);
    private static readonly Refusal Unwritten = new(StorageFailed, "The node could not write to its disk; nothing of the request was done. Try again later: its operator finds the cause in the log.", RefusalKind.Transient);
    private static readonly Refusal OwnError = new("internal_error", "Nothing was done: the node met an error of its own, which it has logged.", RefusalKind.Transient);

    private static readonly Refusal Ended = new("internal_error", "The node met an error of its own, which it has logged, and takes nothing more until it is started again.", RefusalKind.Transient);

    private Found? _found;

    /// <summary>Why nothing is taken now; null when all is well, or when some seconds have passed and the disk takes what is written to it as a trial: then it is worth a try again, which tells.</summary>
    /// <remarks>The trial is made by whoever asks, at most once in those seconds.</remarks>
    public Refusal? Now
    {
        get
        {
            if (Volatile.Read(ref _found) is not { } found) return null;

            var now = clock.GetUtcNow();
            if (now < found.Until) return found.Refusal;

            // One tries, the others go by what is known.
            var trying = found with { Until = now + Lasting };
            if (Interlocked.CompareExchange(ref _found, trying, found) != found) return found.Refusal;
            if (found.Refusal == Unwritten && !TakesAnything()) return found.Refusal;

            Interlocked.CompareExchange(ref _found, null, trying);
            return null;
        }
    }

    /// <summary>Whether a failure is one of the disk, and not an error of the node's own.</summary>
    public static bool IsOfDisk(Exception failure) => failure is StorageException or IOException or UnauthorizedAccessException;

    /// <summary>Something was written.</summary>
    public void End() => Volatile.Write(ref _found, null);

    /// <summary>Something failed.</summary>
    /// <returns>What those hear whose requests were not done.</returns>
    public Refusal Of(Exception failure)
    {
        var isDamaged = failure is StorageException { Fault: StorageFault.Damaged };
        var refusal = isDamaged ? Damaged : IsOfDisk(failure) ? Unwritten : OwnError;
        Volatile.Write(ref _found, new Found(refusal, isDamaged ? DateTimeOffset.MaxValue : clock.GetUtcNow() + Lasting));
        return refusal;
    }

    /// <summary>The single writer ended before the node did.</summary>
    /// <returns>What those hear whose requests were not done, from now on.</returns>
    public Refusal Close()
    {
        Volatile.Write(ref _found, new Found(Ended, DateTimeOffset.MaxValue));
        return Ended;
    }

    /// <summary>What is stored is damaged.</summary>
    public void Damage() => Volatile.Write(ref _found, new Found(Damaged, DateTimeOffset.MaxValue));

    private bool TakesAnything()
    {
        try
        {
            tryDisk?.Invoke();
            return true;
        }
        catch (Exception failure) when (IsOfDisk(failure))
        {
            return false;
        }
    }

    private sealed record Found(Refusal Refusal, DateTimeOffset Until);
}
