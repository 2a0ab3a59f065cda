using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Output;
using SecuTicket.Cli.Proofs;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;

namespace SecuTicket.Cli.Chain;

/// <summary><c>secuticket chain headers</c>: what proofs are checked against.</summary>
internal static class ChainHeaders
{
    private const int PageSize = 1_000;

    /// <summary>The command.</summary>
    public static Command Build(Tool tool)
    {
        var from = Symbols.Amount("--from", "Index of the first one; genesis when left out, which leaves nothing of the headers' work open.");
        var destination = Symbols.Text("--out", "The file.", "FILE", isRequired: true);
        var force = Symbols.Force();
        return tool.Command("headers", "Save the chain's headers up to the tip, to check proofs against (ticket verify --headers).", [destination, from, force], async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

            var path = run.PathOf(run.Get(destination)!);
            var count = 0L;
            var written = await ProofFile.WriteAsync(path, run.Get(force), async file =>
            {
                var verdict = await SaveAsync(run, client, run.Get(from) ?? 0, file, cancellation);
                count = verdict.IsAccepted ? verdict.Value : 0;
                return verdict.Refusal is { } unsaved ? unsaved : Verdict.Accepted;
            });
            if (written.Refusal is { } failed) return run.Fail(failed);

            run.Say($"{count} headers are in '{path}'. None was checked: ticket verify --headers does that.");
            return ExitCode.Done;
        });
    }

    private static async Task<Verdict<long>> SaveAsync(Run run, SecuTicketClient client, long from, Stream file, CancellationToken cancellation)
    {
        await using var writer = new Utf8JsonWriter(file);
        writer.WriteStartObject();
        writer.WriteStartArray("headers");
        Progress? progress = null;
        var count = 0L;
        try
        {
            for (long? next = from; next is { } index;)
            {
                var answer = await client.GetAsync($"/chain/headers?from={index}&limit={PageSize}", cancellation);
                if (answer.Refusal is { } refusal) return refusal;

                progress ??= new Progress(run.Surroundings, "Headers", answer.Json.Number("length") - from);
                var headers = answer.Json.Items("headers").ToArray();
                foreach (var header in headers) header.WriteTo(writer);
                await writer.FlushAsync(cancellation);
                progress.Advance(headers.Length);
                count += headers.Length;
                next = answer.Json.OptionalNumber("next_from");
                // A node that never ends would fill the disk.
                if (next is not null && next != index + headers.Length) return new Refusal(FailureCodes.UnreadableAnswer, $"The node gave {headers.Length} headers from {index} on and goes on at {next}.");
                if (file.Length > ProofDocument.MaxHeadersSize) return new Refusal(FailureCodes.File, $"The headers take more than {ProofDocument.MaxHeadersSize} bytes, the most that ticket verify reads: give a later --from.");
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            await writer.FlushAsync(cancellation);
            return count;
        }
        finally
        {
            progress?.Dispose();
        }
    }
}
