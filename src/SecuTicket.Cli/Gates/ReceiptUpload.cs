using System.Globalization;
using System.Text.Json;
using SecuTicket.Cli.Client;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;

namespace SecuTicket.Cli.Gates;

/// <summary>Brings receipts to the node, oldest first. The same ones again change nothing there, so it can be broken off anywhere.</summary>
/// <param name="client">The node.</param>
/// <param name="scope">Whose receipts.</param>
/// <param name="conflicts">Takes the conflicts that the node knows of.</param>
internal sealed class ReceiptUpload(SecuTicketClient client, GateScope scope, ReportedConflicts conflicts)
{
    /// <summary>Receipts that the node keeps now, of those that were sent.</summary>
    public int Taken { get; private set; }

    /// <summary>How many were not taken, by why.</summary>
    public SortedDictionary<string, int> NotTaken { get; } = new(StringComparer.Ordinal);

    /// <summary>Sends one request's worth.</summary>
    /// <param name="receipts">At most <see cref="SignedReceipt.MaxBatch"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether each is at the node now; or why nothing was done.</returns>
    public async Task<(NodeAnswer Answer, bool[] Taken)> SendAsync(IReadOnlyList<SignedReceipt> receipts, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(HttpMethod.Post, "/gate/receipts", CanonicalJson.Write(SignedReceipt.BodyOf(scope, receipts)), cancellation);
        if (answer.Refusal is not null) return (answer, []);

        var verdicts = answer.Json.Items("verdicts").ToArray();
        if (verdicts.Length != receipts.Count) throw new UnreadableAnswerException($"The answer has {verdicts.Length} verdicts on {receipts.Count} receipts.");

        var taken = new bool[verdicts.Length];
        for (var i = 0; i < verdicts.Length; i++) taken[i] = Note(receipts[i].Receipt, verdicts[i]);
        return (answer, taken);
    }

    /// <summary>A moment in an answer, in unix seconds.</summary>
    public static long SecondsOf(JsonElement json) =>
        DateTimeOffset.TryParse(json.Text("at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUnixTimeSeconds() : throw new UnreadableAnswerException("The answer's at is no moment.");

    private bool Note(GateReceipt receipt, JsonElement verdict)
    {
        if (verdict.Optional("first") is { } first) conflicts.Add(receipt, first.Text("gate"), SecondsOf(first));
        if (verdict.Text("verdict") != "invalid")
        {
            Taken++;
            return true;
        }

        var why = verdict.OptionalText("code") ?? "invalid";
        NotTaken[why] = NotTaken.GetValueOrDefault(why) + 1;
        return false;
    }
}
