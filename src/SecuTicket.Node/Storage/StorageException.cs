namespace SecuTicket.Node.Storage;

/// <summary>The disk, or what is on it, is broken or full: an operator must look.</summary>
public sealed class StorageException : Exception
{
    /// <summary>Says what is wrong and what to do.</summary>
    public StorageException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong and what to do, and what the platform said.</summary>
    public StorageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
