using System.Net;
using System.Net.NetworkInformation;
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

    /// <summary>Whether an address is this node's own: its public one, one it listens on, or a name or IP address of this machine with a port it listens on.</summary>
    public bool Contains(PeerAddress address)
    {
        if (options.Value.PublicUrl is { } own && PeerAddress.TryParse(own, out var announced) && announced == address) return true;

        return Listening.Any(bound =>
            bound.Port == address.Port
            && (address.IsLoopback
                ? IsOpenToLoopback(bound.Host)
                : bound.Host.Trim('[', ']').Equals(address.Host, StringComparison.OrdinalIgnoreCase) || (address.Literal is { } literal && IsEverything(bound.Host) && IsOfThisMachine(literal))));
    }

    /// <summary>Whether a node that was called under an address may be this one.</summary>
    /// <remarks>One that listens on all addresses of its machine and has no public one can not know its names, nor what ports others reach it by: a container's, or those of a router that maps them. It says yes.</remarks>
    public bool MayBe(PeerAddress address) => Contains(address) || (options.Value.PublicUrl is null && Listening.All(static bound => bound.IsUnixPipe || IsEverything(bound.Host)));

    // «localhost» is 127.0.0.1 and ::1; which of them a caller reached it knows itself.
    private static bool NamesOneHost(string host) => !IsEverything(host) && !host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsOfThisMachine(IPAddress address) =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(static one => one.GetIPProperties().UnicastAddresses).Any(one => one.Address.Equals(address));

    private static bool IsEverything(string host) => host is "*" or "+" or "0.0.0.0" or "[::]";

    private static bool IsOpenToLoopback(string host) =>
        IsEverything(host)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
