using System.Globalization;
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

            // The same transaction once more is no other: who still waits may be in another block than was said. A node that stops says nothing any more, and it is as it was.
            var now = await node.SubmitAsync([transaction], cancellation);
            submission = Resolve(now.TryGet(out var again, out _) ? again[0] : submission with { Status = null }) with { IsNew = submission.IsNew };
        }

        var status = submission.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        var answer = AnswerOf(transaction.Payload, submission);
        return new JsonAnswer<SubmissionAnswer>(answer, ApiJson.Default.SubmissionAnswer, status) { Location = $"/transactions/{answer.TransactionId}" };
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

    /// <summary>A submission that was refused may be one that was decided long ago: then the answer is how it ended.</summary>
    internal Submission Resolve(Submission submission)
    {
        if (submission is { Status: TransactionStatus.Pending } or { Status: TransactionStatus.Rejected }) return submission;

        return node.FindTransaction(submission.Id) switch
        {
            null => submission,
            { Status: TransactionStatus.Pending } => submission with { Status = TransactionStatus.Pending, Refusal = null },
            { Status: TransactionStatus.Confirmed } known => submission with { Status = TransactionStatus.Confirmed, Refusal = null, BlockIndex = known.BlockIndex },
            var known => submission with { Status = TransactionStatus.Rejected, BlockIndex = null, Refusal = new Refusal(known.Code!, known.Detail ?? string.Empty) },
        };
    }

    /// <summary>What a client hears of a submission that was not refused.</summary>
    internal static SubmissionAnswer AnswerOf(Payload payload, Submission submission)
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
            TicketIds = payload.Operation is IssueTickets issue ? [.. issue.TicketIds().Select(static id => id.ToString())] : null,
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
}
