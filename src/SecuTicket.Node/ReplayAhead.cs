using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>Reads and checks the parts of a replay ahead of the one that is applied: while that goes on, the signatures of the next are checked on all cores, and the one after it is read and decoded.</summary>
/// <remarks>
/// Each of the three goes from part to part in order, so no more than three are held, and each part waits only for what comes before it. A core that the checks leave idle at the end of a part decodes meanwhile.
/// Of what follows a block that is refused nothing is looked at, so it need not be right here.
/// </remarks>
/// <param name="parts">Where the parts come from; moved on by one thread at a time.</param>
/// <param name="maxTransactions">Most transactions of a block.</param>
/// <param name="verifier">Checks signatures; null leaves that out.</param>
/// <param name="cancellation">Gives up.</param>
internal sealed class ReplayAhead<TPart>(IEnumerator<TPart> parts, int maxTransactions, TransactionVerifier? verifier, CancellationToken cancellation)
    where TPart : ReplayPart
{
    private Task<CheckedPart?> _decoding = Task.FromResult<CheckedPart?>(null);
    private Task<CheckedPart?> _checking = Task.FromResult<CheckedPart?>(null);

    /// <summary>Begins with the first part.</summary>
    public void Begin() => GoOn(Task.Run(Decode, CancellationToken.None));

    /// <summary>Waits for the next part, and goes on with those after it; null when there is none.</summary>
    public CheckedPart? Next()
    {
        if (_checking.GetAwaiter().GetResult() is not { } next) return null;

        GoOn(_decoding);
        return next;
    }

    /// <summary>Waits until nothing goes on any more.</summary>
    public void End()
    {
        Task.WaitAny([_checking], CancellationToken.None);
        Task.WaitAny([_decoding], CancellationToken.None);
    }

    private void GoOn(Task<CheckedPart?> decoded)
    {
        _checking = CheckAsync(decoded);
        _decoding = DecodeAsync(decoded);
    }

    private async Task<CheckedPart?> DecodeAsync(Task<CheckedPart?> before) =>
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding) is null ? null : Decode();

    private async Task<CheckedPart?> CheckAsync(Task<CheckedPart?> decoded) =>
        await decoded.ConfigureAwait(ConfigureAwaitOptions.ForceYielding) is { } part ? Check(part) : null;

    private CheckedPart? Decode()
    {
        cancellation.ThrowIfCancellationRequested();
        if (!parts.MoveNext()) return null;

        var part = parts.Current;
        var checks = new CheckedBlock[part.Blocks.Count];
        Parallel.For(0, checks.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var block = Block.Decode(part.Blocks[i].Span, maxTransactions);
            checks[i] = new CheckedBlock(block, block.IsAccepted && verifier is null ? VerifiedBlock.VerifyForm(block.Value) : block.Refusal ?? NotChecked);
        });
        return new CheckedPart(part, checks);
    }

    private CheckedPart Check(CheckedPart part)
    {
        if (verifier is null) return part;

        cancellation.ThrowIfCancellationRequested();
        Block[] decoded = [.. part.Checks.TakeWhile(static check => check.Block.IsAccepted).Select(static check => check.Block.Value)];
        var (verified, refusal) = BlockChecks.Verify(decoded, verifier);
        for (var i = 0; i < decoded.Length; i++) part.Checks[i] = part.Checks[i] with { Verified = i < verified.Count ? verified[i] : refusal ?? NotChecked };
        return part;
    }

    private static Refusal NotChecked { get; } = new(RefusalCodes.InvalidBlock, "A block before it is refused.");

    /// <summary>A part and what was found of each of its blocks.</summary>
    internal sealed record CheckedPart(TPart Part, CheckedBlock[] Checks);
}

/// <summary>What was found of a block.</summary>
/// <param name="Block">The block, or why its bytes are none.</param>
/// <param name="Verified">The block with its body and signatures checked, or why not.</param>
internal readonly record struct CheckedBlock(Verdict<Block> Block, Verdict<VerifiedBlock> Verified);
