using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Sealing;

/// <summary>The search for the next block beside the single writer: one at a time, which a newer one calls off.</summary>
/// <param name="parts">The sealer, the store that a found block is staged in, the clock, and who hears of trouble.</param>
/// <param name="trouble">Hears of a disk that takes no mark of what is signed.</param>
/// <param name="finish">Takes what came of a search to the single writer.</param>
internal sealed class BlockSearch(NodeParts parts, NodeTrouble trouble, Func<NodeCommand, Task> finish) : IAsyncDisposable
{
    private readonly BlockThread _thread = new();
    private readonly DiskNews _news = new();
    private CancellationTokenSource? _search;
    private Task _searches = Task.CompletedTask;

    /// <summary>Begins a search; one under way is called off. For the single writer's thread.</summary>
    public void Start(SealJob job)
    {
        Stop();
        _search?.Dispose();
        _search = new CancellationTokenSource();
        _searches = Task.WhenAll(_searches, SearchAsync(job, _search.Token));
    }

    /// <summary>Calls off the search under way, if any.</summary>
    public void Stop() => _search?.Cancel();

    /// <summary>Calls off the search and waits until it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _searches;
        _search?.Dispose();
        _thread.Dispose();
    }

    private async Task SearchAsync(SealJob job, CancellationToken cancellation)
    {
        NodeCommand result;
        try
        {
            var answer = await _thread.Tasks.StartNew(() => parts.Sealer.SealAsync(job.Template, cancellation), cancellation).Unwrap();
            if (answer.IsAccepted) _news.End();
            if (answer.IsAccepted) await _thread.Tasks.StartNew(() => Stage(job, answer.Value), cancellation);
            result = answer.TryGet(out var header, out var refusal) ? new NodeCommand.Sealed(job.Number, header) : new NodeCommand.SealFailed(job.Number, refusal);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception failure) when (NodeTrouble.IsOfDisk(failure))
        {
            // What a key signs is written down before: with no room for that it signs nothing, in no slot.
            if (_news.Tells(failure)) parts.Report($"No block is made while the disk takes nothing: {failure.Message}", failure);
            result = new NodeCommand.SealFailed(job.Number, trouble.Of(failure));
        }
        catch (Exception failure)
        {
            parts.Report("The search for a block failed.", failure);
            result = new NodeCommand.SealFailed(job.Number, new Refusal("internal_error", "The search failed; the node has logged why.", RefusalKind.Transient));
        }

        await finish(result);
    }

    // Most of a block is written before the single writer hears of it: admissions go on meanwhile.
    private void Stage(SealJob job, SealedHeader header)
    {
        try
        {
            if (job.Chain.Add(job.Complete(header), parts.Clock.GetUtcNow().ToUnixTimeMilliseconds(), parts.Store, job.Template).Connected is [var connected]) parts.Store.Stage(connected);
        }
        catch (StorageException)
        {
            // The commit will meet the same and say so.
        }
    }
}
