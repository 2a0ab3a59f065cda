using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Those who want the heaviest chain of the peers now: every peer's tip is asked for, what is heavier is fetched, then they hear what it gave.</summary>
internal sealed class Resolutions(NetworkSettings settings, Func<NodeSnapshot> snapshot, PeerLinks links, Membership membership, ChainSync sync, Outbox outbox)
{
    private readonly List<Round> _rounds = [];

    /// <summary>When the first of them must be answered as it then stands.</summary>
    public long NextAt => _rounds.Select(round => outbox.Now < round.TipsUntil ? round.TipsUntil : round.EndAt).DefaultIfEmpty(long.MaxValue).Min();

    public void Add(NetworkInput.Resolve wish)
    {
        if (_rounds.Count >= settings.Waiting)
        {
            outbox.Answer<Resolution>(wish.Reply, new Refusal(PeerRefusals.NotReady, $"{settings.Waiting} wait for the heaviest chain already: try again later.", RefusalKind.Transient));
            return;
        }

        var round = new Round(wish.Reply, outbox.Now + settings.TipPatience, outbox.Now + settings.ResolveTime, sync.Fetched, sync.Connected, sync.DiskFailures.Count);
        _rounds.Add(round);
        membership.MeetWanted();
        sync.LookAgain();
        foreach (var link in links.All)
        {
            if (link.IsReady) round.LookAt(link, membership);
            else round.Unmet.Add(link);
        }
    }

    /// <summary>Answers those for whom everything was asked and fetched.</summary>
    public void Settle()
    {
        foreach (var round in _rounds.ToArray())
        {
            foreach (var link in round.Unmet.Where(link => link.IsReady).ToArray())
            {
                round.Unmet.Remove(link);
                round.LookAt(link, membership);
            }

            round.Unmet.RemoveAll(link => link.IsClosed);
            sync.Consider();
            var awaitsTips = (round.Unmet.Count > 0 || round.Awaited > 0) && outbox.Now < round.TipsUntil;
            if ((awaitsTips || sync.IsBusy) && outbox.Now < round.EndAt) continue;

            _rounds.Remove(round);
            if (sync.DiskFailures is { Last: { } failure } failures && failures.Count > round.DiskFailuresBefore)
            {
                // Ours is not the heaviest then, it is only the one that could be kept.
                outbox.Answer<Resolution>(round.Reply, failure);
                continue;
            }

            var tip = snapshot().Chain.Tip;
            outbox.Answer<Resolution>(round.Reply, new Resolution(sync.Connected > round.ConnectedBefore, new PeerTip(tip.Header.Index, tip.Weight, tip.Hash), sync.Fetched - round.FetchedBefore));
        }
    }

    private sealed class Round(Reply<Resolution> reply, long tipsUntil, long endAt, FetchCount fetchedBefore, long connectedBefore, int diskFailuresBefore)
    {
        public Reply<Resolution> Reply { get; } = reply;

        public long TipsUntil { get; } = tipsUntil;

        public long EndAt { get; } = endAt;

        public FetchCount FetchedBefore { get; } = fetchedBefore;

        public long ConnectedBefore { get; } = connectedBefore;

        public int DiskFailuresBefore { get; } = diskFailuresBefore;

        public List<PeerLink> Unmet { get; } = [];

        public int Awaited { get; private set; }

        public void LookAt(PeerLink link, Membership membership)
        {
            Awaited++;
            membership.Look(link, () =>
            {
                Awaited--;
                if (!link.IsReady && !link.IsClosed) Unmet.Add(link);
            });
        }
    }
}
