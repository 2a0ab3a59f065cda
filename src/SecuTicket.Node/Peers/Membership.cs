using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Finds peers, meets them, looks at their tips, and gives up those that do not answer.</summary>
/// <param name="settings">Intervals and limits.</param>
/// <param name="self">Who we are and what we sign with.</param>
/// <param name="book">Whom we know.</param>
/// <param name="links">Whom we call.</param>
/// <param name="outbox">What is to be done.</param>
/// <param name="misconduct">Who did wrong.</param>
/// <param name="introductions">Meets them.</param>
internal sealed class Membership(NetworkSettings settings, NetworkSelf self, PeerBook book, PeerLinks links, Outbox outbox, Misconduct misconduct, Introductions introductions)
{
    private static readonly Refusal Removed = new(PeerRefusals.Unreachable, "The node was removed meanwhile.", RefusalKind.Transient);
    private long _nextDialAt;
    private long _nextExpiryAt;

    /// <summary>Called with each peer whose tip was heard.</summary>
    public required Action<PeerLink> Looked { get; init; }

    /// <summary>When something is due next.</summary>
    public long NextAt => links.All.Where(link => link.IsReady).Select(link => link.NextLookAt).Append(book.Records.Count == 0 ? long.MaxValue : _nextDialAt).Min();

    /// <summary>Meets those it is time to meet, and looks at the tips of those it is time to look at.</summary>
    public void Tick()
    {
        if (outbox.Now >= _nextExpiryAt)
        {
            _nextExpiryAt = outbox.Now + settings.DiscoveryInterval;
            book.Expire(outbox.Now);
        }

        if (outbox.Now >= _nextDialAt)
        {
            var room = settings.Dials - links.All.Count(link => !link.IsReady);
            var chosen = book.Choose(outbox.Now, Called).Take(Math.Max(room, 0)).ToArray();
            _nextDialAt = outbox.Now + (chosen.Length > 0 ? settings.DialInterval : settings.LookInterval);
            foreach (var address in chosen) introductions.Meet(address);
        }

        foreach (var link in links.Ready)
        {
            if (outbox.Now >= link.NextLookAt) Look(link);
        }
    }

    /// <summary>Makes everything due now.</summary>
    public void Reschedule()
    {
        (_nextDialAt, _nextExpiryAt) = (outbox.Now, outbox.Now);
        foreach (var link in links.All) (link.NextLookAt, link.NextDiscoveryAt, link.MetAt) = (outbox.Now, outbox.Now, Math.Min(link.MetAt, outbox.Now));
    }

    /// <summary>Meets all whom an operator wants, however lately they failed to answer.</summary>
    public void MeetWanted()
    {
        foreach (var record in book.Records.Where(record => record.IsWanted && !record.IsBanned(outbox.Now) && links.At(record.Address) is null).Take(settings.Waiting).ToArray()) introductions.Meet(record.Address);
    }

    /// <summary>Makes a node a peer because an operator wants it.</summary>
    public void Register(NetworkInput.Register wish)
    {
        var link = links.At(wish.Address);
        if (link is { IsReady: true } || book.Find(wish.Address) is { IsForgotten: false, IsProven: true })
        {
            // One that is silent just now is known all the same.
            outbox.Answer(wish.Reply, book.Register(wish.Address, outbox.Now).Refusal is { } full ? full : wish.Address);
            if (link is null) introductions.Meet(wish.Address);
        }
        else if (links.All.Sum(one => one.Registrations.Count) >= settings.Waiting)
        {
            outbox.Answer<PeerAddress>(wish.Reply, new Refusal(PeerRefusals.NotReady, $"{settings.Waiting} nodes are being registered already: try again later.", RefusalKind.Transient));
        }
        else
        {
            (link ?? introductions.Meet(wish.Address)).Registrations.Add(wish.Reply);
        }
    }

    /// <summary>Forgets a node because an operator does not want it.</summary>
    public void Forget(NetworkInput.Forget wish)
    {
        if (links.At(wish.Address) is { } link) introductions.Close(link, Removed);
        outbox.Answer(wish.Reply, book.Forget(wish.Address, outbox.Now) ? wish.Address : new Refusal(RefusalCodes.NotFound, $"The node {wish.Address} is not known here."));
    }

    /// <summary>A caller proved who it is: whoever calls us is called back.</summary>
    public void Greet(NetworkInput.Greeted greeted)
    {
        if (greeted.At is not { } address) return;

        book.Called(address, outbox.Now);
        _nextDialAt = outbox.Now;

        // A node that calls from another address may have moved: then nobody answers at the old one.
        if (links.Of(greeted.Caller.Node) is { } link && link.Address != address) link.NextLookAt = outbox.Now;
    }

    /// <summary>Asks a peer for its tip.</summary>
    /// <param name="link">The peer.</param>
    /// <param name="done">Called when it answered or failed to.</param>
    public void Look(PeerLink link, Action? done = null)
    {
        link.NextLookAt = outbox.Now + (long)(settings.LookInterval * (0.9 + (0.2 * self.Random())));
        outbox.Call<PeerAnswer.Tip>(
            link,
            new PeerRequest.GetTip(),
            (tip, _) =>
            {
                (link.Tip, link.TipHeader) = (tip.Value, tip.Header);
                Looked(link);
                done?.Invoke();
            },
            _ => done?.Invoke());
        if (outbox.Now < link.NextDiscoveryAt) return;

        // Often at first: nodes that start together know nobody yet when they meet.
        link.DiscoveryPause = Math.Min(settings.DiscoveryInterval, link.DiscoveryPause == 0 ? settings.LookInterval : 2 * link.DiscoveryPause);
        link.NextDiscoveryAt = outbox.Now + link.DiscoveryPause;
        outbox.Call<PeerAnswer.Addresses>(link, new PeerRequest.GetAddresses(), (addresses, _) => Learn(addresses.Items, link.Address), static _ => { });
    }

    /// <summary>A peer answered.</summary>
    public void Heard(PeerLink link)
    {
        link.LastSeen = outbox.Now;
        link.Failures = 0;
        if (link is { IsReady: true, Identity: { } identity }) book.Succeeded(link.Address, identity.Node, link.Block, outbox.Now);
    }

    /// <summary>A call failed.</summary>
    public void Missed(AwaitedCall call, Refusal why)
    {
        var link = call.Link;
        if (link.IsClosed) return;

        if (call.IsHandshake)
        {
            introductions.Reject(link, why);
        }
        else if (!link.IsReady || call.Session != link.Session)
        {
            // It was made in a session that is over; what follows that is under way.
        }
        else if (why.Code == PeerRefusals.SessionUnknown)
        {
            introductions.MeetAgain(link);
        }
        else if (why.Code is RefusalCodes.NotFound or PeerRefusals.RateLimited or PeerRefusals.NotReady)
        {
            // It is there, and has a reason.
            Heard(link);
        }
        else if (why.Code == PeerRefusals.MalformedMessage && why.Kind == RefusalKind.Invalid)
        {
            misconduct.ChargePeer(link, Misconduct.Doubtful, "what it answered is no message");
        }
        else if (++link.Failures >= settings.FailuresBeforeLeaving)
        {
            introductions.Leave(link, why);
        }
    }

    private void Learn(EquatableArray<PeerAddress> addresses, PeerAddress source)
    {
        var own = self.Identity().Address;
        if (book.Learn(addresses.Where(address => address != own), source, outbox.Now) > 0) _nextDialAt = outbox.Now;
    }

    private PeerAddress[] Called => [.. links.All.Select(static link => link.Address)];
}
