using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Hosting;
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
[ApiController]
[Tags("Mining")]
public sealed class MineController(TicketNode node, IOptions<LimitOptions> limits) : ControllerBase
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

        var query = new QueryReader(Request);
        var miner = query.Value<Address>("miner", Address.TryParse, "0x and 40 hex digits, all lower case or with a right EIP-55 checksum");
        if (query.Problem is { } problem) return problem;

        return (await HttpContext.UntilStoppingAsync(gone => node.SealAsync(miner, gone))).TryGet(out var block, out var refusal)
            ? new JsonAnswer<ForgedContract>(ForgedContract.Of(block.Block), ApiJson.Default.ForgedContract)
            : Refused(refusal);
    }

    // Whoever comes too early hears when to come again.
    private ProblemResult Refused(Refusal refusal)
    {
        var problem = new ProblemResult(refusal).Problem;
        if (refusal.Code != RefusalCodes.NotForger || node.Forging is not { NextSlot: { } slot, Account: var account } || node.Snapshot.Chain.Turns is not { } turns) return new ProblemResult(problem);

        var next = new TurnContract(slot, TimeText.OfMilliseconds(node.Spec.StartOf(slot)), account.ToString(), slot == turns.Slot + 1);
        return new ProblemResult(problem with
        {
            Members = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["next"] = JsonSerializer.SerializeToElement(next, ApiJson.Default.TurnContract) },
        });
    }
}
