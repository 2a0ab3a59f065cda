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

/// <summary>This node and the others. This version keeps no peers and says so.</summary>
/// <param name="node">The node.</param>
/// <param name="self">Its own addresses.</param>
/// <param name="limits">Sizes of bodies.</param>
[ApiController]
[Tags("Nodes")]
public sealed class NodesController(TicketNode node, OwnAddresses self, IOptions<LimitOptions> limits) : ControllerBase
{
    /// <summary>Most nodes of one registration.</summary>
    public const int MaxNodes = 64;

    private static readonly string Version = typeof(NodesController).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Who this node is and how far it is</summary>
    [HttpGet("/info")]
    [ProducesResponseType<NodeContract>(StatusCodes.Status200OK)]
    public IActionResult Info()
    {
        var tip = node.Snapshot.Tip;
        var contract = new NodeContract(node.Self.ToString(), node.Spec.ChainId, node.Spec.Engine, tip.Index, tip.Hash.ToString(), Peers: 0, Version);
        return new JsonAnswer<NodeContract>(contract, ApiJson.Default.NodeContract);
    }

    /// <summary>The nodes this one knows</summary>
    [HttpGet("/nodes")]
    [ProducesResponseType<PeersContract>(StatusCodes.Status200OK)]
    public IActionResult List() => new JsonAnswer<PeersContract>(new PeersContract([]), ApiJson.Default.PeersContract);

    /// <summary>Makes nodes known to this one</summary>
    [HttpPost("/nodes/register")]
    [HttpPost("/miner/register")]
    [AdminOnly]
    [JsonBody<RegisterNodesDocument>]
    [Refuses("invalid_address", "address_not_allowed", "self", "unreachable", "not_a_node", "other_chain")]
    [ProducesResponseType<NodesRegisteredDocument>(StatusCodes.Status201Created)]
    public async Task<IActionResult> Register()
    {
        var read = await ObjectBody.ReadAsync(
            Request, limits.Value.Json, static fields => fields.Texts("nodes", 1, MaxNodes, CanonicalLength, static _ => true, "characters"));
        if (!read.TryGet(out var nodes, out var refusal)) return new ProblemResult(refusal);

        RejectedNodeContract[] rejected = [.. nodes.Select(Judge)];
        var detail = $"None of the nodes was registered. {string.Join(" ", rejected.Select(one => one.Detail).Distinct(StringComparer.Ordinal))}";
        return new ProblemResult(Problems.Problem.Of(rejected[0].Code, detail) with
        {
            Members = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
            {
                ["total_nodes"] = JsonSerializer.SerializeToElement([], ApiJson.Default.StringArray),
                ["rejected"] = JsonSerializer.SerializeToElement(rejected, ApiJson.Default.RejectedNodeContractArray),
            },
        });
    }

    /// <summary>Forgets a node</summary>
    [HttpDelete("/nodes")]
    [AdminOnly]
    [DocumentedQuery("node", JsonSchemaType.String, "Its address.", IsRequired = true, Example = "http://127.0.0.1:5001")]
    [Refuses(RefusalCodes.NotFound)]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    public IActionResult Forget()
    {
        var query = new QueryReader(Request.Query);
        var address = query.Required("node", static (ReadOnlySpan<char> text, out Known value) => (value = new Known(PeerAddress.TryParse(text.ToString(), out var read) ? read : null)).Address is not null, "a node's address, such as http://127.0.0.1:5001");
        return query.Problem ?? new ProblemResult(new Refusal(RefusalCodes.NotFound, $"The node {address.Address} is not known here."));
    }

    /// <summary>Takes the heaviest valid chain of the known nodes; GET does the same, for the tutorials</summary>
    [HttpPost("/nodes/resolve")]
    [HttpGet("/nodes/resolve")]
    [HttpPost("/miner/nodes/resolve")]
    [HttpGet("/miner/nodes/resolve")]
    [AdminOnly]
    [JsonBody<EmptyDocument>(IsOptional = true)]
    [ProducesResponseType<ResolutionContract>(StatusCodes.Status200OK)]
    public async Task<IActionResult> Resolve()
    {
        if ((await ObjectBody.ReadNothingAsync(Request, limits.Value)).Refusal is { } refusal) return new ProblemResult(refusal);

        var tip = node.Snapshot.Tip;
        var contract = new ResolutionContract("Our chain is authoritative", Replaced: false, tip.Index + 1, tip.Hash.ToString(), new FetchedContract(0, 0, 0));
        return new JsonAnswer<ResolutionContract>(contract, ApiJson.Default.ResolutionContract);
    }

    // What is too long is refused as an address, by name, not as a field.
    private const int CanonicalLength = 4 * 1024;

    private RejectedNodeContract Judge(string text)
    {
        if (!PeerAddress.TryParse(text, out var address))
            return new RejectedNodeContract(text, "invalid_address", "A node's address is http or https, a host and a port, without credentials, path, query or fragment.");
        if (self.Contains(address)) return new RejectedNodeContract(text, "self", $"{address} is this node itself.");

        return new RejectedNodeContract(text, "unreachable", "This version keeps no peers: it reaches no other node.");
    }

    private readonly record struct Known(PeerAddress? Address);
}
