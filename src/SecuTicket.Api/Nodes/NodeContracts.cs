using System.Globalization;
using SecuTicket.Api.Chain;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Nodes;

/// <summary>Who this node is and how far it is.</summary>
/// <param name="Node">The node's own account.</param>
/// <param name="ChainId">Its chain.</param>
/// <param name="Engine">How the chain's blocks are sealed.</param>
/// <param name="Height">Index of the tip.</param>
/// <param name="Tip">Hash of the tip.</param>
/// <param name="Peers">Nodes it is connected with now.</param>
/// <param name="Version">Of the software.</param>
/// <param name="Final">The last block that is never undone.</param>
public sealed record NodeContract(string Node, string ChainId, string Engine, long Height, string Tip, int Peers, string Version, FinalBlockContract Final)
{
    /// <summary>Of the chain's money: three capital letters. An amount is in its hundredths.</summary>
    public required string Currency { get; init; }

    /// <summary>The validator whose forging key this node has; absent where it has none.</summary>
    public string? Forger { get; init; }

    /// <summary>The slot that runs now; absent on chains of proof of work, as the next two.</summary>
    public long? Slot { get; init; }

    /// <summary>Epoch of the next block.</summary>
    public long? Epoch { get; init; }

    /// <summary>How many accounts have stake in the table that forgers are drawn from.</summary>
    public int? Validators { get; init; }
}

/// <summary>The last block that no reorganisation undoes, and with it all before it.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Hash">Its hash, 64 hex digits: with the index a checkpoint for new nodes.</param>
public sealed record FinalBlockContract(long Index, string Hash);

/// <summary>The nodes this one knows.</summary>
/// <param name="Items">Those that proved who they are, and those that were registered, in the order of their addresses.</param>
public sealed record PeersContract(IReadOnlyList<PeerContract> Items);

/// <summary>A node that this one knows.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Height">Index of its tip, as it says; absent while it is not connected.</param>
/// <param name="Weight">Weight of its chain, as it says; absent while it is not connected.</param>
/// <param name="Tip">Hash of its tip, as it says; absent while it is not connected.</param>
/// <param name="LastSeen">When it last answered, RFC 3339; absent while it never did.</param>
/// <param name="Id">Its own account, which it proved; absent while it never did.</param>
/// <param name="Connected">Whether it can be asked now.</param>
public sealed record PeerContract(string Node, long? Height, string? Weight, string? Tip, string? LastSeen, string? Id, bool Connected)
{
    /// <summary>As this node knows it.</summary>
    public static PeerContract Of(PeerView peer) => new(
        peer.Address.ToString(),
        peer.Tip?.Height,
        peer.Tip?.Weight.ToString(CultureInfo.InvariantCulture),
        peer.Tip?.Hash.ToString(),
        peer.LastSeen is { } seen ? TimeText.OfMilliseconds(seen) : null,
        peer.Node?.ToString(),
        peer.IsConnected);
}

/// <summary>What registering nodes gave, when at least one of them is known now.</summary>
/// <param name="Message">The same in a sentence.</param>
/// <param name="TotalNodes">The addresses of all nodes known now.</param>
/// <param name="Rejected">Those that were refused, each with its reason.</param>
public sealed record NodesRegisteredContract(string Message, IReadOnlyList<string> TotalNodes, IReadOnlyList<RejectedNodeContract> Rejected);

/// <summary>A node that was not registered.</summary>
/// <param name="Node">As it was sent.</param>
/// <param name="Code">Why, as a stable code.</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record RejectedNodeContract(string Node, string Code, string Detail);

/// <summary>What asking the other nodes for their chains gave.</summary>
/// <param name="Message">What was done.</param>
/// <param name="Replaced">Whether our chain was replaced.</param>
/// <param name="Length">Blocks of our chain now, genesis included.</param>
/// <param name="Tip">Hash of our tip now.</param>
/// <param name="Fetched">What it cost.</param>
public sealed record ResolutionContract(string Message, bool Replaced, long Length, string Tip, FetchedContract Fetched);

/// <summary>What was fetched from other nodes.</summary>
/// <param name="Headers">Headers.</param>
/// <param name="Blocks">Blocks.</param>
/// <param name="Bytes">Bytes of both.</param>
public sealed record FetchedContract(long Headers, long Blocks, long Bytes);

/// <summary>What the node will do.</summary>
/// <param name="Message">A sentence.</param>
public sealed record MessageContract(string Message);
