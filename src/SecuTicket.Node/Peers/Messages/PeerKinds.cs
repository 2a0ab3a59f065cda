namespace SecuTicket.Node.Peers.Messages;

/// <summary>What a request is called on the wire: the last part of its path <c>/peer/v1/{kind}</c>.</summary>
public static class PeerKinds
{
    /// <summary><see cref="PeerRequest.Hello"/>.</summary>
    public const string Hello = "hello";

    /// <summary><see cref="PeerRequest.Prove"/>.</summary>
    public const string Proof = "proof";

    /// <summary><see cref="PeerRequest.GetTip"/>.</summary>
    public const string Tip = "tip";

    /// <summary><see cref="PeerRequest.GetAddresses"/>.</summary>
    public const string Addresses = "addresses";

    /// <summary><see cref="PeerRequest.GetHeaders"/>.</summary>
    public const string Headers = "headers";

    /// <summary><see cref="PeerRequest.GetBlocks"/>.</summary>
    public const string Blocks = "blocks";

    /// <summary><see cref="PeerRequest.GetCompactBlock"/>.</summary>
    public const string CompactBlock = "compact-block";

    /// <summary><see cref="PeerRequest.GetBlockTransactions"/>.</summary>
    public const string BlockTransactions = "block-transactions";

    /// <summary><see cref="PeerRequest.AnnounceTip"/>.</summary>
    public const string AnnounceTip = "announce-tip";

    /// <summary><see cref="PeerRequest.AnnounceBlock"/>.</summary>
    public const string AnnounceBlock = "announce-block";

    /// <summary><see cref="PeerRequest.AnnounceTransactions"/>.</summary>
    public const string AnnounceTransactions = "announce-transactions";

    /// <summary><see cref="PeerRequest.SendTransactions"/>.</summary>
    public const string Transactions = "transactions";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Hello, Proof, Tip, Addresses, Headers, Blocks, CompactBlock, BlockTransactions, AnnounceTip, AnnounceBlock, AnnounceTransactions, Transactions];

    /// <summary>What a request is called.</summary>
    public static string Of(PeerRequest request) => request switch
    {
        PeerRequest.Hello => Hello,
        PeerRequest.Prove => Proof,
        PeerRequest.GetTip => Tip,
        PeerRequest.GetAddresses => Addresses,
        PeerRequest.GetHeaders => Headers,
        PeerRequest.GetBlocks => Blocks,
        PeerRequest.GetCompactBlock => CompactBlock,
        PeerRequest.GetBlockTransactions => BlockTransactions,
        PeerRequest.AnnounceTip => AnnounceTip,
        PeerRequest.AnnounceBlock => AnnounceBlock,
        PeerRequest.AnnounceTransactions => AnnounceTransactions,
        PeerRequest.SendTransactions => Transactions,
        _ => throw new ArgumentException($"{request.GetType().Name} has no name on the wire.", nameof(request)),
    };

    /// <summary>Whether requests and answers of this kind are JSON; others are binary.</summary>
    public static bool IsJson(string kind) => kind is Hello or Proof;
}
