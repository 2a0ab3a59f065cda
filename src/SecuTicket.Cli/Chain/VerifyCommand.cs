using System.CommandLine;
using System.Globalization;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket verify</c>: replays a chain on this machine and believes nobody.</summary>
internal static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string?>("file") { Description = "A chain's file (chain export); the node's chain when left out.", Arity = ArgumentArity.ZeroOrOne };
        var directory = Symbols.Text("--data-directory", "The data directory of a node that does not run: its ledger is checked too.", "FOLDER");
        var spec = Symbols.Text("--spec", "The specification that the chain must have, and the checkpoint that it must come to; what the source says when left out.", "FILE");
        var unsigned = new Option<bool>("--without-signatures") { Description = "Check everything but signatures, many times faster: to see whether a disk still holds what was checked before it was written." };
        return tool.Command(
            "verify",
            "Replay a chain from genesis on this machine and check everything: form, links, work or turns, seals, times, signatures, votes, every rule.",
            [file, directory, spec, unsigned],
            async (run, cancellation) =>
            {
                if (run.Get(file) is not null && run.Get(directory) is not null) return run.Fail(new Refusal(FailureCodes.Usage, "Name a file or --data-directory, not both."));
                if (!TrustedSpec.Read(run, run.Get(spec)).TryGet(out var trusted, out var refusal)) return run.Fail(refusal);

                var wish = new Wish(trusted, !run.Get(unsigned));
                if (run.Get(directory) is { } folder) return Stored(run, run.PathOf(folder), wish, cancellation);
                if (run.Get(file) is { } name) return await OfFileAsync(run, run.PathOf(name), wish, cancellation);
                if (!run.Connect().TryGet(out var client, out refusal)) return run.Fail(refusal);

                return (await BlockSource.OfNodeAsync(client, cancellation)).TryGet(out var source, out refusal) ? await ReplayAsync(run, source, wish, client, cancellation) : run.Fail(refusal);
            });
    }

    private static async Task<int> OfFileAsync(Run run, string path, Wish wish, CancellationToken cancellation)
    {
        if (!File.Exists(path)) return run.Fail(new Refusal(FailureCodes.File, $"'{path}' does not exist."));
        if (!ChainFile.Open(File.OpenRead(path)).TryGet(out var file, out var refusal)) return run.Fail(new Refusal(FailureCodes.File, $"'{path}': {refusal.Detail}"));

        using (file) return await ReplayAsync(run, BlockSource.OfFile(file), wish, null, cancellation);
    }

    private static int Stored(Run run, string folder, Wish wish, CancellationToken cancellation) =>
        OfflineDirectory.Use(run, () => OfflineChain.Open(folder, run.Surroundings.Clock), chain =>
        {
            if (!wish.Trusted.Of(chain.Spec).TryGet(out var spec, out var other)) return run.Fail(other);

            using var meter = new ReplayMeter(run.Surroundings, "Verifying", chain.Tip.Index + 1);
            ReplayProgress? last = null;
            var found = chain.Validate(
                progress =>
                {
                    last = progress;
                    meter.Show(progress);
                },
                cancellation,
                wish.ChecksSignatures,
                spec);
            return Tell(run, meter, wish, last, spec, chain.Ledger, found.FirstInvalidIndex is { } index ? new ReplayFault(index, found.Refusal!) : TrustedSpec.RefuseEnd(spec, found.Length));
        });

    private static async Task<int> ReplayAsync(Run run, BlockSource source, Wish wish, SecuTicketClient? node, CancellationToken cancellation)
    {
        if (!wish.Trusted.Of(source.Spec).TryGet(out var spec, out var other)) return run.Fail(other);

        using var keys = new P256Verifier(OfflineChain.VerificationKeys);
        using var meter = new ReplayMeter(run.Surroundings, "Verifying", source.Total);
        var replay = ChainReplay.FromGenesis(spec, SealVerifiers.Of(spec, keys), wish.ChecksSignatures ? new TransactionVerifier(keys) : null, run.Surroundings.Clock);
        while (true)
        {
            if (!(await source.Next(replay.Next, cancellation)).TryGet(out var blocks, out var refusal))
                return refusal.Code == RefusalCodes.InvalidBlock ? Tell(run, meter, wish, replay.Progress, spec, replay.Chain.Ledger, new ReplayFault(replay.Next, refusal)) : run.Fail(refusal);
            if (blocks.Count == 0) break;

            var fault = replay.Add(blocks, cancellation: cancellation);
            meter.Show(replay.Progress);
            if (fault is null) continue;
            if (fault.Refusal.Code == RefusalCodes.InvalidLink && node is not null && await HasLeftAsync(node, replay, cancellation))
                return run.Fail(new Refusal("not_ready", "The node's chain was reorganised while it was read: run this again.", RefusalKind.Transient));

            return Tell(run, meter, wish, replay.Progress, spec, replay.Chain.Ledger, fault);
        }

        var end = replay.Next > 0 ? TrustedSpec.RefuseEnd(spec, replay.Next) : new ReplayFault(0, new Refusal(RefusalCodes.InvalidBlock, "There is no block at all, not even genesis."));
        return Tell(run, meter, wish, replay.Progress, spec, replay.Chain.Ledger, end);
    }

    // Whether what was read last is no longer on the node's branch.
    private static async Task<bool> HasLeftAsync(SecuTicketClient node, ChainReplay replay, CancellationToken cancellation)
    {
        var tip = replay.Chain.Tip.Header;
        var answer = await node.GetAsync($"/chain/headers?from={tip.Index}&limit=1", cancellation);
        return answer.Refusal is null && answer.Json.Items("headers").FirstOrDefault() is { ValueKind: System.Text.Json.JsonValueKind.Object } header && header.OptionalText("hash") != tip.Hash.ToString();
    }

    private static int Tell(Run run, ReplayMeter meter, Wish wish, ReplayProgress? progress, ChainSpec spec, LedgerState ledger, ReplayFault? fault)
    {
        meter.Dispose();
        PayloadFields fields = fault is null && progress is not null
            ? new()
            {
                { "chain_id", spec.ChainId },
                { "specification", spec.Hash.ToString() },
                { "length", progress.Tip.Index + 1 },
                { "transactions", progress.Transactions },
                { "tip", progress.Tip.Hash.ToString() },
                { "weight", progress.Weight.ToString(CultureInfo.InvariantCulture) },
                { "final_index", ledger.Stakes is null ? null : ledger.Final },
                { "validators", ledger.Stakes?.Tables.Present.Count },
                { "supply", ledger.Supply },
                { "accounts", ledger.Balances.Count },
                { "events", ledger.Events.Count },
                { "tickets", ledger.Tickets.Count },
            }
            : new() { { "first_invalid_index", fault?.Index }, { "code", fault?.Refusal.Code }, { "detail", fault?.Refusal.Detail } };
        if (!wish.ChecksSignatures) fields.Add("signatures", "not checked");
        if (run.Json) run.Printer.Line(JsonValue.Object([new("valid", JsonValue.Of(fault is null)), .. fields]).ToString());
        else run.Printer.Fields([("valid", fault is null ? "yes" : "no"), .. fields.Shown()]);

        if (progress is not null) run.Say(meter.Rate(progress));
        if (fault is null) return ExitCode.Done;

        run.Say($"Block {fault.Index} is not valid: {fault.Refusal.Code}: {fault.Refusal.Detail}");
        return ExitCode.NotVerified;
    }

    /// <param name="Trusted">What the user trusts of the chain's specification.</param>
    /// <param name="ChecksSignatures">Whether signatures are checked.</param>
    private sealed record Wish(TrustedSpec Trusted, bool ChecksSignatures);
}
