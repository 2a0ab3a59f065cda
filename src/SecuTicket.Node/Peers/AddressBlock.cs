using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Node.Peers;

/// <summary>The part of an IP address that one owner is likely to have as a whole.</summary>
/// <remarks>The first 16 bits of an IPv4 address and the first 32 of an IPv6 address, as Bitcoin Core groups peers (netgroup.cpp): ten thousand addresses of one block cost about as much as one.</remarks>
public static class AddressBlock
{
    private const int OctetsOfIPv4 = 2;
    private const int OctetsOfIPv6 = 4;

    /// <summary>The block of an address, such as <c>203.0.0.0/16</c> or <c>2001:db8::/32</c>.</summary>
    public static string Of(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var kept = plain.AddressFamily == AddressFamily.InterNetwork ? OctetsOfIPv4 : OctetsOfIPv6;
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{8 * kept}";
    }
}
