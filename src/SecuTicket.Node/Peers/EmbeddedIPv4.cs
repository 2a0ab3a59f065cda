using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Node.Peers;

/// <summary>The IPv4 addresses that an IPv6 address only wraps.</summary>
internal static class EmbeddedIPv4
{
    private const int IPv6Size = 16;

    /// <summary>
    /// Of an address that is IPv4-mapped (<c>::ffff:0:0/96</c>), IPv4-compatible (<c>::/96</c>, RFC 4291 2.5.5), of NAT64 (<c>64:ff9b::/96</c>, RFC 6052) or of 6to4 (<c>2002::/16</c>, RFC 3056)
    /// the one in it; of one of Teredo (<c>2001::/32</c>, RFC 4380 4) the server's and then the client's; of any other none.
    /// </summary>
    public static IPAddress[] Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[IPv6Size];
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || !address.TryWriteBytes(bytes, out _) || address.Equals(IPAddress.IPv6Loopback)) return [];

        var first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        var third = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        if ((first == 0 && third is 0 or 0xffff) || (first == 0x0064_ff9b_0000_0000 && third == 0)) return [new IPAddress(bytes[12..])];
        if (first >> 48 == 0x2002) return [new IPAddress(bytes[2..6])];
        if (first >> 32 != 0x2001_0000) return [];

        // A Teredo client's address is written with every bit turned over.
        for (var i = 12; i < IPv6Size; i++) bytes[i] = (byte)~bytes[i];
        return [new IPAddress(bytes[4..8]), new IPAddress(bytes[12..])];
    }
}
