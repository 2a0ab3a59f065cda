using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Node.Peers;

/// <summary>What one owner of addresses usually has at once: a /16 of IPv4, a /32 of IPv6. Ordered by its text.</summary>
/// <remarks>
/// An attacker has many addresses but few blocks: ten thousand addresses of one cost about as much as one. Whoever counts by block is not surrounded by one owner's nodes
/// (Heilman and others, "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", USENIX Security 2015). Bitcoin Core groups in the same way (netgroup.cpp).
/// </remarks>
/// <param name="Text">Such as <c>198.51.0.0/16</c>, <c>2001:db8::/32</c> or <c>loopback</c>.</param>
public readonly record struct AddressBlock(string Text) : IComparable<AddressBlock>
{
    /// <summary>Bits of an IPv4 address that a block has in common.</summary>
    public const int IPv4Bits = 16;

    /// <summary>Bits of an IPv6 address that a block has in common.</summary>
    public const int IPv6Bits = 32;

    private const string LoopbackText = "loopback";

    /// <summary>The block of this machine's own addresses.</summary>
    public static AddressBlock Loopback => new(LoopbackText);

    /// <summary>Whether it is that of this machine's own addresses.</summary>
    public bool IsLoopback => Text == LoopbackText;

    /// <summary>Earlier in the order of texts.</summary>
    public static bool operator <(AddressBlock left, AddressBlock right) => left.CompareTo(right) < 0;

    /// <summary>Later in the order of texts.</summary>
    public static bool operator >(AddressBlock left, AddressBlock right) => left.CompareTo(right) > 0;

    /// <summary>Not later in the order of texts.</summary>
    public static bool operator <=(AddressBlock left, AddressBlock right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier in the order of texts.</summary>
    public static bool operator >=(AddressBlock left, AddressBlock right) => left.CompareTo(right) >= 0;

    /// <summary>The block of an IP address; of one that wraps an IPv4 address, that one's.</summary>
    public static AddressBlock Of(IPAddress address) => Of(address, IPv4Bits, IPv6Bits);

    /// <summary>What one host has: an address of IPv4, the /64 network that an IPv6 customer is given.</summary>
    public static AddressBlock OfHost(IPAddress address) => Of(address, 32, 64);

    private static AddressBlock Of(IPAddress address, int bitsOfIPv4, int bitsOfIPv6)
    {
        if (EmbeddedIPv4.Of(address) is [.., var inside]) return Of(inside, bitsOfIPv4, bitsOfIPv6);
        if (IPAddress.IsLoopback(address)) return Loopback;

        var kept = (address.AddressFamily == AddressFamily.InterNetwork ? bitsOfIPv4 : bitsOfIPv6) / 8;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(kept).Clear();
        return new AddressBlock($"{new IPAddress(bytes)}/{kept * 8}");
    }

    /// <inheritdoc/>
    public int CompareTo(AddressBlock other) => string.CompareOrdinal(Text, other.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
