using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Edge;

/// <summary>Routes that do next to nothing, behind the real edge.</summary>
[ApiController]
public sealed class TrivialController(IOptions<LimitOptions> limits) : ControllerBase
{
    [HttpPost("/tickets/purchase"), TransactionBody<PurchaseTicketDocument>]
    public Task<IActionResult> PurchaseAsync() => EchoAsync(limits.Value.Json);

    [HttpPost("/transactions"), TransactionBody<AnyTransactionDocument>]
    public Task<IActionResult> AnyAsync() => EchoAsync(limits.Value.Json);

    [HttpPost("/transactions/batch"), TransactionBody<AnyTransactionDocument>(IsBatch = true)]
    public Task<IActionResult> BatchAsync() => EchoAsync(limits.Value.Batch);

    [HttpPost("/mine"), HttpGet("/mine"), AdminOnly, JsonBody<EmptyDocument>(IsOptional = true)]
    public Task<IActionResult> MineAsync() => EchoAsync(limits.Value.OptionalJson);

    [HttpGet("/tickets/{id}/code"), SignedRequest]
    public IActionResult Code(string id) => Ok(new { Id = id });

    [HttpGet("/tickets/{number:int}/numbered")]
    public IActionResult Numbered(int number, [FromQuery] int days) => Ok(number + days);

    [HttpGet("/events"), Paged, DocumentedQuery("pending", JsonSchemaType.Boolean, "With the pending set applied.")]
    public IActionResult Page()
    {
        var query = new QueryReader(Request);
        var (limit, after, pending) = (query.Limit(), query.Value<NumberPlace>("after", NumberPlace.TryParse, NumberPlace.Expected), query.Flag("pending"));
        return query.Problem ?? (IActionResult)Ok(new { Limit = limit, After = after?.ToString(), Pending = pending });
    }

    [HttpGet("/refused/{code}"), ApiExplorerSettings(IgnoreApi = true)]
    public IActionResult Refused(string code) => new ProblemResult(new Refusal(code, "It's « found »; <b>expected</b> other.", Field: "resale.max_price_percent"));

    [HttpGet("/broken"), ApiExplorerSettings(IgnoreApi = true)]
    public IActionResult Broken() => throw new InvalidOperationException("the secret inside");

    [HttpGet("/diskless"), ApiExplorerSettings(IgnoreApi = true)]
    public IActionResult Diskless() => throw new StorageException(StorageFault.Full, "/srv/data is full");

    [HttpGet("/diskless/threads"), ApiExplorerSettings(IgnoreApi = true)]
    public IActionResult DisklessThreads()
    {
        Parallel.For(0, 2, _ => Diskless());
        return Ok();
    }

    private async Task<IActionResult> EchoAsync(BodyRule rule)
    {
        var read = await BodyReader.ReadAsync(Request, rule, HttpContext.RequestAborted);
        if (!read.TryGet(out var body, out var refusal)) return new ProblemResult(refusal);
        using (body) return Content($"{body.Memory.Length}");
    }
}
