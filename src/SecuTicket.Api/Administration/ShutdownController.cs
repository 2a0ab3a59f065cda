using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Nodes;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;

namespace SecuTicket.Api.Administration;

/// <summary>Stops the process.</summary>
/// <param name="lifetime">Of the process.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Nodes")]
public sealed class ShutdownController(IHostApplicationLifetime lifetime, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Stops the node as SIGTERM does: requests under way are answered, nothing acknowledged is lost</summary>
    [HttpPost("/shutdown")]
    [AdminOnly]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [ProducesResponseType<MessageContract>(StatusCodes.Status202Accepted)]
    public async Task<IActionResult> Stop()
    {
        if ((await ObjectBody.ReadNothingAsync(Request, limits.Value)).Refusal is { } refusal) return new ProblemResult(refusal);

        Response.OnCompleted(() =>
        {
            lifetime.StopApplication();
            return Task.CompletedTask;
        });
        return new JsonAnswer<MessageContract>(new MessageContract("The node stops when the requests under way are answered."), ApiJson.Default.MessageContract, StatusCodes.Status202Accepted);
    }
}
