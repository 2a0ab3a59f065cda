using System.CommandLine;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Proofs;

/// <summary><c>secuticket ticket proof</c></summary>
internal static class TicketProof
{
    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var ticket = Symbols.Ticket();
        var destination = Symbols.Text("--out", "Write the proof to this file; to standard output when left out.", "FILE");
        var force = Symbols.Force();
        return tool.Command(
            "proof",
            "Get the proof that the ticket's last confirmed change is in the chain: ticket verify checks it without any node.",
            [ticket, destination, force],
            async (run, cancellation) =>
            {
                if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

                var answer = await client.GetAsync($"/tickets/{run.Get(ticket)}/proof", cancellation);
                if (answer.Refusal is not null || run.Get(destination) is not { } name) return run.Answer(answer, proof => run.Printer.Raw(proof.Body.Span));

                var path = run.PathOf(name);
                var written = await ProofFile.WriteAsync(path, run.Get(force), async file =>
                {
                    await file.WriteAsync(answer.Body, cancellation);
                    return Verdict.Accepted;
                });
                if (written.Refusal is { } failed) return run.Fail(failed);

                run.Say($"The proof is in '{path}'. Check it with: secuticket ticket verify {name} --headers HEADERS, where HEADERS comes from somebody else's node (chain headers --out).");
                return run.Answer(answer, _ => { });
            });
    }
}
