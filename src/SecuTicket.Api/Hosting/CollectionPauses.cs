namespace SecuTicket.Api.Hosting;

/// <summary>The longest time that a garbage collection has stopped the process: the runtime itself counts only the sum.</summary>
/// <remarks>
/// An object that nobody holds is finalised soon after the next collection; its finaliser reads what the runtime says of the last collection of each kind and leaves the next such object behind.
/// So a collection is looked at once, on the finaliser's thread, and costs no listener for the runtime's events. Two collections that end before the finaliser runs count as the later one.
/// </remarks>
internal sealed class CollectionPauses
{
    private static readonly GCKind[] Kinds = [GCKind.Ephemeral, GCKind.FullBlocking, GCKind.Background];

    private long _longest;
    private long _looks;
    private int _isWatching;

    /// <summary>The longest pause since <see cref="Watch"/> was called first.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Interlocked.Read(ref _longest));

    /// <summary>How often it was looked.</summary>
    internal long Looks => Interlocked.Read(ref _looks);

    /// <summary>Begins to look at collections; again changes nothing.</summary>
    public CollectionPauses Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0) LeaveBehind(this);
        return this;
    }

    private static void LeaveBehind(CollectionPauses pauses) => _ = new Left(pauses);

    private void Look()
    {
        Interlocked.Increment(ref _looks);
        foreach (var kind in Kinds)
            foreach (var pause in GC.GetGCMemoryInfo(kind).PauseDurations)
                if (pause.Ticks > Longest.Ticks) Interlocked.Exchange(ref _longest, pause.Ticks);
    }

    private sealed class Left(CollectionPauses pauses)
    {
        ~Left()
        {
            if (Environment.HasShutdownStarted) return;

            pauses.Look();
            LeaveBehind(pauses);
        }
    }
}
