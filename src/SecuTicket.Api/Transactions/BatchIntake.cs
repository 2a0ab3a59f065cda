using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Transactions;

/// <summary>The way in for many transactions at once: lines are read and proven on all cores, go to the single writer as one command and become durable together.</summary>
/// <remarks>
/// One batch is read at a time, in the order in which they came: several large ones at once would take as long, all of them would be done only at the end, and until then nothing of them could be written. Batches of a line or two are read by one core so.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="reader">Reads and proves.</param>
/// <param name="intake">The way in for each.</param>
/// <param name="limits">Sizes of bodies.</param>
public sealed class BatchIntake(TicketNode node, TransactionReader reader, TransactionIntake intake, IOptions<LimitOptions> limits) : IDisposable
{
    /// <summary>Most transactions of one batch.</summary>
    public const int MaxLines = 1_000;

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes up to 1,000 transactions, one a line, and answers one verdict a line, in order.</summary>
    public async Task<IActionResult> AcceptAsync(HttpRequest request)
    {
        var cancellation = request.HttpContext.RequestAborted;
        if (!(await BodyReader.ReadAsync(request, limits.Value.Batch, cancellation)).TryGet(out var body, out var refusal)) return new ProblemResult(refusal);

        ReadTransaction[] read;
        using (body)
        {
            var lines = LinesOf(body.Memory.Span);
            if (lines.Count > MaxLines) return new ProblemResult(new Refusal(RefusalCodes.TooLarge, $"A batch takes at most {MaxLines} lines, this one has more."));

            await _turn.WaitAsync(cancellation);
            try
            {
                read = Read(body.Memory, lines);
            }
            finally
            {
                _turn.Release();
            }
        }

        var verified = new List<VerifiedTransaction>(read.Length);
        foreach (ref readonly var one in read.AsSpan())
            if (one.Transaction is { } transaction) verified.Add(transaction);

        return (await node.SubmitAsync(verified, cancellation)).TryGet(out var submissions, out refusal)
            ? new LinesAnswer(buffer => Write(buffer, read, submissions))
            : new ProblemResult(refusal);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private ReadTransaction[] Read(ReadOnlyMemory<byte> body, List<Range> lines)
    {
        var read = new ReadTransaction[lines.Count];
        Parallel.For(0, read.Length, i => read[i] = reader.Read(body.Span[lines[i]], null, follows: true));

        // Which event's key a sale of a ticket needs that this batch issues is known only now.
        var issued = IssuedFor(read);
        for (var i = 0; i < read.Length && issued.Count > 0; i++)
            if (read[i].Payload?.Operation is SellTicket sale && issued.ContainsKey(sale.Ticket)) read[i] = reader.Read(body.Span[lines[i]], null, follows: true, issued: issued);

        return read;
    }

    private void Write(AnswerBuffer answer, ReadTransaction[] read, IReadOnlyList<Submission> submissions)
    {
        var next = 0;
        foreach (ref readonly var one in read.AsSpan())
        {
            var submission = one.Transaction is null ? null : intake.Resolve(submissions[next++]);
            if (submission is { Status: not null }) answer.AddLine(TransactionIntake.AnswerOf(one.Payload!, submission), ApiJson.Default.SubmissionAnswer);
            else answer.AddLine(RefusedLine.Of(one.Payload, submission?.Refusal ?? one.Refusal!), ApiJson.Default.RefusedLine);
        }
    }

    // The tickets that a batch issues and whose event a sale in it may have to know; none where nothing is sold.
    private static Dictionary<TicketId, EventId> IssuedFor(ReadTransaction[] read)
    {
        var issued = new Dictionary<TicketId, EventId>();
        if (!read.Any(one => one.Transaction?.Payload.Operation is SellTicket)) return issued;

        foreach (var issue in read.Select(one => one.Transaction?.Payload.Operation).OfType<IssueTickets>())
            foreach (var id in issue.TicketIds()) issued[id] = issue.Event;
        return issued;
    }

    // The last line may or may not end with a line feed.
    private static List<Range> LinesOf(ReadOnlySpan<byte> body)
    {
        var lines = new List<Range>(MaxLines);
        foreach (var line in body.Split((byte)'\n'))
        {
            if (line.Start.Value < body.Length) lines.Add(line);
            if (lines.Count > MaxLines) break;
        }

        return lines;
    }
}
