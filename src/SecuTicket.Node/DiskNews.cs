using SecuTicket.Node.Storage;

namespace SecuTicket.Node;

/// <summary>Which failures of the disk an operator has not heard of: one that comes again with each write is told once, until something was written.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class DiskNews
{
    private (Type Kind, StorageFault? Fault)? _told;

    /// <summary>Whether a failure is to be told; whoever asks tells it. What is no failure of the disk always is.</summary>
    public bool Tells(Exception failure)
    {
        if (!NodeTrouble.IsOfDisk(failure)) return true;

        var (told, found) = (_told, (failure.GetType(), (failure as StorageException)?.Fault));
        _told = found;
        return told != found;
    }

    /// <summary>Something was written.</summary>
    public void End() => _told = null;
}
