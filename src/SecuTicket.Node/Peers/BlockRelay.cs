using SecuTicket.Core.Blocks;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Announces each new tip to peers, in short; to one that has it already nothing is sent.</summary>
internal sealed class BlockRelay(Func<NodeSnapshot> snapshot, PeerLinks links, Outbox outbox)
{
    private CompactBlock? _latest;

    /// <summary>A block joined our branch.</summary>
    /// <remarks>While catching up, only the last of many is the tip when its turn comes: the others are nobody's news.</remarks>
    public void Announce(VerifiedBlock block)
    {
        if (block.Hash != snapshot().Chain.Tip.Hash) return;

        _latest = CompactBlock.Of(block.Block);
        foreach (var link in links.Ready) Push(link);
    }

    private void Push(PeerLink link)
    {
        if (_latest is not { } block || !link.IsReady || link.IsTakingBlock || link.KnownBlock == block.Hash || link.Tip.Hash == block.Hash) return;

        var tip = snapshot().Chain.Tip;
        link.IsTakingBlock = true;
        link.KnownBlock = block.Hash;
        outbox.Call<PeerAnswer.Noted>(link, new PeerRequest.AnnounceBlock(new PeerTip(tip.Header.Index, tip.Weight, tip.Hash), block), (_, _) => Finish(link), _ => Finish(link));
    }

    private void Finish(PeerLink link)
    {
        link.IsTakingBlock = false;
        Push(link);
    }
}
