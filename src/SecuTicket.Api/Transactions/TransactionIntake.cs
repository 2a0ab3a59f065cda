using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Transactions;

/// <summary>The one way in for transactions, whatever route they come by: body, reading and proof, the single writer, the answer.</summary>
/// <param name="node">The node.</param>
/// <param name="reader">Reads and proves.</param>
/// <param name="limits">Sizes of bodies.</param>
/// <param name="lifetime">When the process stops: whoever waits is answered then.</param>
public sealed class TransactionIntake(TicketNode node, TransactionReader reader, IOptions<LimitOptions> limits, IHostApplicationLifetime lifetime)
{
    /// <summary>Most transactions of one batch.</summary>
    public const int MaxBatch = 1_000;

    /// <summary>Longest time that <c>Prefer: wait=N</c> may ask for, in seconds.</summary>
    public const int MaxWaitSeconds = 30;

    /// <summary>Takes one transaction.</summary>
    /// <param name="request">The request whose body it is.</param>
    /// <param name="route">The type of a typed route; null where the body names it.</param>
    /// <param name="defaultType">The type that a body without one has, on routes that take any.</param>
    public async Task<IActionResult> AcceptAsync(HttpRequest request, string? route, string? defaultType = null)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (!(await BodyReader.ReadAsync(request, limits.Value.Json, cancellation)).TryGet(out var body, out var refusal)) return new ProblemResult(refusal);

        ReadTransaction read;
        using (body) read = reader.Read(body.Memory.Span, route, defaultType);
        if (read.Refusal is { } wrong) return new ProblemResult(wrong);

        var verdict = await node.SubmitAsync([read.Transaction!], cancellation);
        return await AnswerAsync(read.Transaction!, verdict, WaitOf(request), cancellation);
    }

    /// <summary>Submits a verified transaction and answers as any write does.</summary>
    public async Task<IActionResult> SubmitAsync(VerifiedTransaction transaction, TimeSpan wait, CancellationToken cancellation) =>
        await AnswerAsync(transaction, await node.SubmitAsync([transaction], cancellation), wait, cancellation);

    private async ValueTask<IActionResult> AnswerAsync(VerifiedTransaction transaction, Verdict<IReadOnlyList<Submission>> verdict, TimeSpan wait, CancellationToken cancellation)
    {
        if (!verdict.TryGet(out var submissions, out var refusal)) return new ProblemResult(refusal);

        var submission = Resolve(submissions[0]);
        if (submission.Status is null) return new ProblemResult(submission.Refusal!);
        if (submission.Status == TransactionStatus.Pending && wait > TimeSpan.Zero)
        {
            await WaitAsync(transaction.Id, wait, cancellation);
            submission = Resolve(submission with { Status = null }) with { IsNew = submission.IsNew };
        }

        var status = submission.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var answer = AnswerOf(transaction.Payload, submission);
        return new JsonAnswer<SubmissionAnswer>(answer, ApiJson.Default.SubmissionAnswer, status) { Location = $"/transactions/{answer.TransactionId}" };
    }

    /// <summary>Takes up to 1,000 transactions, one a line, and answers one verdict a line, in order.</summary>
    public async Task<IActionResult> AcceptBatchAsync(HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (!(await BodyReader.ReadAsync(request, limits.Value.Batch, cancellation)).TryGet(out var body, out var refusal)) return new ProblemResult(refusal);

        ReadTransaction[] read;
        using (body)
        {
            var memory = body.Memory;
            var lines = LinesOf(memory.Span);
            if (lines.Count > MaxBatch) return new ProblemResult(new Refusal(RefusalCodes.TooLarge, $"A batch takes at most {MaxBatch} lines, this one has more."));

            read = new ReadTransaction[lines.Count];
            Parallel.For(0, read.Length, i => read[i] = reader.Read(memory.Span[lines[i]], null, follows: true));

            // Which event's key a sale of a ticket needs that this batch issues is known only now.
            var issued = IssuedFor(read);
            for (var i = 0; i < read.Length; i++)
                if (read[i].Payload?.Operation is SellTicket sale && issued.ContainsKey(sale.Ticket)) read[i] = reader.Read(memory.Span[lines[i]], null, follows: true, issued: issued);
        }

        var verified = read.Where(one => one.Transaction is not null).Select(one => one.Transaction!).ToArray();
        if (!(await node.SubmitAsync(verified, cancellation)).TryGet(out var submissions, out refusal)) return new ProblemResult(refusal);

        return new FileContentResult(Verdicts(read, submissions), BodyRule.LinesMediaType);
    }

    private async Task WaitAsync(Hash256 id, TimeSpan wait, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        try
        {
            await node.WaitForDecisionAsync(id, wait, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The node stops: the answer says how it stands, rather than none coming.
        }
    }

    // A submission that was refused may be one that was decided long ago: then the answer is how it ended.
    private Submission Resolve(Submission submission)
    {
        if (submission is { Status: TransactionStatus.Pending } or { Status: TransactionStatus.Rejected }) return submission;

        return node.FindTransaction(submission.Id) switch
        {
            null => submission,
            { Status: TransactionStatus.Pending } => submission with { Status = TransactionStatus.Pending, Refusal = null, BlockIndex = node.Snapshot.Tip.Index + 1 },
            { Status: TransactionStatus.Confirmed } known => submission with { Status = TransactionStatus.Confirmed, Refusal = null, BlockIndex = known.BlockIndex },
            var known => submission with { Status = TransactionStatus.Rejected, BlockIndex = null, Refusal = new Refusal(known.Code!, known.Detail ?? string.Empty) },
        };
    }

    private static SubmissionAnswer AnswerOf(Payload payload, Submission submission)
    {
        var index = submission.BlockIndex;
        var message = submission.Status switch
        {
            TransactionStatus.Pending => $"Transaction will be added to block {index}",
            TransactionStatus.Confirmed => $"Transaction is in block {index}",
            _ => $"Transaction was rejected: {submission.Refusal?.Detail}",
        };
        var rejected = submission.Status == TransactionStatus.Rejected;
        return new SubmissionAnswer(submission.Id.ToString(), WordOf(submission.Status!.Value), rejected ? null : index, message)
        {
            Code = rejected ? submission.Refusal?.Code : null,
            EventId = payload.Operation is CreateEvent ? EventId.Of(payload.Id).ToString() : null,
            TicketIds = payload.Operation is IssueTickets issue ? [.. issue.Seats.Select(seat => IssueTickets.TicketOf(issue.Event, issue.Session, seat).ToString())] : null,
        };
    }

    /// <summary>A status as the contract writes it.</summary>
    public static string WordOf(TransactionStatus status) => status switch
    {
        TransactionStatus.Pending => "pending",
        TransactionStatus.Confirmed => "confirmed",
        _ => "rejected",
    };

    /// <summary>The wait that <c>Prefer: wait=N</c> (RFC 7240) asks for, 30 s at the most; none when there is none or N is no number: a preference is never an error.</summary>
    public static TimeSpan WaitOf(HttpRequest request)
    {
        if (request.Headers["Prefer"] is not { Count: > 0 } headers) return TimeSpan.Zero;

        foreach (var preference in headers.SelectMany(header => (header ?? string.Empty).Split([',', ';'])))
        {
            var (name, value) = preference.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim().Trim('"')) : (string.Empty, string.Empty);
            if (!name.Equals("wait", StringComparison.OrdinalIgnoreCase) || value.Length == 0 || !value.All(char.IsAsciiDigit)) continue;

            return TimeSpan.FromSeconds(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Math.Min(seconds, MaxWaitSeconds) : MaxWaitSeconds);
        }

        return TimeSpan.Zero;
    }

    private byte[] Verdicts(ReadTransaction[] read, IReadOnlyList<Submission> submissions)
    {
        using var lines = new MemoryStream();
        var next = 0;
        foreach (var one in read)
        {
            var refusal = one.Refusal;
            if (one.Transaction is { } transaction)
            {
                var submission = Resolve(submissions[next++]);
                refusal = submission.Status is null ? submission.Refusal : null;
                if (refusal is null) JsonSerializer.Serialize(lines, AnswerOf(transaction.Payload, submission), ApiJson.Default.SubmissionAnswer);
            }

            if (refusal is not null) JsonSerializer.Serialize(lines, new RefusedLine(one.Payload?.Id.ToString(), "refused", refusal.Code, refusal.Detail), ApiJson.Default.RefusedLine);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    // The tickets that a batch issues and whose event a sale in it may have to know; none where nothing is sold.
    private static Dictionary<TicketId, EventId> IssuedFor(ReadTransaction[] read)
    {
        var issued = new Dictionary<TicketId, EventId>();
        if (!read.Any(one => one.Transaction?.Payload.Operation is SellTicket)) return issued;

        foreach (var issue in read.Select(one => one.Transaction?.Payload.Operation).OfType<IssueTickets>())
            foreach (var seat in issue.Seats) issued[IssueTickets.TicketOf(issue.Event, issue.Session, seat)] = issue.Event;
        return issued;
    }

    // The last line may or may not end with a line feed.
    private static List<Range> LinesOf(ReadOnlySpan<byte> body)
    {
        var lines = new List<Range>();
        foreach (var line in body.Split((byte)'\n'))
        {
            if (line.Start.Value < body.Length) lines.Add(line);
            if (lines.Count > MaxBatch) break;
        }

        return lines;
    }
}
