using System.CommandLine;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain import</c></summary>
internal static class ChainImport
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "The file that chain export wrote." };
        var directory = Symbols.Text("--data-directory", "The data directory of a node that does not run; it is made when it is not there.", "FOLDER", isRequired: true);
        var spec = Symbols.Text("--spec", "The specification that the chain must have, and the checkpoint that it must come to; what the file says when left out.", "FILE");
        return tool.Command(
            "import",
            "Fill a node's data directory from a chain's file. Every block is checked in full; what is there already stays, and must be the same.",
            [file, directory, spec],
            (run, cancellation) => Task.FromResult(Import(run, run.PathOf(run.Get(file)!), run.PathOf(run.Get(directory)!), run.Get(spec), cancellation)));
    }

    private static int Import(Run run, string path, string directory, string? specFile, CancellationToken cancellation)
    {
        if (!TrustedSpec.Read(run, specFile).TryGet(out var trusted, out var refusal)) return run.Fail(refusal);
        if (!File.Exists(path)) return run.Fail(new Refusal(FailureCodes.File, $"'{path}' does not exist."));

        using var source = File.OpenRead(path);
        if (!Open(source, path).TryGet(out var file, out refusal)) return run.Fail(refusal);
        if (!trusted.Of(file.Spec).TryGet(out var spec, out refusal)) return run.Fail(refusal);
        if (spec.Checkpoint is not null)
        {
            if (!source.CanSeek) return run.Fail(new Refusal(FailureCodes.File, $"'{path}' is read twice where there is a checkpoint: it must be a file that can be."));
            if (RefusePast(run, file, spec) is { } otherPast) return otherPast;

            source.Position = 0;
            if (!Open(source, path).TryGet(out file, out refusal)) return run.Fail(refusal);
        }

        if (!file.ReadBatch().TryGet(out var first, out var torn)) return Torn(run, torn, "Nothing was imported.");
        if (RefuseStart(first, spec) is { } fault) return NotVerified(run, fault);

        return OfflineDirectory.Use(run, () => OfflineChain.OpenOrCreate(directory, spec, run.Surroundings.Clock), chain => Fill(run, file, first, chain, cancellation));
    }

    private static Verdict<ChainFile> Open(Stream source, string path) =>
        ChainFile.Open(source).TryGet(out var file, out var refusal) ? file : new Refusal(FailureCodes.File, $"'{path}': {refusal.Detail}");

    // Before there is a directory: one that holds nothing but genesis would be left.
    private static ReplayFault? RefuseStart(EquatableArray<ReadOnlyMemory<byte>> first, ChainSpec spec) => first.Count > 0 && first[0].Span.SequenceEqual(spec.Genesis.Encode())
        ? null
        : new ReplayFault(0, new Refusal(RefusalCodes.InvalidBlock, $"The file has no genesis block: it must begin with that of chain «{spec.ChainId}»."));

    // Nothing is kept of a branch that does not come to the checkpoint: a node would hold it for final, and never leave it. So its headers are read before.
    private static int? RefusePast(Run run, ChainFile file, ChainSpec spec)
    {
        BlockHeader? parent = null;
        for (var length = 0L; length <= spec.Checkpoint!.Index;)
        {
            if (!file.ReadBatch().TryGet(out var blocks, out var torn)) return Torn(run, torn, "Nothing was imported.");
            if (length == 0 && RefuseStart(blocks, spec) is { } start) return NotVerified(run, start);
            if (blocks.Count == 0) return NotVerified(run, TrustedSpec.RefuseEnd(spec, length)!);

            foreach (var block in blocks)
            {
                if (!SealedHeader.Read(block.Span, out _).TryGet(out var read, out var refusal)) return NotVerified(run, new ReplayFault(length, refusal));
                if (HeaderRules.Verify(read.Header, parent, spec).Refusal is { } wrong) return NotVerified(run, new ReplayFault(length, wrong));

                parent = read.Header;
                length++;
            }
        }

        return null;
    }

    private static int Fill(Run run, ChainFile file, EquatableArray<ReadOnlyMemory<byte>> blocks, OfflineChain chain, CancellationToken cancellation)
    {
        var meter = new ReplayMeter(run.Surroundings, "Importing", null);
        while (blocks.Count > 0)
        {
            var fault = chain.Import(blocks, cancellation);
            meter.Show(chain.Imported);
            if (fault is not null)
            {
                Tell(run, chain, meter);
                return NotVerified(run, fault);
            }

            if (file.ReadBatch().TryGet(out blocks, out var torn)) continue;

            Tell(run, chain, meter);
            return Torn(run, torn, "What was before it is imported.");
        }

        Tell(run, chain, meter);
        return ExitCode.Done;
    }

    private static int Torn(Run run, Refusal torn, string soFar) => run.Fail(new Refusal(FailureCodes.File, $"The file is torn: {torn.Detail} {soFar}"));

    private static int NotVerified(Run run, ReplayFault fault)
    {
        run.Fail(fault.Refusal with { Detail = $"Block {fault.Index}: {fault.Refusal.Detail}" });
        return ExitCode.NotVerified;
    }

    private static void Tell(Run run, OfflineChain chain, ReplayMeter meter)
    {
        meter.Dispose();
        PayloadFields fields = new()
        {
            { "imported", chain.Imported.Blocks },
            { "transactions", chain.Imported.Transactions },
            { "height", chain.Tip.Index },
            { "tip", chain.Tip.Hash.ToString() },
        };
        if (run.Json) run.Printer.Line(JsonValue.Object(fields).ToString());
        else run.Printer.Fields([.. fields.Shown()]);

        run.Say(meter.Rate(chain.Imported));
    }
}
