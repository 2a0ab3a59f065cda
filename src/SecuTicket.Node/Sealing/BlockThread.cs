using System.Collections.Concurrent;

namespace SecuTicket.Node.Sealing;

/// <summary>A thread on which blocks are worked out and staged, one after the other; it lives as long as its owner.</summary>
/// <remarks>
/// Not the pool's threads: they are busy with what comes in, and behind all that a block came once in some seconds, and what waited for one grew. Nor a new one each time: a thread that ends takes along the
/// arrays that it gave back to the shared pool, and those of a block were a tenth of all memory that a sale took.
/// </remarks>
internal sealed class BlockThread : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _tasks = [];

    public BlockThread()
    {
        Tasks = new TaskFactory(this);
        new Thread(Work) { IsBackground = true, Name = "SecuTicket blocks" }.Start();
    }

    /// <summary>Starts what is to be done here.</summary>
    public TaskFactory Tasks { get; }

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Ends the thread once it has done what it was given.</summary>
    public void Dispose() => _tasks.CompleteAdding();

    protected override void QueueTask(Task task) => _tasks.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;

    private void Work()
    {
        foreach (var task in _tasks.GetConsumingEnumerable()) TryExecuteTask(task);
        _tasks.Dispose();
    }
}
