using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Queries;
using SecuTicket.Api.Swagger;
using SecuTicket.Core.Encoding;
using SecuTicket.Node;

namespace SecuTicket.Api.Chain;

/// <summary>The chain: blocks, headers, specification, and whether what is stored of it is valid.</summary>
/// <param name="node">The node.</param>
[ApiController]
[Route("/chain")]
[Tags("Chain")]
public sealed class ChainController(TicketNode node) : ControllerBase
{
    private const string FromDescription = "Index of the first one, from 0; the latest when left out.";
    private const string LimitDescription = "The most, 1..1000; 100 when left out.";

    /// <summary>Blocks of the chain, oldest first: from one on, or the latest; at most 4 MiB, next_from says where to read on</summary>
    [HttpGet]
    [Refuses("storage_failed")]
    [DocumentedQuery("from", JsonSchemaType.Integer, FromDescription)]
    [DocumentedQuery("limit", JsonSchemaType.Integer, LimitDescription)]
    [ProducesResponseType<ChainContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Blocks()
    {
        var query = new QueryReader(Request);
        var (from, limit) = ReadRange(query);
        if (query.Problem is { } problem) return problem;

        var snapshot = node.Snapshot;
        if (!new ChainReader(node.Store, node.Spec, snapshot).ReadBlocks(from, limit).TryGet(out var part, out var refusal)) return new ProblemResult(refusal);

        var tip = snapshot.Chain.Tip;
        var chain = new ChainContract([.. part.Items.Select(block => BlockContract.Of(block, snapshot.Final))], tip.Header.Index + 1, TextOf(tip.Weight), tip.Hash.ToString(), part.NextFrom);
        return new JsonAnswer<ChainContract>(chain, ApiJson.Default.ChainContract);
    }

    /// <summary>A block, by its index or its hash; by hash also one that left the chain in a reorganisation</summary>
    [HttpGet("blocks/{id}")]
    [Refuses("storage_failed")]
    [ProducesResponseType<BlockContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Block(string id)
    {
        var snapshot = node.Snapshot;
        var reader = new ChainReader(node.Store, node.Spec, snapshot);
        return reader.Find(id).TryGet(out var stored, out var refusal) && reader.ReadBlock(stored).TryGet(out var block, out refusal)
            ? new JsonAnswer<BlockContract>(BlockContract.Of(block, stored.OnBranch && stored.Index <= snapshot.Final), ApiJson.Default.BlockContract)
            : new ProblemResult(refusal);
    }

    /// <summary>Headers of the chain, oldest first: from one on, or the latest</summary>
    [HttpGet("headers")]
    [Refuses("storage_failed")]
    [DocumentedQuery("from", JsonSchemaType.Integer, FromDescription)]
    [DocumentedQuery("limit", JsonSchemaType.Integer, LimitDescription)]
    [ProducesResponseType<HeadersContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Headers()
    {
        var query = new QueryReader(Request);
        var (from, limit) = ReadRange(query);
        if (query.Problem is { } problem) return problem;

        var snapshot = node.Snapshot;
        if (!new ChainReader(node.Store, node.Spec, snapshot).ReadHeaders(from, limit).TryGet(out var part, out var refusal)) return new ProblemResult(refusal);

        var tip = snapshot.Chain.Tip;
        var headers = part.Items.Select(item => HeaderContract.Of(item.Header, item.Seal));
        var answer = new HeadersContract([.. headers], tip.Header.Index + 1, TextOf(tip.Weight), tip.Hash.ToString(), part.NextFrom);
        return new JsonAnswer<HeadersContract>(answer, ApiJson.Default.HeadersContract);
    }

    /// <summary>A header with its seal, by its index or its hash; by hash also one that left the chain: what evidence of two blocks in one slot is made of</summary>
    [HttpGet("headers/{id}")]
    [Refuses("storage_failed")]
    [ProducesResponseType<HeaderContract>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Header(string id)
    {
        var reader = new ChainReader(node.Store, node.Spec, node.Snapshot);
        return reader.Find(id).TryGet(out var stored, out var refusal) && reader.ReadBlock(stored).TryGet(out var block, out refusal)
            ? new JsonAnswer<HeaderContract>(HeaderContract.Of(block.Header, block.Seal), ApiJson.Default.HeaderContract)
            : new ProblemResult(refusal);
    }

    /// <summary>The chain's specification in canonical form: its SHA-256 is the previous hash of genesis</summary>
    [HttpGet("spec")]
    [ProducesResponseType<RawJson>(StatusCodes.Status200OK, "application/json")]
    public IActionResult Spec() => new JsonAnswer<RawJson>(new RawJson(node.Spec.Canonical), ApiJson.Default.RawJson);

    /// <summary>Blocks as they are stored, each as length (4 bytes, big-endian) and bytes: for copies and for checking the whole chain elsewhere; at most 4 MiB, SecuTicket-Next says where to read on</summary>
    [HttpGet("export")]
    [Refuses("storage_failed")]
    [DocumentedQuery("from", JsonSchemaType.Integer, "Index of the first one, from 0, which is when left out. Beyond the tip there is nothing: an empty answer.")]
    [ProducesResponseType<FileContentResult>(StatusCodes.Status200OK, ChainExport.MediaType)]
    public IActionResult Export()
    {
        var query = new QueryReader(Request);
        var from = query.Number("from", 0, CanonicalJson.MaxInteger, 0);
        if (query.Problem is { } problem) return problem;

        var part = ChainExport.Read(node.Store, node.Snapshot, from);
        if (part.Next is { } next) Response.Headers[ChainExport.NextHeader] = next.ToString(CultureInfo.InvariantCulture);
        return new FileContentResult(part.Bytes, ChainExport.MediaType);
    }

    /// <summary>Checks every stored block, signature and rule from genesis on; those who ask meanwhile share one run, and the next begins after as much time as it took</summary>
    [HttpGet("validate")]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<ChainValidationContract>(StatusCodes.Status200OK, "application/json")]
    public async Task<IActionResult> Validate() => (await HttpContext.UntilStoppingAsync(node.ValidateAsync)).TryGet(out var found, out var refusal)
        ? new JsonAnswer<ChainValidationContract>(ChainValidationContract.Of(found), ApiJson.Default.ChainValidationContract)
        : new ProblemResult(refusal);

    private static (long? From, int Limit) ReadRange(QueryReader query)
    {
        var from = query.Number("from", 0, CanonicalJson.MaxInteger, -1);
        return (from < 0 ? null : from, query.Limit());
    }

    private static string TextOf(UInt128 weight) => weight.ToString(CultureInfo.InvariantCulture);
}
