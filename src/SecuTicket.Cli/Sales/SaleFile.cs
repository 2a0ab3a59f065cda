using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Sales;

/// <summary>Sales in files that are carried from one machine to another.</summary>
internal static class SaleFile
{
    /// <summary>Reads one.</summary>
    public static Verdict<Sale> Read(string path) => BoundedFile.Read(path, CanonicalJson.MaxSize).TryGet(out var bytes, out var refusal) ? Sale.Parse(bytes.Span) : refusal;

    /// <summary>Writes one, whole or not at all.</summary>
    public static Verdict Write(string path, Sale sale, bool replace)
    {
        if (!replace && File.Exists(path)) return new Refusal(FailureCodes.File, $"'{path}' exists and is not replaced. Name another, or say --force.");

        DurableFiles.Create(path, unfinished => File.WriteAllBytes(unfinished, sale.Write()), replace);
        return Verdict.Accepted;
    }

    /// <summary>Shows what is sold, and who has signed.</summary>
    public static void Show(Run run, Sale sale) => run.Printer.Fields(
        ("ticket_id", sale.Terms.Ticket.ToString()),
        ("recipient", sale.Terms.Recipient.ToString()),
        ("price", sale.Terms.Price?.ToString()),
        ("reference", sale.Terms.Reference),
        ("identity_commitment", sale.Terms.IdentityCommitment?.ToString()),
        ("chain", sale.ChainId),
        ("valid_until", MomentText.Of(sale.ValidUntil)),
        ("seller", $"{sale.Seller} ({(sale.HasSeller ? "signed" : "not signed")})"),
        ("event_key", sale.EventKey is { } key ? $"{key} (signed)" : "not signed"),
        ("transaction_id", sale.Id.ToString()));

    /// <summary>Posts one and tells what became of it.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> PostAsync(Run run, Sale sale, TimeSpan wait, CancellationToken cancellation)
    {
        if (sale.Complete() is { IsAccepted: false, Refusal: var incomplete }) return run.Fail(incomplete);
        if (!run.Connect().TryGet(out var client, out var refusal)) return run.Fail(refusal);

        var answer = await client.PostSignedAsync("/tickets/sell", sale.Body(), wait, cancellation);
        return Writing.Tell(run, answer, $"Ticket {sale.Terms.Ticket} is sold to {sale.Terms.Recipient}", wait);
    }
}
