using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Stakes;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Mining;

/// <summary>Blocks on request.</summary>
/// <param name="node">The node.</param>
/// <param name="limits">Sizes of bodies.</param>
/// <param name="clock">Tells the time.</param>
[ApiController]
[Tags("Mining")]
public sealed class MineController(TicketNode node, IOptions<LimitOptions> limits, TimeProvider clock) : ControllerBase
{
    /// <summary>Forges a block now, also when nothing waits; with proof of stake in a slot of this node's validator only. GET does the same, for the tutorials</summary>
    [HttpPost("/mine")]
    [HttpGet("/mine")]
    [AdminOnly]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [DocumentedQuery("miner", JsonSchemaType.String, "The account that gets the reward; the node's own when left out. With proof of stake only the account of the node's forging key.")]
    [Refuses(RefusalCodes.NotSealer, RefusalCodes.NotForger, "not_ready", "storage_failed")]
    [ProducesResponseType<ForgedContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Mine()
    {
        if ((await ObjectBody.ReadNothingAsync(Request, limits.Value)).Refusal is { } wrong) return new ProblemResult(wrong);

        var query = new QueryReader(Request.Query);
        var miner = query.Value<Address>("miner", Address.TryParse, "0x and 40 hex digits, all lower case or with a right EIP-55 checksum");
        if (query.Problem is { } problem) return problem;

        var forger = miner ?? node.Sealer;
        return (await node.SealAsync(forger, HttpContext.RequestAborted)).TryGet(out var block, out var refusal)
            ? new JsonAnswer<ForgedContract>(ForgedContract.Of(block.Block), ApiJson.Default.ForgedContract)
            : Refused(refusal, forger);
    }

    // Whoever comes too early hears when to come again.
    private ProblemResult Refused(Refusal refusal, Address forger)
    {
        if (refusal.Code != RefusalCodes.NotForger || node.Spec.Stake is not { } stake || node.Snapshot.Chain.Ledger.Stakes is not { } stakes) return new ProblemResult(refusal);
        if (new Schedule(node.Spec, stakes, stake, clock.GetUtcNow().ToUnixTimeMilliseconds()).NextOf(forger) is not { } next) return new ProblemResult(refusal);

        var problem = Problems.Problem.Of(refusal.Code, $"{refusal.Detail} Its next slot is {next.Slot}, from {next.StartsAt} on, if no block comes before.");
        return new ProblemResult(problem with
        {
            Members = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["next"] = JsonSerializer.SerializeToElement(next, ApiJson.Default.TurnContract) },
        });
    }
}
