namespace SecuTicket.Node.Peers.Messages;

/// <summary>How much one message may hold: part of the protocol, the same for all nodes.</summary>
public static class PeerLimits
{
    /// <summary>Hashes of a locator.</summary>
    public const int Locator = 64;

    /// <summary>Headers of an answer: 360 KB without seals.</summary>
    public const int Headers = 2_000;

    /// <summary>Blocks asked for at once.</summary>
    public const int Blocks = 128;

    /// <summary>Bytes of the blocks of an answer; a single block may be larger, up to the chain's own limit.</summary>
    public const int BlockBytes = 4 * 1024 * 1024;

    /// <summary>Transactions announced or sent at once.</summary>
    public const int Leaves = 1_000;

    /// <summary>Bytes of transactions sent at once.</summary>
    public const int TransactionBytes = 1024 * 1024;

    /// <summary>Addresses of an answer.</summary>
    public const int Addresses = 64;

    /// <summary>Bytes of a handshake's message.</summary>
    public const int HandshakeBytes = 4 * 1024;
}
