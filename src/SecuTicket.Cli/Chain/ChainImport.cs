using System.CommandLine;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
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
        return tool.Command(
            "import",
            "Fill a node's data directory from a chain's file. Every block is checked in full; what is there already stays, and must be the same.",
            [file, directory],
            (run, cancellation) => Task.FromResult(Import(run, run.PathOf(run.Get(file)!), run.PathOf(run.Get(directory)!), cancellation)));
    }

    private static int Import(Run run, string path, string directory, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return run.Fail(new Refusal(FailureCodes.File, $"'{path}' does not exist."));
        if (!ChainFile.Open(File.OpenRead(path)).TryGet(out var file, out var refusal)) return run.Fail(new Refusal(FailureCodes.File, $"'{path}': {refusal.Detail}"));

        using (file)
        {
            return OfflineDirectory.Use(run, () => OfflineChain.OpenOrCreate(directory, file.Spec, run.Surroundings.Clock), chain => Fill(run, file, chain, cancellation));
        }
    }

    private static int Fill(Run run, ChainFile file, OfflineChain chain, CancellationToken cancellation)
    {
        var meter = new ReplayMeter(run.Surroundings, "Importing", null);
        while (true)
        {
            if (!file.ReadBatch().TryGet(out var blocks, out var torn))
            {
                Tell(run, chain, meter);
                return run.Fail(new Refusal(FailureCodes.File, $"The file is torn: {torn.Detail} What was before it is imported."));
            }

            if (blocks.Count == 0) break;

            var fault = chain.Import(blocks, cancellation);
            meter.Show(chain.Imported);
            if (fault is null) continue;

            Tell(run, chain, meter);
            run.Fail(fault.Refusal with { Detail = $"Block {fault.Index}: {fault.Refusal.Detail}" });
            return ExitCode.NotVerified;
        }

        Tell(run, chain, meter);
        return ExitCode.Done;
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
