using System.Net;
using System.Net.Sockets;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>Which IP addresses this node connects to when it calls a peer: no server-side request forgery (CWE-918). Pure.</summary>
/// <remarks>
/// An address book is filled by strangers. Without this a stranger could have the node talk to what only the node reaches: the machine itself, its network, the cloud's metadata service.
/// The ranges are those of IANA's special-purpose registries (RFC 6890); of IPv6 only what is known to be a host somewhere is allowed, so that a range not yet given out is not either.
/// </remarks>
/// <param name="allowsPrivate">Whether loopback and private ranges are allowed. What is never a node's address is refused all the same.</param>
public sealed class AddressGuard(bool allowsPrivate)
{
    private static readonly IPNetwork[] Private =
    [
        .. Networks("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"),
        .. Networks("::1/128", "fc00::/7"),
    ];

    // Cloud machines find keys to their account there: AWS, Azure, Google, Oracle and others; Alibaba, Azure's wire server; AWS and Google over IPv6. The link-local one is in its range below.
    private static readonly IPNetwork[] Metadata = [.. Networks("100.100.100.200/32", "168.63.129.16/32", "fd00:ec2::254/128", "fd20:ce::254/128")];

    // This network, link-local, protocol assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast; of IPv6 what is not a host in 2000::/3.
    private static readonly IPNetwork[] Never =
    [
        .. Networks("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        .. Networks("2001::/23", "2001:db8::/32", "3fff::/20"),
    ];

    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    private static readonly Refusal NeverAllowed = new(
        PeerRefusals.AddressNotAllowed, "The address leads to a network where no node is: link-local, metadata, multicast, documentation or reserved. Use an address under which the node is reached.");

    private static readonly Refusal PrivateNotAllowed = new(
        PeerRefusals.AddressNotAllowed, "The address leads to this machine or to a private network, which this node's settings do not allow for peers.");

    /// <summary>Whether to connect to an address; refused with <c>address_not_allowed</c>, without saying what the address is: a name's addresses are not for everybody to know.</summary>
    /// <param name="address">What a name was resolved to, or what stands in a peer's address. One that wraps an IPv4 address is judged by that.</param>
    public Verdict Judge(IPAddress address)
    {
        var inside = EmbeddedIPv4.Of(address);
        if (inside.Length > 0) return inside.Select(Judge).FirstOrDefault(verdict => !verdict.IsAccepted, Verdict.Accepted);
        if (Contains(Metadata, address)) return NeverAllowed;
        if (Contains(Private, address)) return allowsPrivate ? Verdict.Accepted : PrivateNotAllowed;
        if (Contains(Never, address) || (address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalIPv6.Contains(address))) return NeverAllowed;

        return Verdict.Accepted;
    }

    /// <summary>Whether an address, or one that it wraps, is of this machine or of a private network.</summary>
    public static bool IsPrivate(IPAddress address) => Contains(Private, address) || EmbeddedIPv4.Of(address).Any(IsPrivate);

    private static bool Contains(IPNetwork[] networks, IPAddress address) => Array.Exists(networks, network => network.Contains(address));

    private static IEnumerable<IPNetwork> Networks(params string[] ranges) => ranges.Select(range => IPNetwork.Parse(range));
}
