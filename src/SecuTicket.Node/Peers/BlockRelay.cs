using SecuTicket.Core.Blocks;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Announces each new tip to peers by its header; who wants the block is sent it in short.</summary>
/// <remarks>Most hear of a block from several peers: a header more costs little, a block more would not.</remarks>
internal sealed class BlockRelay(Func<NodeSnapshot> snapshot, PeerLinks links, Outbox outbox)
{
    private PeerRequest.AnnounceBlock? _latest;

    /// <summary>A block joined our branch.</summary>
    /// <remarks>While catching up, only the last of many is the tip when its turn comes: the others are nobody's news.</remarks>
    public void Announce(NodeEvent.BlockConnected connected)
    {
        var block = connected.Block;
        if (block.Hash != snapshot().Chain.Tip.Hash) return;

        _latest = new PeerRequest.AnnounceBlock(new PeerTip(block.Header.Index, connected.Weight, block.Hash), CompactBlock.Of(block.Block));
        foreach (var link in links.Ready) Push(link);
    }

    private void Push(PeerLink link)
    {
        if (_latest is not { } latest || !link.IsReady || link.IsTakingBlock || link.KnownBlock == latest.Tip.Hash || link.Tip.Hash == latest.Tip.Hash) return;

        link.IsTakingBlock = true;
        link.KnownBlock = latest.Tip.Hash;
        outbox.Call<PeerAnswer.Wanted>(
            link,
            new PeerRequest.AnnounceTip(latest.Tip, latest.Block.Header),
            (answer, _) =>
            {
                if (answer.Places.Count > 0) Send(link, latest);
                else Finish(link);
            },
            _ => Finish(link));
    }

    private void Send(PeerLink link, PeerRequest.AnnounceBlock block) => outbox.Call<PeerAnswer.Noted>(link, block, (_, _) => Finish(link), _ => Finish(link));

    // What did not arrive is not sent again: the peer looks at our tip by itself.
    private void Finish(PeerLink link)
    {
        link.IsTakingBlock = false;
        Push(link);
    }
}
