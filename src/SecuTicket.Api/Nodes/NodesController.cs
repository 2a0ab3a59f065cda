using System.Reflection;
using System.Text.Json;
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
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Nodes;

/// <summary>This node and the others.</summary>
/// <param name="node">The node.</param>
/// <param name="network">Its place among others.</param>
/// <param name="registrations">Makes others peers.</param>
/// <param name="limits">Sizes of bodies.</param>
/// <param name="clock">Tells the time.</param>
[ApiController]
[Tags("Nodes")]
public sealed class NodesController(TicketNode node, PeerNetwork network, Registrations registrations, IOptions<LimitOptions> limits, TimeProvider clock) : ControllerBase
{
    /// <summary>Most nodes of one registration.</summary>
    public const int MaxNodes = 64;

    /// <summary>Version of the software.</summary>
    public static readonly string Version = typeof(NodesController).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Who this node is and how far it is</summary>
    [HttpGet("/info")]
    [ProducesResponseType<NodeContract>(StatusCodes.Status200OK)]
    public IActionResult Info()
    {
        var snapshot = node.Snapshot;
        var (tip, final) = (snapshot.Tip, snapshot.Final);
        var hash = node.Store.ReadHeaders(final, 1).First().Hash;
        var contract = new NodeContract(
            node.Self.ToString(), node.Spec.ChainId, node.Spec.Engine, tip.Index, tip.Hash.ToString(), network.View.Connected, Version, new FinalBlockContract(final, hash.ToString()))
        {
            Currency = node.Spec.Currency,
            Forger = node.Sealer == node.Self ? null : node.Sealer.ToString(),
            Slot = node.Spec.Stake is null ? null : node.Spec.SlotOf(clock.GetUtcNow().ToUnixTimeMilliseconds()),
            Epoch = node.Spec.Stake?.EpochOf(tip.Index + 1),
            Validators = snapshot.Chain.Ledger.Stakes?.Tables.Present.Count,
        };
        return new JsonAnswer<NodeContract>(contract, ApiJson.Default.NodeContract);
    }

    /// <summary>The nodes this one knows</summary>
    [HttpGet("/nodes")]
    [ProducesResponseType<PeersContract>(StatusCodes.Status200OK)]
    public IActionResult List() => new JsonAnswer<PeersContract>(new PeersContract([.. network.View.Peers.Select(PeerContract.Of)]), ApiJson.Default.PeersContract);

    /// <summary>Makes nodes known to this one: each is met, and refused unless it proves that it is on the same chain</summary>
    [HttpPost("/nodes/register")]
    [HttpPost("/miner/register")]
    [AdminOnly]
    [JsonBody<RegisterNodesDocument>]
    [Refuses("invalid_address", "address_not_allowed", "self", "unreachable", "not_a_node", "other_chain", "peers_full", "not_ready")]
    [ProducesResponseType<NodesRegisteredContract>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Register()
    {
        var read = await ObjectBody.ReadAsync(
            Request, limits.Value.Json, static fields => fields.Texts("nodes", 1, MaxNodes, 0, MostCharacters, static _ => true, "characters"));
        if (!read.TryGet(out var nodes, out var refusal)) return new ProblemResult(refusal);

        var rejected = await registrations.RegisterAsync(nodes, HttpContext.RequestAborted);
        string[] known = [.. network.View.Peers.Select(static peer => peer.Address.ToString())];
        if (rejected.Length < nodes.Count)
            return new JsonAnswer<NodesRegisteredContract>(new NodesRegisteredContract("New nodes have been added", known, rejected), ApiJson.Default.NodesRegisteredContract, StatusCodes.Status201Created);

        var detail = $"None of the nodes was registered. {string.Join(" ", rejected.Select(one => one.Detail).Distinct(StringComparer.Ordinal))}";
        return new ProblemResult(Problems.Problem.Of(rejected[0].Code, detail) with
        {
            Status = StatusCodes.Status400BadRequest,
            Members = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            {
                ["total_nodes"] = JsonSerializer.SerializeToElement(known, ApiJson.Default.StringArray),
                ["rejected"] = JsonSerializer.SerializeToElement(rejected, ApiJson.Default.RejectedNodeContractArray),
            },
        });
    }

    /// <summary>Forgets a node, and names those that are left</summary>
    [HttpDelete("/nodes")]
    [AdminOnly]
    [DocumentedQuery("node", JsonSchemaType.String, "Its address.", IsRequired = true, Example = "http://127.0.0.1:5001")]
    [Refuses(RefusalCodes.NotFound, "not_ready")]
    [ProducesResponseType<PeersContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Forget()
    {
        var query = new QueryReader(Request);
        var address = query.Required("node", static (ReadOnlySpan<char> text, out Known value) => (value = new Known(PeerAddress.TryParse(text.ToString(), out var read) ? read : null)).Address is not null, "a node's address, such as http://127.0.0.1:5001");
        if (query.Problem is { } problem) return problem;

        return (await network.ForgetAsync(address.Address!, HttpContext.RequestAborted)).Refusal is { } refusal ? new ProblemResult(refusal) : List();
    }

    /// <summary>Takes the heaviest valid chain of the known nodes; GET does the same, for the tutorials</summary>
    [HttpPost("/nodes/resolve")]
    [HttpGet("/nodes/resolve")]
    [HttpPost("/miner/nodes/resolve")]
    [HttpGet("/miner/nodes/resolve")]
    [AdminOnly]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [Refuses("not_ready", "storage_failed")]
    [ProducesResponseType<ResolutionContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Resolve()
    {
        if ((await ObjectBody.ReadNothingAsync(Request, limits.Value)).Refusal is { } refusal) return new ProblemResult(refusal);

        if (!(await network.ResolveAsync(HttpContext.RequestAborted)).TryGet(out var resolution, out refusal)) return new ProblemResult(refusal);

        var (tip, fetched) = (resolution.Tip, resolution.Fetched);
        var message = resolution.Replaced ? "Our chain was replaced" : "Our chain is authoritative";
        var contract = new ResolutionContract(message, resolution.Replaced, tip.Height + 1, tip.Hash.ToString(), new FetchedContract(fetched.Headers, fetched.Blocks, fetched.Bytes));
        return new JsonAnswer<ResolutionContract>(contract, ApiJson.Default.ResolutionContract);
    }

    // What is too long, or nothing, is refused as an address, by name, not as a field.
    private const int MostCharacters = 4 * 1024;

    private readonly record struct Known(PeerAddress? Address);
}
