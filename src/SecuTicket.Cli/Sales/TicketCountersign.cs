using System.CommandLine;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Sales;

/// <summary><c>secuticket ticket countersign</c></summary>
internal static class TicketCountersign
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string>("file") { Description = "The half-signed sale." };
        var check = new Option<bool>("--check") { Description = "Only check the signatures and show what is sold; sign nothing." };
        var destination = Symbols.Text("--out", "Save the completed sale to this file; back to the same one when left out.", "FILE");
        var post = new Option<bool>("--post") { Description = "Post the completed sale to the node instead of saving it." };
        var force = Symbols.Force();
        var write = new WriteOptions();
        return tool.Command(
            "countersign",
            "Add the wallet's signature to a sale that the other party signed: no node is needed. What is sold is shown, and the signature that is there is checked first.",
            [file, check, destination, post, force, .. write.All],
            (run, cancellation) =>
            {
                var source = run.PathOf(run.Get(file)!);
                if (!SaleFile.Read(source).TryGet(out var sale, out var refusal)) return Task.FromResult(run.Fail(refusal));

                if (run.Get(check)) return Task.FromResult(Show(run, sale));
                if (run.Get(post) && run.Get(destination) is not null) return Task.FromResult(run.Fail(new Refusal(FailureCodes.Usage, "--post and --out exclude one another.")));
                if (!Sign(run, sale).TryGet(out var signed, out refusal)) return Task.FromResult(run.Fail(refusal));

                if (run.Get(post)) return SaleFile.PostAsync(run, signed, write.Of(run), cancellation);

                return Task.FromResult(Keep(run, signed, source, run.Get(destination) is { } other ? run.PathOf(other) : source, run.Get(force)));
            });
    }

    private static int Show(Run run, Sale sale)
    {
        if (run.Json) run.Printer.Raw(sale.Write());
        else SaleFile.Show(run, sale);
        run.Say($"The signatures that are there are right; {sale.Missing()}.");
        return ExitCode.Done;
    }

    private static Verdict<Sale> Sign(Run run, Sale sale)
    {
        if (sale.ValidUntil < run.Surroundings.Clock.GetUtcNow().ToUnixTimeSeconds())
            return new Refusal(FailureCodes.NotVerified, $"The sale was good until {MomentText.Of(sale.ValidUntil)} and can not enter a block any more: make it anew.");
        if (!run.OpenWallet().TryGet(out var wallet, out var refusal)) return refusal;

        using (wallet) return sale.With(wallet);
    }

    private static int Keep(Run run, Sale sale, string source, string destination, bool force)
    {
        var written = SaleFile.Write(destination, sale, force || destination == source);
        if (!written.IsAccepted) return run.Fail(written.Refusal);

        if (run.Json) run.Printer.Raw(sale.Write());
        else SaleFile.Show(run, sale);
        run.Say($"The sale is in '{destination}'; {sale.Missing()}. Next, on a machine that reaches a node: secuticket ticket sell --post {destination}");
        return ExitCode.Done;
    }
}
