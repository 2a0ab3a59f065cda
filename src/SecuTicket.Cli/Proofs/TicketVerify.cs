using System.CommandLine;
using System.Globalization;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Proofs;

/// <summary><c>secuticket ticket verify</c>: asks no node.</summary>
internal static class TicketVerify
{
    // A proof has two signatures at most, headers the seals of a few sealers.
    private const int Keys = 256;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var file = new Argument<string>("proof") { Description = "The proof's file: what ticket proof, or GET /tickets/{id}/proof, gave." };
        var headers = Symbols.Text("--headers", "Headers from somebody you trust, such as another node's (chain headers --out FILE). Without them the tip is only what the proof claims, and with proof of stake nothing is proven.", "FILE");
        var spec = Symbols.Text("--spec", "The chain's specification; built in for secuticket-dev.", "FILE");
        return tool.Command("verify", "Check a proof of a ticket or a transaction, without any node.", [file, headers, spec], (run, _) =>
            Task.FromResult(Verify(run, run.PathOf(run.Get(file)!), run.Get(headers), run.Get(spec))));
    }

    private static int Verify(Run run, string file, string? headersFile, string? specFile)
    {
        if (!BoundedFile.Read(file, ProofDocument.MaxSize).TryGet(out var bytes, out var refusal)) return run.Fail(refusal);
        if (!ProofDocument.Read(bytes).TryGet(out var proof, out refusal)) return IsNoProof(refusal) ? run.Fail(new Refusal(FailureCodes.File, $"'{file}' is no proof: {refusal.Detail}")) : Wrong(run, refusal);
        if (!SpecOf(run, specFile, proof.ChainId).TryGet(out var spec, out refusal)) return run.Fail(refusal);

        using var keys = new P256Verifier(Keys);
        var seals = SealVerifiers.Of(spec, keys);
        var now = run.Surroundings.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        HeaderChain? given = null;
        if (headersFile is not null)
        {
            if (!BoundedFile.Read(run.PathOf(headersFile), ProofDocument.MaxHeadersSize).TryGet(out bytes, out refusal)) return run.Fail(refusal);
            if (!ProofDocument.ReadHeaders(bytes).TryGet(out var list, out refusal) || !HeaderChain.Verify(spec, seals, list.Headers, now).TryGet(out given, out refusal))
                return Wrong(run, refusal with { Detail = $"'{headersFile}': {refusal.Detail}" });
        }

        return new InclusionVerifier(spec, seals, new TransactionVerifier(keys)).Verify(proof, given, now).TryGet(out var found, out refusal) ? Right(run, spec, found) : Wrong(run, refusal);
    }

    // A proof that was changed is one that is wrong; another file is none.
    private static bool IsNoProof(Refusal refusal) => refusal is { Code: RefusalCodes.MalformedJson } or { Code: RefusalCodes.MissingField, Field: "transaction" } or { Code: RefusalCodes.InvalidField, Field: null };

    private static Verdict<ChainSpec> SpecOf(Run run, string? file, string chainId)
    {
        if (file is not null) return ProofFile.ReadSpec(run.PathOf(file));

        return chainId == DevelopmentChain.ChainId
            ? DevelopmentChain.Spec
            : new Refusal(FailureCodes.Usage, $"The proof is of chain «{chainId}»: name its specification with --spec FILE.");
    }

    private static int Right(Run run, ChainSpec spec, Inclusion found)
    {
        // Work can not be made up; a signature in a slot can, by anybody and at no cost: who had stake only the ledger says.
        var unproven = found.Given is null && spec.Stake is not null
            ? new Refusal(FailureCodes.NotVerified, "On a chain of proof of stake anybody can make such a proof, at no cost: nothing is proven without headers. Give those of a node you trust with --headers.")
            : null;
        var given = found.Given is { } headers ? (headers.FromGenesis ? "given, from genesis" : "given") : "claimed";
        PayloadFields fields = new()
        {
            { "transaction_id", found.Transaction.Id.ToString() },
            { "type", found.Transaction.Payload.Operation.Type },
            { "ticket_id", found.Ticket?.ToString() },
            { "signed_by", found.Transaction.Signers.Count > 0 ? string.Join(' ', found.Transaction.Signers) : null },
            { "block_index", found.Block.Index },
            { "block_hash", found.Block.Hash.ToString() },
            { "block_time", MomentText.Of(found.Block.Timestamp / 1_000) },
            { "tip_index", found.Tip.Index },
            { "tip_hash", found.Tip.Hash.ToString() },
            { "tip_is", given },
            { "confirmations", found.Confirmations },
            { "weight", found.Weight.ToString(CultureInfo.InvariantCulture) },
        };
        if (run.Json)
        {
            PayloadFields why = new() { { "code", unproven?.Code }, { "detail", unproven?.Detail } };
            run.Printer.Line(JsonValue.Object([new("valid", JsonValue.Of(unproven is null)), .. why, .. fields]).ToString());
        }
        else
        {
            run.Printer.Fields([("valid", unproven is null ? "yes" : "unproven"), .. fields.Shown()]);
        }

        if (unproven is not null) return run.Fail(unproven);

        if (found.Given is null) run.Say("The tip is only what the proof claims: whoever made it could have left your chain. Give headers from elsewhere with --headers to be sure.");
        if (found.Block.Version == BlockHeader.RevealingVersion) run.Say("On a chain of proof of stake headers show that somebody signed each in its slot, and only for the first epochs that it was that one's turn: the tip must come from a node you trust.");
        run.Say("Proven is that the transaction is in that block, not that nothing came after it.");
        return ExitCode.Done;
    }

    private static int Wrong(Run run, Refusal refusal)
    {
        if (run.Json) run.Printer.Line(JsonValue.Object([new("valid", JsonValue.False), new("code", JsonValue.Of(refusal.Code)), new("detail", JsonValue.Of(refusal.Detail))]).ToString());
        run.Fail(refusal);
        return ExitCode.NotVerified;
    }
}
