using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;

namespace SecuTicket.Api.Stakes;

/// <summary>Who makes the blocks of a chain of proof of stake.</summary>
/// <param name="node">The node.</param>
/// <param name="clock">Tells the time.</param>
[ApiController]
[Route("/validators")]
[Tags("Stakes")]
public sealed class ValidatorsController(TicketNode node, TimeProvider clock) : ControllerBase
{
    /// <summary>What a chain of proof of work answers.</summary>
    internal static Refusal NoStakes { get; } = new(RefusalCodes.NoStakes, "This chain's blocks are made by work: it has no stakes and no validators. GET /info names the engine.");

    /// <summary>Those who have coins at stake, or lost them for an offence, in the order of their addresses</summary>
    [HttpGet]
    [Paged]
    [Refuses(RefusalCodes.NoStakes)]
    [DocumentedQuery(LedgerView.QueryName, JsonSchemaType.Boolean, LedgerView.Description)]
    [ProducesResponseType<Page<ValidatorContract>>(StatusCodes.Status200OK, "application/json")]
    public IActionResult List()
    {
        var query = new QueryReader(Request);
        var view = LedgerView.Of(node, query);
        var limit = query.Limit();
        var after = query.Value<AccountPlace>("after", AccountPlace.TryParse, NumberPlace.Expected);
        if (query.Problem is { } problem) return problem;
        if (view.State.Stakes is not { } stakes) return new ProblemResult(NoStakes);

        return new JsonAnswer<Page<ValidatorContract>>(ValidatorList.Read(stakes, limit, after), ApiJson.Default.PageValidatorContract);
    }

    /// <summary>Whose turn it is to make a block in the next slots; certain is only the slot right after the tip's, for each block brings a new seed</summary>
    [HttpGet("schedule")]
    [Refuses(RefusalCodes.NoStakes)]
    [DocumentedQuery("slots", JsonSchemaType.Integer, "How many, 1..1000; 20 when left out.")]
    [ProducesResponseType<ScheduleContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Slots()
    {
        var query = new QueryReader(Request);
        var slots = (int)query.Number("slots", 1, Schedule.MaxSlots, Schedule.DefaultSlots);
        if (query.Problem is { } problem) return problem;
        if (node.Spec.Stake is not { } stake || node.Snapshot.Chain.Ledger.Stakes is not { } stakes) return new ProblemResult(NoStakes);

        return new JsonAnswer<ScheduleContract>(new Schedule(node.Spec, stakes, stake, clock.GetUtcNow().ToUnixTimeMilliseconds()).Read(slots), ApiJson.Default.ScheduleContract);
    }
}
