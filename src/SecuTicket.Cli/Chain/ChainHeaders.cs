using System.CommandLine;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Output;
using SecuTicket.Cli.Proofs;
using SecuTicket.Core.Primitives;

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
        var force = new Option<bool>("--force") { Description = "Replace the file if it exists." };
        return tool.Command("headers", "Save the chain's headers up to the tip, to check proofs against (ticket verify --headers).", [destination, from, force], async (run, cancellation) =>
        {
            if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

            var written = await ProofFile.WriteAsync(run.PathOf(run.Get(destination)!), run.Get(force), file => SaveAsync(run, client, run.Get(from) ?? 0, file, cancellation));
            return written.Refusal is { } failed ? run.Fail(failed) : ExitCode.Done;
        });
    }

    private static async Task<Verdict> SaveAsync(Run run, SecuTicketClient client, long from, Stream file, CancellationToken cancellation)
    {
        await using var writer = new Utf8JsonWriter(file);
        writer.WriteStartObject();
        writer.WriteStartArray("headers");
        Progress? progress = null;
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
                next = answer.Json.OptionalNumber("next_from");
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            await writer.FlushAsync(cancellation);
            return Verdict.Accepted;
        }
        finally
        {
            progress?.Dispose();
        }
    }
}
