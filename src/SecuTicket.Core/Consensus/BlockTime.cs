using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Consensus;

/// <summary>When a block may say it was made: after the median of the blocks before it, and not far ahead of the clock of whoever checks.</summary>
/// <remarks>The median of 11 lets no single sealer push a branch's time back or forth (as in Bitcoin: BIP 113).</remarks>
public static class BlockTime
{
    /// <summary>Blocks whose median counts.</summary>
    public const int MedianSpan = 11;

    /// <summary>Median timestamp of the last blocks up to <paramref name="ancestor"/>(0), in milliseconds; of fewer where there are fewer.</summary>
    public static long Median(Ancestor ancestor)
    {
        Span<long> times = stackalloc long[MedianSpan];
        var count = 0;
        while (count < MedianSpan && ancestor(count) is { } header) times[count++] = header.Timestamp;

        times[..count].Sort();
        return times[count / 2];
    }

    /// <summary>Checks a block's timestamp.</summary>
    /// <param name="timestamp">What the block says, in milliseconds.</param>
    /// <param name="median">Median of the blocks before it, in milliseconds.</param>
    /// <param name="now">The checking node's clock, in milliseconds.</param>
    /// <param name="spec">Says how far ahead a block may be.</param>
    public static Verdict Verify(long timestamp, long median, long now, ChainSpec spec)
    {
        if (timestamp <= median && !spec.SkipsMedianTime)
            return new Refusal(RefusalCodes.InvalidTime, $"The timestamp {timestamp} must be later than the median {median} of the {MedianSpan} blocks before.");
        if (timestamp > now + spec.MaxFuture)
            return new Refusal(RefusalCodes.InvalidTime, $"The timestamp {timestamp} is more than {spec.MaxFuture} ms ahead of {now}.", RefusalKind.Transient);

        return Verdict.Accepted;
    }
}
