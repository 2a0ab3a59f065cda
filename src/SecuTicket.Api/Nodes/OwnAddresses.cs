using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Composition;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Nodes;

/// <summary>The addresses under which this node is reached itself.</summary>
/// <param name="server">Knows what is listened on.</param>
/// <param name="options">Knows the public address.</param>
public sealed class OwnAddresses(IServer server, IOptions<NodeOptions> options)
{
    /// <summary>Whether an address is this node's own: its public one, one it listens on, or a name of this machine with a port it listens on.</summary>
    public bool Contains(PeerAddress address)
    {
        if (options.Value.PublicUrl is { } own && PeerAddress.TryParse(own, out var announced) && announced == address) return true;

        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return listening.Select(BindingAddress.Parse).Any(bound =>
            bound.Port == address.Port
            && (address.IsLoopback ? IsOpenToLoopback(bound.Host) : bound.Host.Trim('[', ']').Equals(address.Host, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsOpenToLoopback(string host) =>
        host is "*" or "+" or "0.0.0.0" or "[::]"
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
