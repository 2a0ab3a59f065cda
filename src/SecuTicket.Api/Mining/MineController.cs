using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
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
    /// <summary>Forges a block now, also when nothing waits; GET does the same, for the tutorials</summary>
    [HttpPost("/mine")]
    [HttpGet("/mine")]
    [AdminOnly]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [DocumentedQuery("miner", JsonSchemaType.String, "The account that gets the reward; the node's own when left out.")]
    [Refuses(RefusalCodes.NotSealer, "not_ready", "storage_failed")]
    [ProducesResponseType<ForgedContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Mine()
    {
        if ((await ObjectBody.ReadNothingAsync(Request, limits.Value)).Refusal is { } wrong) return new ProblemResult(wrong);

        var query = new QueryReader(Request.Query);
        var miner = query.Value<Address>("miner", Address.TryParse, "0x and 40 hex digits, all lower case or with a right EIP-55 checksum");
        if (query.Problem is { } problem) return problem;

        return (await node.SealAsync(miner, HttpContext.RequestAborted)).TryGet(out var block, out var refusal)
            ? new JsonAnswer<ForgedContract>(ForgedContract.Of(block.Block), ApiJson.Default.ForgedContract)
            : new ProblemResult(refusal);
    }
}
