using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>One request to a peer.</summary>
/// <param name="To">The peer.</param>
/// <param name="Kind">The last part of its path: <c>/peer/v1/{kind}</c>.</param>
/// <param name="Body">The message.</param>
public sealed record PeerCall(PeerAddress To, string Kind, ReadOnlyMemory<byte> Body)
{
    /// <summary>What the peer gave us at the handshake; null during it.</summary>
    public SessionToken? Session { get; init; }

    /// <summary>Whether message and answer are JSON, as those of the handshake are; otherwise they are bytes.</summary>
    public bool IsJson { get; init; }
}

/// <summary>What a peer answered.</summary>
/// <param name="Body">The answer: bytes that nobody looked at yet.</param>
/// <param name="Block">In which the peer was connected to: that of the IP address, also where the peer's address has a name.</param>
/// <param name="BytesSent">Bytes of the request: its body and its head as HTTP/1.1 writes it. What TLS adds and HTTP/2 saves is not counted.</param>
/// <param name="BytesReceived">Bytes of the answer, counted in the same way; the lengths of chunks are not counted.</param>
public sealed record PeerReply(ReadOnlyMemory<byte> Body, AddressBlock Block, long BytesSent, long BytesReceived);
