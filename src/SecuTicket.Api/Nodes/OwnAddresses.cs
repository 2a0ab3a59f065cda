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
    /// <summary>Where others are told that this node is reached: its public address; else the one it listens on, when that names one host; else the port alone, or nothing.</summary>
    /// <remarks>A port alone stands for plain HTTP, so one that speaks TLS only is announced under its public address or not at all.</remarks>
    public (PeerAddress? Address, int? Port) Announced
    {
        get
        {
            if (options.Value.PublicUrl is { } own && PeerAddress.TryParse(own, out var announced)) return (announced, null);

            foreach (var bound in Listening)
            {
                if (NamesOneHost(bound.Host) && PeerAddress.TryParse($"{bound.Scheme}://{bound.Host}:{bound.Port}", out var address)) return (address, null);
                if (bound.Scheme == Uri.UriSchemeHttp) return (null, bound.Port);
            }

            return (null, null);
        }
    }

    private IEnumerable<BindingAddress> Listening => (server.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Select(BindingAddress.Parse);

    /// <summary>Whether an address is this node's own: its public one, one it listens on, or a name of this machine with a port it listens on.</summary>
    public bool Contains(PeerAddress address)
    {
        if (options.Value.PublicUrl is { } own && PeerAddress.TryParse(own, out var announced) && announced == address) return true;

        return Listening.Any(bound =>
            bound.Port == address.Port
            && (address.IsLoopback ? IsOpenToLoopback(bound.Host) : bound.Host.Trim('[', ']').Equals(address.Host, StringComparison.OrdinalIgnoreCase)));
    }

    // «localhost» is 127.0.0.1 and ::1; which of them a caller reached it knows itself.
    private static bool NamesOneHost(string host) => !IsEverything(host) && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsEverything(string host) => host is "*" or "+" or "0.0.0.0" or "[::]";

    private static bool IsOpenToLoopback(string host) =>
        IsEverything(host)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
