using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.ObjectPool;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Proofs;

/// <summary>Proofs for those who have no node.</summary>
/// <param name="node">The node.</param>
[ApiController]
[Tags("Chain")]
public sealed class ProofsController(TicketNode node) : ControllerBase
{
    // A proof with all its headers is 1.5 MB, in memory that grew by doubling. It is kept for two at once: grown anew each time it brings a collection of everything nearer.
    private const int MaxKept = 4 * 1024 * 1024;
    private const int MaxCount = 2;

    private static readonly ObjectPool<AnswerBuffer> Buffers = AnswerBuffer.Pool(maxKept: MaxKept, maxCount: MaxCount);

    /// <summary>Proof that a ticket's last confirmed change is in the chain: transaction, header of its block, Merkle path, and the headers that follow</summary>
    [HttpGet("/tickets/{id}/proof")]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<ProofContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult OfTicket(string id) =>
        PathValue.Ticket(id).TryGet(out var ticket, out var refusal) ? Answer(Reader().OfTicket(ticket)) : new ProblemResult(refusal);

    /// <summary>Proof that a confirmed transaction is in the chain</summary>
    [HttpGet("/transactions/{id}/proof")]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<ProofContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult OfTransaction(string id)
    {
        if (!PathValue.Transaction(id).TryGet(out var transaction, out var refusal)) return new ProblemResult(refusal);

        return node.FindTransaction(transaction) is { } stored
            ? Answer(Reader().OfTransaction(stored))
            : new ProblemResult(PathValue.NotFound($"transaction {id}: it was never acknowledged here nor came in a block"));
    }

    private ProofReader Reader() => new(node.Store, node.Spec, node.Snapshot);

    private static IActionResult Answer(Verdict<ProofContract> proof) =>
        proof.TryGet(out var found, out var refusal) ? new JsonAnswer<ProofContract>(found, ApiJson.Default.ProofContract) { Buffers = Buffers } : new ProblemResult(refusal);
}
