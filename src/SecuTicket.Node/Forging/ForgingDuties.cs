using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Forging;

/// <summary>Does a validator's duty beside the single writer, one after the other: signing takes the disk's time.</summary>
/// <param name="duty">What is to be done.</param>
/// <param name="now">The node's clock, in milliseconds since 1970.</param>
/// <param name="submit">Takes votes and reports.</param>
/// <param name="report">Hears of failures.</param>
internal sealed class ForgingDuties(
    ForgingDuty duty, Func<long> now, Func<IReadOnlyList<VerifiedTransaction>, Task<Verdict<IReadOnlyList<Submission>>>> submit, Action<string, Exception?> report) : IAsyncDisposable
{
    /// <summary>Duties that wait at the most.</summary>
    public const int Most = 256;

    /// <summary>Of those that a peer's headers call for, fewer: votes are never crowded out.</summary>
    public const int MostWitnessed = 32;

    private readonly Lock _adding = new();

    // Of one duty after the other.
    private readonly DiskNews _news = new();
    private Task _last = Task.CompletedTask;
    private int _waiting;
    private bool _stopped;

    /// <summary>Takes the blocks of a durable group.</summary>
    public void Take(IReadOnlyList<NodeEffect> effects, Blockchain chain)
    {
        var blocks = ForgingDuty.BlocksOf(effects);
        if (blocks.Count > 0) Add(() => duty.Answer(chain, blocks, now()), Most);
    }

    /// <summary>Takes transactions that somebody submits, their signatures checked.</summary>
    public void Take(IReadOnlyList<VerifiedTransaction> transactions, Blockchain chain)
    {
        VerifiedTransaction[] votes = [.. transactions.Where(static transaction => transaction.Payload.Operation is Vote)];
        if (votes.Length > 0) Add(() => duty.Answer(chain, votes, now()), MostWitnessed);
    }

    /// <summary>Takes a header that a peer announced, its seal not checked.</summary>
    public void Take(SealedHeader header, Blockchain chain) => Add(() => duty.Answer(chain, header, now()), MostWitnessed);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (_adding) (_stopped, last) = (true, _last);
        await last;
    }

    private void Add(Func<IReadOnlyList<VerifiedTransaction>> answer, int most)
    {
        lock (_adding)
        {
            if (_waiting >= most || _stopped) return;

            _waiting++;
            _last = AnswerAsync(_last, answer);
        }
    }

    private async Task AnswerAsync(Task before, Func<IReadOnlyList<VerifiedTransaction>> answer)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (answer() is { Count: > 0 } transactions)
            {
                _news.End();
                await submit(transactions);
            }
        }
        catch (Exception failure)
        {
            if (_news.Tells(failure)) report("The node could not vote, nor report an offence.", failure);
        }

        lock (_adding) _waiting--;
    }
}
