using System.Diagnostics;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Sealing;

/// <summary>Signs a block's hash for an account whose key is kept here, or says why it can not.</summary>
public delegate Verdict<TransactionSignature> SignSeal(Address sealer, Hash256 blockHash);

/// <summary>Searches for a nonce on some threads of its own.</summary>
/// <remarks>Not on the pool's: a search would keep them from whoever is to be answered meanwhile.</remarks>
/// <param name="spec">The chain's specification.</param>
/// <param name="threads">How many search at once.</param>
/// <param name="sign">Signs the seal, on chains that name their sealers.</param>
public sealed class ProofOfWorkSealer(ChainSpec spec, int threads, SignSeal sign) : ISealer
{
    // A millisecond of work in sixteen lanes, some fifteen without vectors: how soon a search is given up, against how often threads meet and a range is prepared.
    private const long RangeSize = 65_536;

    private long _tried;
    private long _searchTicks;

    /// <summary>Nonces tried since the start.</summary>
    public long Tried => Interlocked.Read(ref _tried);

    /// <summary>Time that threads spent searching since the start, added up. With <see cref="Tried"/>, what one of them does in a second.</summary>
    public TimeSpan SearchTime => TimeSpan.FromTicks(Interlocked.Read(ref _searchTicks));

    /// <summary>How many search at once.</summary>
    public int Threads => threads;

    /// <inheritdoc/>
    public async Task<Verdict<SealedHeader>> SealAsync(BlockTemplate template, CancellationToken cancellation)
    {
        if (spec.Sealers is { } sealers && !sealers.Contains(template.Header.Sealer))
            return new Refusal(RefusalCodes.NotSealer, $"{template.Header.Sealer} may not seal on this chain.");

        var header = template.Header.Encode();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = 0L;
        var found = long.MaxValue;
        var searches = Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(Search, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        await Task.WhenAll(searches);
        cancellation.ThrowIfCancellationRequested();
        if (found == long.MaxValue) return new Refusal(RefusalCodes.InvalidWork, "No nonce gives this header enough work.", RefusalKind.Transient);

        var complete = template.Header with { Nonce = found };
        if (spec.Sealers is null) return new SealedHeader(complete, null);

        return sign(complete.Sealer, complete.Hash).TryGet(out var seal, out var refusal) ? new SealedHeader(complete, seal) : refusal;

        void Search()
        {
            while (!stop.IsCancellationRequested)
            {
                var first = Interlocked.Add(ref next, RangeSize) - RangeSize;
                if (first > CanonicalJson.MaxInteger - RangeSize) return;

                var start = Stopwatch.GetTimestamp();
                var nonce = ProofOfWork.Search(header, template.Header.Difficulty, first, RangeSize);
                Interlocked.Add(ref _searchTicks, Stopwatch.GetElapsedTime(start).Ticks);
                Interlocked.Add(ref _tried, nonce is { } last ? last - first + 1 : RangeSize);
                if (nonce is not { } good) continue;

                // Two threads may find one at once: the least counts, below which all were tried.
                var least = Interlocked.Read(ref found);
                while (good < least && Interlocked.CompareExchange(ref found, good, least) is var now && now != least) least = now;
                stop.Cancel();
            }
        }
    }
}
