using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Problems;
using SecuTicket.Api.Swagger;
using SecuTicket.Api.Swagger.Documents;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Mining;

/// <summary>The chain as the general-purpose tutorials show and extend it.</summary>
/// <param name="node">The node.</param>
/// <param name="own">Makes the node's own transactions.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Mining")]
public sealed class BlocksController(TicketNode node, OwnTransactions own, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Most blocks of one answer.</summary>
    public const int MaxBlocks = 100;

    /// <summary>The latest blocks, and whether the whole chain, checked anew from what is stored, is valid</summary>
    [HttpGet("/blocks")]
    [HttpGet("/blockchain")]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<BlockchainContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> List()
    {
        if (!(await HttpContext.UntilStoppingAsync(node.ValidateAsync)).TryGet(out var found, out var refusal)) return new ProblemResult(refusal);

        var isValid = found.Refusal is null;
        var snapshot = node.Snapshot;
        var contract = new BlockchainContract(Latest(snapshot), snapshot.Tip.Index + 1, isValid, isValid ? "Chain is valid." : "Chain is not valid.");
        return new JsonAnswer<BlockchainContract>(contract, ApiJson.Default.BlockchainContract);
    }

    /// <summary>Puts data in a block, as a record signed by the node's own account, and mines it</summary>
    [HttpPost("/blocks")]
    [AdminOnly]
    [JsonBody<CreateBlockDocument>(IsOptional = true)]
    [Refuses(RefusalCodes.NotSealer, RefusalCodes.NotForger, RefusalCodes.PoolFull, "not_ready", "storage_failed")]
    [ProducesResponseType<NewBlockContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Create()
    {
        var read = await ObjectBody.ReadAsync(Request, limits.Value.OptionalJson, static fields => new Wish(fields.OptionalAnyObject("data")));
        if (!read.TryGet(out var wish, out var refusal)) return new ProblemResult(refusal);

        var record = default(VerifiedTransaction);
        if (wish.Data is { } data)
        {
            if (!own.Make(node.Self, Record.TypeName, new JsonMember("data", data)).TryGet(out record, out refusal)) return new ProblemResult(refusal);
            if (!(await node.SubmitAsync([record], HttpContext.RequestAborted)).TryGet(out var submissions, out refusal)) return new ProblemResult(refusal);
            if (submissions[0] is { Status: null, Refusal: { } refused }) return new ProblemResult(refused);
        }

        if (!(await HttpContext.UntilStoppingAsync(gone => node.SealAsync(null, gone))).TryGet(out var sealedNow, out refusal)) return new ProblemResult(refusal);

        var block = record is null ? sealedNow.Block : BlockOf(record.Id) ?? sealedNow.Block;
        var message = record is null ? $"Block {block.Header.Index} was mined." : $"Block {block.Header.Index} was mined with the data.";
        return new JsonAnswer<NewBlockContract>(new NewBlockContract(message, BlockContract.Of(block)), ApiJson.Default.NewBlockContract);
    }

    // A block that was due by itself may have taken the record before the one asked for.
    private Block? BlockOf(Hash256 transaction) =>
        node.FindTransaction(transaction)?.BlockIndex is { } index && node.Store.FindBlock(index) is { } stored && Reader(node.Snapshot).ReadBlock(stored).TryGet(out var block, out _) ? block : null;

    // Back from the tip to the first block that was damaged on the disk: that one is shown by its absence, and validation says what is wrong with it.
    private List<BlockContract> Latest(NodeSnapshot snapshot)
    {
        var reader = Reader(snapshot);
        var latest = new List<BlockContract>();
        var (hash, left) = (snapshot.Tip.Hash, ChainReader.MaxAnswerSize);
        while (latest.Count < MaxBlocks && node.Store.FindBlock(hash) is { } stored && reader.ReadBlock(stored).TryGet(out var block, out _))
        {
            left -= ChainReader.SizeOf(block);
            if (left < 0 && latest.Count > 0) break;

            latest.Add(BlockContract.Of(block, snapshot.Final));
            hash = block.Header.Previous;
        }

        latest.Reverse();
        return latest;
    }

    private ChainReader Reader(NodeSnapshot snapshot) => new(node.Store, node.Spec, snapshot);

    private sealed record Wish(JsonValue? Data);
}
