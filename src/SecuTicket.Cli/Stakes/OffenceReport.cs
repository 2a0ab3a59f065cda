using System.CommandLine;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Stakes;

/// <summary><c>secuticket report</c></summary>
internal static class OffenceReport
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var first = Statement("first");
        var second = Statement("second");
        return tool.Write("report", "Prove that a validator signed two things nobody may sign both: two blocks of one slot, or two votes that contradict. A part of what it loses is the wallet's.", [first, second], (writing, cancellation) =>
        {
            var run = writing.Run;
            if (!Read(run.PathOf(run.Get(first)!)).TryGet(out var one, out var refusal) || !Read(run.PathOf(run.Get(second)!)).TryGet(out var other, out refusal)) return Task.FromResult(run.Fail(refusal));

            var fields = new PayloadFields { { "first", one.ToString() }, { "second", other.ToString() } };
            return writing.SubmitAsync(Report.TypeName, fields, $"The offence of {one.Signer} is proven", cancellation);
        });
    }

    private static Argument<string> Statement(string name) =>
        new(name) { Description = "A JSON file: a header with its seal, as GET /chain/headers/{hash} shows it, or a vote, as GET /transactions/{id} shows it." };

    private static Verdict<SignedStatement> Read(string path)
    {
        if (!BoundedFile.Read(path, TextFile.MaxSize).TryGet(out var bytes, out var refusal)) return refusal;
        if (!ProofDocument.ReadStatement(bytes).TryGet(out var statement, out refusal)) return new Refusal(FailureCodes.File, $"'{path}' is neither a header with its seal nor a vote: {refusal.Detail}");

        return statement;
    }
}
