using System.CommandLine;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate report</c></summary>
internal static class GateReport
{
    private const int MaxWaitSeconds = 3600;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var symbols = new GateSymbols();
        var wait = new Option<int>("--wait") { Description = "How long to wait while the node has no room for more admissions, in seconds.", HelpName = "SECONDS", DefaultValueFactory = static _ => 60 };
        wait.Validators.Add(static result =>
        {
            if (result.Tokens is [{ } token] && (!int.TryParse(token.Value, out var seconds) || seconds is < 0 or > MaxWaitSeconds)) result.AddError($"--wait: expected 0 to {MaxWaitSeconds} seconds.");
        });
        return tool.Ask(
            "report",
            "Bring to the node what this gate did: receipts are uploaded, admissions are written to the chain, and tickets let in at another gate too are told, by the run that finds them. Can be broken off and run again.",
            [.. symbols.All, wait],
            (run, client, wallet, cancellation) => DoAsync(run, client, wallet, symbols, TimeSpan.FromSeconds(run.Get(wait)), cancellation));
    }

    private static async Task<int> DoAsync(Run run, SecuTicketClient client, Wallet wallet, GateSymbols symbols, TimeSpan wait, CancellationToken cancellation)
    {
        var folder = symbols.FolderOf(run);
        if (!GatePin.Load(folder, symbols.EventOf(run)).TryGet(out var pin, out var refusal)) return run.Fail(refusal);
        if (!folder.Lock(GateFolder.NetworkLock).TryGet(out var held, out refusal)) return run.Fail(refusal);

        using (held)
        using (var keys = new P256Verifier(capacity: 8))
        {
            if (!ReceiptLines.Read(folder, wallet.Address, pin, new TransactionVerifier(keys)).TryGet(out var kept, out refusal)) return GateCommands.Fail(run, refusal);
            if (!Reported.Load(folder, kept).TryGet(out var reported, out refusal)) return GateCommands.Fail(run, refusal);

            return await new Reporting(run, client, wallet, folder, kept).DoAsync(reported, wait, cancellation);
        }
    }

    private sealed class Reporting(Run run, SecuTicketClient client, Wallet wallet, GateFolder folder, ReceiptLines kept)
    {
        private readonly ReportedConflicts _conflicts = new(run);

        // Receipts first: they say by the gate's clock when somebody went in.
        public async Task<int> DoAsync(Reported reported, TimeSpan wait, CancellationToken cancellation)
        {
            var upload = new ReceiptUpload(client, kept.Log.Scope, _conflicts);
            var isWhole = true;
            foreach (var (start, batch) in Batches(reported.Uploaded))
            {
                var (answer, taken) = await upload.SendAsync(batch, cancellation);
                if (answer.Refusal is not null) return run.Fail(answer);

                // Up to the first that was not taken: those after it are sent again, which changes nothing.
                var done = Done(taken);
                isWhole &= done == taken.Length;
                if (reported.Uploaded == start && done > 0) (reported = reported with { Uploaded = start + done, Last = batch[done - 1].Receipt.Hash }).Save(folder);
            }

            var redemptions = new Redemptions(client, wallet, run.Surroundings, _conflicts);
            foreach (var (start, batch) in Batches(reported.Redeemed))
            {
                var (answer, written) = await redemptions.WriteAsync(batch, wait, cancellation);
                if (answer is not null) return run.Fail(answer);

                var done = Done(written);
                isWhole &= done == written.Length;
                if (reported.Redeemed == start && done > 0) (reported = reported with { Redeemed = start + done }).Save(folder);
            }

            Tell(reported, upload, redemptions);
            return isWhole ? ExitCode.Done : Explain(upload, redemptions);
        }

        private IEnumerable<(int Start, IReadOnlyList<SignedReceipt> Batch)> Batches(int from)
        {
            for (var start = from; start < kept.Receipts.Count; start += SignedReceipt.MaxBatch)
                yield return (start, [.. kept.Receipts.Skip(start).Take(SignedReceipt.MaxBatch)]);
        }

        private static int Done(bool[] each) => Array.IndexOf(each, false) is var first && first < 0 ? each.Length : first;

        private void Tell(Reported reported, ReceiptUpload upload, Redemptions redemptions)
        {
            (string Name, int Value)[] totals =
            [
                ("receipts", kept.Receipts.Count),
                ("admitted", kept.Receipts.Count(static one => one.Receipt.Result == GateResult.Valid)),
                ("uploaded", upload.Taken),
                ("not_uploaded", kept.Receipts.Count - reported.Uploaded),
                ("redeemed", redemptions.Made),
                ("conflicts", _conflicts.Count),
            ];
            if (run.Json) run.Printer.Line(JsonValue.Object([.. totals.Where(static one => one.Name != "conflicts").Select(static one => new JsonMember(one.Name, JsonValue.Of(one.Value))), new("conflicts", _conflicts.Json)]).ToString());
            else run.Printer.Fields([.. totals.Select(static one => (one.Name, (string?)one.Value.ToString()))]);
            if (_conflicts.Count > 0) run.Say($"{_conflicts.Count} {(_conflicts.Count == 1 ? "ticket was" : "tickets were")} let in here and at another gate too. The organiser sees all: secuticket event report {kept.Log.Scope.Event}");
        }

        private int Explain(ReceiptUpload upload, Redemptions redemptions)
        {
            foreach (var (why, count) in upload.NotTaken) run.Say($"{count} receipts were not taken: {why}.{AdviceOn(why)}");
            foreach (var (why, count) in redemptions.NotTaken) run.Say($"{count} admissions were not written to the chain: {why}.{AdviceOn(why)}");
            run.Say("What was not taken stays here; run the report again.");
            return redemptions.NotTaken.Keys.Concat(upload.NotTaken.Keys).All(static why => why == RefusalCodes.PoolFull) ? ExitCode.Pending : ExitCode.Refused;
        }

        private static string AdviceOn(string why) => why switch
        {
            RefusalCodes.NotGate => " The organiser lists this gate (again); then run the report again.",
            RefusalCodes.PoolFull => " The node has room again after its next block.",
            _ => string.Empty,
        };
    }
}
