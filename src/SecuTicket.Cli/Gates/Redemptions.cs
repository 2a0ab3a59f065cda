using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Gates;

/// <summary>Writes a gate's admissions to the chain. A ticket that is redeemed already is no error: either this gate wrote it before, or another gate let somebody in too.</summary>
/// <param name="client">The node.</param>
/// <param name="wallet">The gate's.</param>
/// <param name="surroundings">The clock, and where nonces come from.</param>
/// <param name="conflicts">Takes the conflicts found.</param>
internal sealed class Redemptions(SecuTicketClient client, Wallet wallet, Surroundings surroundings, ReportedConflicts conflicts)
{
    // The node may have no room for this gate's transactions before the next block.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Admissions that the node took now.</summary>
    public int Made { get; private set; }

    /// <summary>How many were not taken, by why.</summary>
    public SortedDictionary<string, int> NotTaken { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes the admissions among some receipts.</summary>
    /// <param name="receipts">The receipts, at most a thousand.</param>
    /// <param name="wait">How long to wait for room at the node.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether each receipt asks for nothing more; or why nothing was done.</returns>
    public async Task<(NodeAnswer? Answer, bool[] Done)> WriteAsync(IReadOnlyList<SignedReceipt> receipts, TimeSpan wait, CancellationToken cancellation)
    {
        var done = receipts.Select(static one => one.Receipt is not { Result: GateResult.Valid, Ticket: not null }).ToArray();
        var start = surroundings.Clock.GetTimestamp();
        while (true)
        {
            int[] open = [.. Enumerable.Range(0, done.Length).Where(i => !done[i])];
            if (open.Length == 0) return (null, done);

            var answer = await PostAsync(open.Select(i => receipts[i].Receipt), cancellation);
            if (answer.Refusal is not null) return (answer, done);

            var lines = LinesOf(answer, open.Length);
            var hasNoRoom = false;
            for (var i = 0; i < open.Length; i++)
            {
                var code = lines[i].OptionalText("code");
                done[open[i]] = await IsDoneAsync(receipts[open[i]].Receipt, lines[i].Text("status"), code, cancellation);
                hasNoRoom |= code == RefusalCodes.PoolFull;
            }

            if (!hasNoRoom || surroundings.Clock.GetElapsedTime(start) >= wait)
            {
                foreach (var line in open.Select((receipt, i) => (receipt, i)).Where(one => !done[one.receipt])) Count(lines[line.i].OptionalText("code") ?? lines[line.i].Text("status"));
                return (null, done);
            }

            await Task.Delay(BetweenTries, surroundings.Clock, cancellation);
        }
    }

    private async Task<NodeAnswer> PostAsync(IEnumerable<GateReceipt> receipts, CancellationToken cancellation)
    {
        if (!(await client.IdentifyAsync(cancellation)).TryGet(out var node, out var refusal)) return NodeAnswer.None(refusal);

        var validUntil = (surroundings.Clock.GetUtcNow() + Draft.DefaultValidity).ToUnixTimeSeconds();
        using var lines = new MemoryStream();
        foreach (var receipt in receipts)
        {
            var fields = new PayloadFields { { "ticket_id", receipt.Ticket.ToString() } };
            var payload = Draft.Of(RedeemTicket.TypeName, node.ChainId, wallet.Address, validUntil, surroundings.FillRandom, fields);
            lines.Write(CanonicalJson.Write(Draft.WithSignatures(payload, wallet.Sign(payload))));
            lines.WriteByte((byte)'\n');
        }

        return await client.PostLinesAsync("/transactions/batch", lines.ToArray(), cancellation);
    }

    private async Task<bool> IsDoneAsync(GateReceipt receipt, string status, string? code, CancellationToken cancellation)
    {
        if (status is "pending" or "confirmed")
        {
            Made++;
            return true;
        }

        if (code != RefusalCodes.AlreadyRedeemed) return false;

        await TellConflictAsync(receipt, cancellation);
        return true;
    }

    // The judge names the first admission before it looks at the code's age.
    private async Task TellConflictAsync(GateReceipt receipt, CancellationToken cancellation)
    {
        var body = CanonicalJson.Write(JsonValue.Object(new PayloadFields { { "code", receipt.Code }, { "gate", wallet.Address.ToString() } }));
        var answer = await client.SendAsync(HttpMethod.Post, "/gate/scan", body, cancellation);
        if (answer.Refusal is null && answer.Json.Optional("first") is { } first && first.Text("gate") is var gate && gate != wallet.Address.ToString())
            conflicts.Add(receipt, gate, ReceiptUpload.SecondsOf(first));
    }

    private void Count(string why) => NotTaken[why] = NotTaken.GetValueOrDefault(why) + 1;

    private static JsonElement[] LinesOf(NodeAnswer answer, int expected)
    {
        try
        {
            var lines = System.Text.Encoding.UTF8.GetString(answer.Body.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonElement.Parse(line)).ToArray();
            return lines.Length == expected ? lines : throw new UnreadableAnswerException($"The answer has {lines.Length} lines for {expected} transactions.");
        }
        catch (JsonException)
        {
            throw new UnreadableAnswerException("A line of the answer is no JSON.");
        }
    }
}
