using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>What a node says of its branch: a claim until its headers prove it. 56 bytes: height 8 ‖ weight 16 ‖ hash 32, big-endian.</summary>
/// <param name="Height">Index of the tip, 0 to 2^53 − 1.</param>
/// <param name="Weight">Weight of the branch.</param>
/// <param name="Hash">Hash of the tip.</param>
public readonly record struct PeerTip(long Height, UInt128 Weight, Hash256 Hash)
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 8 + 16 + Hash256.Size;
}
