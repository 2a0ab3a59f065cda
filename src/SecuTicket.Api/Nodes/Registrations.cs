using System.Collections.Concurrent;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Nodes;

/// <summary>Makes nodes peers because an operator wants them.</summary>
/// <param name="network">Meets them.</param>
/// <param name="self">This node's own addresses.</param>
public sealed class Registrations(PeerNetwork network, OwnAddresses self)
{
    /// <summary>Nodes of one request that are met at the same time.</summary>
    public const int AtOnce = 16;

    private static readonly Refusal NoAddress = new("invalid_address", "A node's address is http or https, a host and a port, without credentials, path, query or fragment.");

    /// <summary>Registers nodes.</summary>
    /// <param name="nodes">Their addresses, as they were sent.</param>
    /// <param name="cancellation">Nobody waits any more.</param>
    /// <returns>Those that were refused, in the order in which they were sent.</returns>
    public async Task<RejectedNodeContract[]> RegisterAsync(IReadOnlyList<string> nodes, CancellationToken cancellation)
    {
        var read = nodes.Select(static text => PeerAddress.TryParse(text, out var address) ? address : null).ToArray();
        var verdicts = new ConcurrentDictionary<PeerAddress, Refusal?>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(read.OfType<PeerAddress>().Distinct(), options, async (address, stop) => verdicts[address] = await RefuseAsync(address, stop));
        return
        [
            .. nodes.Zip(read, (text, address) => (Text: text, Refusal: address is null ? NoAddress : verdicts[address]))
                .Where(static one => one.Refusal is not null)
                .Select(static one => new RejectedNodeContract(one.Text, one.Refusal!.Code, one.Refusal.Detail)),
        ];
    }

    private async Task<Refusal?> RefuseAsync(PeerAddress address, CancellationToken stop)
    {
        if (self.Contains(address)) return new Refusal(PeerRefusals.Self, $"{address} is this node itself.");

        return (await network.RegisterAsync(address, stop)).Refusal is { } refusal ? Told(address, refusal) : null;
    }

    // What the other node refused us with is between nodes; whoever registers it hears whether it is there and whether it is one of ours.
    private static Refusal Told(PeerAddress address, Refusal refusal)
    {
        var code = refusal.Code is PeerRefusals.AddressNotAllowed or PeerRefusals.Self or PeerRefusals.Unreachable or PeerRefusals.NotANode or PeerRefusals.OtherChain or "peers_full" or PeerRefusals.NotReady
            ? refusal.Code
            : refusal.Kind == RefusalKind.Transient && refusal.Code != RefusalCodes.NotFound ? PeerRefusals.Unreachable : PeerRefusals.NotANode;
        return new Refusal(code, $"{address}: {refusal.Detail}");
    }
}
