using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Takes blocks from elsewhere to the single writer: the signatures of the next ones are checked while those before them are applied and written, and all are submitted in the order in which they came.</summary>
/// <remarks>
/// One offer is checked at a time, on all cores: two at once would take as long, and the first of them would come later. What waits for its turn is the caller's to bound. An offer that is refused stops none
/// that came after it: their blocks find no parent and are refused as well.
/// </remarks>
/// <param name="verifier">Checks signatures.</param>
/// <param name="known">Finds, by id, a transaction whose signatures are known to be right.</param>
/// <param name="send">Gives a command to the single writer; false when it has stopped.</param>
internal sealed class BlockIntake(TransactionVerifier verifier, Func<Hash256, VerifiedTransaction?> known, Func<NodeCommand, CancellationToken, ValueTask<bool>> send)
{
    private readonly Lock _ordering = new();
    private Task _before = Task.CompletedTask;

    /// <summary>Offers blocks, in order; returns before any of them is looked at.</summary>
    /// <returns>What became of them; null when the single writer has stopped.</returns>
    /// <exception cref="OperationCanceledException">It was given up while the single writer's queue was full.</exception>
    public async Task<Verdict<BlockAcceptance>?> OfferAsync(IReadOnlyList<Block> blocks, CancellationToken cancellation)
    {
        var reply = new Reply<BlockAcceptance>();
        Task<Submitted> submitting;
        lock (_ordering)
        {
            submitting = SubmitAsync(_before, blocks, reply, cancellation);
            _before = submitting;
        }

        var submitted = await submitting;
        if (!submitted.IsSent) return null;

        var answer = await reply.Answer;
        return answer.TryGet(out var acceptance, out _) && acceptance.Refusal is null ? acceptance with { Refusal = submitted.Bad } : answer;
    }

    private async Task<Submitted> SubmitAsync(Task before, IReadOnlyList<Block> blocks, Reply<BlockAcceptance> reply, CancellationToken cancellation)
    {
        // What became of the offer before is its caller's to hear.
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        var (verified, bad) = BlockChecks.Verify(blocks, verifier, known);
        return new Submitted(await send(new NodeCommand.Offer(verified, reply), cancellation), bad);
    }

    private sealed record Submitted(bool IsSent, Refusal? Bad);
}
