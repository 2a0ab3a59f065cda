using System.CommandLine;
using SecuTicket.Cli.Output;
using SecuTicket.Cli.Proofs;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain export</c></summary>
internal static class ChainExport
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var destination = new Argument<string>("file") { Description = "The file that the chain is written to." };
        var force = Symbols.Force();
        return tool.Command(
            "export",
            "Copy the node's whole chain into a file, as the node holds it. verify FILE checks it, chain import makes a node's data directory of it.",
            [destination, force],
            async (run, cancellation) =>
            {
                if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);
                if (!(await BlockSource.OfNodeAsync(client, cancellation)).TryGet(out var source, out refusal)) return run.Fail(refusal);

                var path = run.PathOf(run.Get(destination)!);
                var count = 0L;
                var written = await ProofFile.WriteAsync(path, run.Get(force), async file =>
                {
                    var verdict = await CopyAsync(run, source, file, cancellation);
                    count = verdict.IsAccepted ? verdict.Value : 0;
                    return verdict.Refusal is { } failed ? failed : Verdict.Accepted;
                });
                if (written.Refusal is { } unwritten) return run.Fail(unwritten);

                run.Say($"{count} blocks of {source.Spec.ChainId} are in '{path}'. None was checked: secuticket verify does that.");
                return ExitCode.Done;
            });
    }

    private static async Task<Verdict<long>> CopyAsync(Run run, BlockSource source, Stream file, CancellationToken cancellation)
    {
        using var progress = new Progress(run.Surroundings, "Exporting", source.Total);
        ChainFile.Begin(file, source.Spec);
        var count = 0L;
        while (true)
        {
            if (!(await source.Next(count, cancellation)).TryGet(out var blocks, out var refusal)) return refusal;
            if (blocks.Count == 0) return count > 0 ? count : new Refusal(FailureCodes.UnreadableAnswer, "The node gave no block at all, not even genesis.");

            foreach (var block in blocks) BlockFrames.Write(file, block.Span);
            count += blocks.Count;
            progress.Advance(blocks.Count);

            // What it had when it was asked: a node that goes on and on must not fill the disk.
            if (count >= source.Total) return count;
        }
    }
}
