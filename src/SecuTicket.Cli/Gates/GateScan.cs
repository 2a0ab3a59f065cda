using System.CommandLine;
using System.Globalization;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary><c>secuticket gate scan</c></summary>
internal static class GateScan
{
    /// <summary>Keys of holders that stay imported: each shows a code once or twice.</summary>
    private const int KeptKeys = 64;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var symbols = new GateSymbols();
        var codes = new Argument<string[]>("code") { Description = "Codes to judge; each line of standard input when left out, as a hand-held scanner types them.", Arity = ArgumentArity.ZeroOrMore };
        var maxAge = new Option<int>("--max-age")
        {
            Description = "Warn when the roster was fetched longer ago than this.",
            HelpName = "MINUTES",
            DefaultValueFactory = static _ => 24 * 60,
        };
        return tool.Command(
            "scan",
            $"Judge codes with no network, and keep a signed receipt of each. GREEN lets in, YELLOW asks to look closer, RED stops. For one code given here the exit code is {ExitCode.Done} when it is valid, else {ExitCode.NotVerified}.",
            [symbols.Event, codes, symbols.Directory, maxAge],
            (run, cancellation) => DoAsync(run, symbols, run.Get(codes) ?? [], TimeSpan.FromMinutes(run.Get(maxAge)), cancellation));
    }

    private static async Task<int> DoAsync(Run run, GateSymbols symbols, string[] codes, TimeSpan maxAge, CancellationToken cancellation)
    {
        var folder = symbols.FolderOf(run);
        if (!GatePin.Load(folder, symbols.EventOf(run)).TryGet(out var pin, out var refusal)) return run.Fail(refusal);
        if (!run.OpenWallet().TryGet(out var wallet, out refusal)) return run.Fail(refusal);

        using (wallet)
        {
            if (!folder.Lock(GateFolder.ScanLock).TryGet(out var held, out refusal)) return run.Fail(refusal);

            using (held)
            using (var keys = new P256Verifier(KeptKeys))
            {
                var verifier = new TransactionVerifier(keys);
                if (!folder.Roster.Load(pin.Source, verifier).TryGet(out var roster, out refusal)) return GateCommands.Fail(run, refusal);
                if (!ReceiptLines.Read(folder, wallet.Address, pin, verifier).TryGet(out var kept, out refusal)) return GateCommands.Fail(run, refusal);

                if (!Reported.Load(folder, kept).TryGet(out _, out refusal)) return GateCommands.Fail(run, refusal);

                SayHowItStands(run, pin, roster, kept, maxAge);
                using var receipts = ReceiptFile.Open(folder.ReceiptsFile, kept);
                var turnstile = new Turnstile(new GateJudge(pin.ChainId, verifier), roster, wallet, receipts, run.Surroundings.Clock);
                return await ScanAsync(run, turnstile, new FindingText(run, wallet.Address), codes, cancellation);
            }
        }
    }

    private static void SayHowItStands(Run run, GatePin pin, GateRoster roster, ReceiptLines kept, TimeSpan maxAge)
    {
        var age = GateCommands.AgeOf(run, pin);
        run.Say($"{roster.Head.Event.Name}: {roster.Count} tickets as of block {roster.Head.At.Version}, fetched {GateCommands.Text(age)} ago; {kept.Receipts.Count} scans so far.");
        if (age > maxAge) run.Say($"Warning: the roster is older than {GateCommands.Text(maxAge)}: what was sold, given or revoked since is not known here. With a network: secuticket gate sync {pin.Event}");
        if (kept.TornSize > 0) run.Say($"Note: the last receipt was cut off while it was written (a power cut?) and is dropped; its result had not been shown. Scan that ticket again.");
        if (roster.Head.Event.Cancelled) run.Say("Warning: the event is cancelled.");
        if (!roster.Head.Event.Gates.Contains(kept.Log.Scope.Gate))
            run.Say($"Warning: this wallet, {kept.Log.Scope.Gate}, is not among the event's gates, so every ticket will be wrong_event. The organiser adds it (secuticket gate invite {pin.Event}); then: secuticket gate sync {pin.Event}");
    }

    private static async Task<int> ScanAsync(Run run, Turnstile turnstile, FindingText text, string[] codes, CancellationToken cancellation)
    {
        try
        {
            foreach (var code in codes)
            {
                cancellation.ThrowIfCancellationRequested();
                var finding = turnstile.Scan(code);
                text.Show(finding);
                if (codes.Length == 1) return finding.Result == GateResult.Valid ? ExitCode.Done : ExitCode.NotVerified;
            }

            if (codes.Length > 0) return ExitCode.Done;

            // Reading can not be given up half way, so whoever interrupts does not wait for it.
            var lines = new ScannedLines(run.Surroundings.Input);
            while (await Task.Run(lines.Read, CancellationToken.None).WaitAsync(cancellation) is { } line) text.Show(turnstile.Scan(line));
            return ExitCode.Done;
        }
        finally
        {
            run.Say(TotalOf(turnstile));
        }
    }

    private static string TotalOf(Turnstile turnstile)
    {
        var others = GateResultWords.All.Select(static (word, i) => (Word: word, Result: (GateResult)i)).Where(one => one.Result != GateResult.Valid && turnstile.CountOf(one.Result) > 0);
        var refused = string.Join(", ", others.Select(one => string.Create(CultureInfo.InvariantCulture, $"{turnstile.CountOf(one.Result)} {one.Word}")));
        return $"{turnstile.Scans} scanned: {turnstile.CountOf(GateResult.Valid)} let in{(refused.Length > 0 ? $", {refused}" : string.Empty)}.";
    }
}
