using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>One peer's branch while it is read: its headers, then the blocks that are missing.</summary>
/// <param name="link">Whose it is.</param>
/// <param name="branch">What its headers proved so far.</param>
/// <param name="claim">What the peer said of it.</param>
/// <param name="startedAt">When it was begun, in milliseconds since 1970.</param>
internal sealed class BranchReading(PeerLink link, HeaderBranch branch, PeerTip claim, long startedAt)
{
    public PeerLink Link { get; } = link;

    public HeaderBranch Branch { get; } = branch;

    public PeerTip Claim { get; } = claim;

    public long StartedAt { get; } = startedAt;

    /// <summary>When something of it came last.</summary>
    public long ProgressAt { get; private set; } = startedAt;

    /// <summary>When it last made our own branch heavier; when it was begun, if it never did.</summary>
    public long AdvancedAt { get; private set; } = startedAt;

    /// <summary>Whether it is left: nothing more is asked for.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Notes that something came, or is being taken in.</summary>
    public void Arrived(long now) => ProgressAt = now;

    /// <summary>Notes what our ledger made of blocks.</summary>
    public void Joined(long connected, long now)
    {
        ProgressAt = now;
        if (connected > 0) AdvancedAt = now;
    }

    public void Stop() => IsStopped = true;
}
