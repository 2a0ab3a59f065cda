using SecuTicket.Cli.Client;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Chain;

/// <summary>Where a chain's blocks come from: a running node or a file.</summary>
/// <param name="Spec">The chain's specification, as the source says.</param>
/// <param name="Total">How many blocks it has; null when it does not say.</param>
/// <param name="Next">The next blocks from an index on, which goes on where the call before ended; none at the end.</param>
internal sealed record BlockSource(ChainSpec Spec, long? Total, Func<long, CancellationToken, Task<Verdict<EquatableArray<ReadOnlyMemory<byte>>>>> Next)
{
    /// <summary>A running node's chain.</summary>
    /// <returns>The source, or why the node gives none.</returns>
    public static async Task<Verdict<BlockSource>> OfNodeAsync(SecuTicketClient client, CancellationToken cancellation)
    {
        var answer = await client.GetAsync("/chain/spec", cancellation);
        if (answer.Refusal is not null) return answer.Refusal;
        if (!ChainSpec.Parse(answer.Body.Span).TryGet(out var spec, out var refusal)) return new Refusal(FailureCodes.UnreadableAnswer, $"What {client.Node} says is its chain's specification is none: {refusal.Detail}");

        var about = await client.GetAsync("/info", cancellation);
        return about.Refusal is { } unknown ? unknown : new BlockSource(spec, about.Json.Number("height") + 1, NextAsync);

        async Task<Verdict<EquatableArray<ReadOnlyMemory<byte>>>> NextAsync(long from, CancellationToken stop)
        {
            var part = await client.GetAsync($"/chain/export?from={from}", stop);
            return part.Refusal is { } failed ? failed : BlockFrames.Split(part.Body, spec.MaxBlockSize);
        }
    }

    /// <summary>A chain's file.</summary>
    /// <param name="file">The file, open; it stays the caller's.</param>
    public static BlockSource OfFile(ChainFile file) => new(file.Spec, null, (_, _) => Task.FromResult(file.ReadBatch()));
}
