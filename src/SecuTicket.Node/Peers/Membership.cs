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
internal sealed class Membership(NetworkSettings settings, NetworkSelf self, PeerBook book, PeerLinks links, Outbox outbox, Misconduct misconduct)
{
    private static readonly Refusal Removed = new("unreachable", "The node was removed meanwhile.", RefusalKind.Transient);
    private long _nextDialAt;
    private long _nextExpiryAt;

    /// <summary>Called with each peer that was met.</summary>
    public required Action<PeerLink> Met { get; init; }

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
            foreach (var address in chosen) Meet(address);
        }

        foreach (var link in links.Ready)
        {
            if (outbox.Now >= link.NextLookAt) Look(link);
        }
    }

    /// <summary>Meets all whom an operator wants, however lately they failed to answer.</summary>
    public void MeetWanted()
    {
        foreach (var record in book.Records.Where(record => record.IsWanted && !record.IsBanned(outbox.Now) && links.At(record.Address) is null).Take(settings.Waiting).ToArray()) Meet(record.Address);
    }

    /// <summary>Makes a node a peer because an operator wants it.</summary>
    public void Register(NetworkInput.Register wish)
    {
        var link = links.At(wish.Address);
        if (link is { IsReady: true, Identity: { } identity })
        {
            outbox.Answer(wish.Reply, book.Register(wish.Address, outbox.Now).Refusal is { } full ? full : identity);
        }
        else if (links.All.Sum(one => one.Registrations.Count) >= settings.Waiting)
        {
            outbox.Answer<PeerIdentity>(wish.Reply, new Refusal("not_ready", $"{settings.Waiting} nodes are being registered already: try again later.", RefusalKind.Transient));
        }
        else
        {
            (link ?? Meet(wish.Address)).Registrations.Add(wish.Reply);
        }
    }

    /// <summary>Forgets a node because an operator does not want it.</summary>
    public void Forget(NetworkInput.Forget wish)
    {
        if (links.At(wish.Address) is { } link) Close(link, Removed);
        outbox.Answer(wish.Reply, book.Forget(wish.Address, outbox.Now) ? wish.Address : new Refusal(RefusalCodes.NotFound, $"The node {wish.Address} is not known here."));
    }

    /// <summary>A caller proved who it is: whoever calls us is called back.</summary>
    public void Greet(NetworkInput.Greeted greeted)
    {
        if (greeted.At is not { } address || links.Of(greeted.Caller.Node) is not null) return;

        book.Called(address, outbox.Now);
        _nextDialAt = outbox.Now;
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
                link.Tip = tip.Value;
                Looked(link);
                done?.Invoke();
            },
            _ => done?.Invoke());
        if (outbox.Now < link.NextDiscoveryAt) return;

        link.NextDiscoveryAt = outbox.Now + settings.DiscoveryInterval;
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
    public void Missed(PeerLink link, Refusal why)
    {
        if (link.IsClosed) return;

        if (link.IsReady && why.Code is "not_found" or "rate_limited" or "not_ready")
        {
            // It is there, and has a reason.
            Heard(link);
        }
        else if (link.IsReady && why.Code is "session_unknown")
        {
            link.Session = null;
            SayHello(link);
        }
        else if (link.IsReady && why.Kind == RefusalKind.Invalid)
        {
            misconduct.Charge(link, Misconduct.Doubtful, $"a call to it failed with {why.Code}");
        }
        else if (!link.IsReady)
        {
            Reject(link, why);
        }
        else if (++link.Failures >= settings.FailuresBeforeLeaving)
        {
            book.Failed(link.Address, outbox.Now);
            Close(link, why);
        }
    }

    private void Learn(EquatableArray<PeerAddress> addresses, PeerAddress source)
    {
        var own = self.Identity().Address;
        if (book.Learn(addresses.Where(address => address != own), source, outbox.Now) > 0) _nextDialAt = outbox.Now;
    }

    private PeerAddress[] Called => [.. links.All.Select(static link => link.Address)];

    private PeerLink Meet(PeerAddress address)
    {
        var link = new PeerLink(address, settings);
        links.Add(link);
        SayHello(link);
        return link;
    }

    private void SayHello(PeerLink link)
    {
        var hello = new PeerHello(self.Identity(), self.Challenge());
        outbox.Call<PeerAnswer.Welcome>(link, new PeerRequest.Hello(hello), (welcome, _) => Prove(link, hello, welcome.Claims), static _ => { });
    }

    private void Prove(PeerLink link, PeerHello hello, PeerWelcome welcome)
    {
        if (PeerHandshake.VerifyWelcome(hello, welcome, self.Verifier).Refusal is { } refusal)
        {
            Reject(link, refusal);
            return;
        }

        link.Identity = welcome.Self;
        link.Tip = welcome.Self.Tip;
        outbox.Call<PeerAnswer.Session>(link, new PeerRequest.Prove(PeerHandshake.Prove(hello, welcome, self.Sign)), (session, _) => Join(link, welcome.Self, session.Token), static _ => { });
    }

    private void Join(PeerLink link, PeerIdentity identity, SessionToken token)
    {
        if (links.Of(identity.Node) is { } other && other != link && !Supersedes(link, other))
        {
            AnswerRegistrations(link, identity);
            book.Ban(link.Address, outbox.Now + settings.BanTime);
            Close(link, Removed);
            return;
        }

        if (link.Registrations.Count > 0 && book.Register(link.Address, outbox.Now).Refusal is { } full)
        {
            Close(link, full);
            return;
        }

        var success = book.Succeeded(link.Address, identity.Node, link.Block, outbox.Now);
        if (success.Former is { } former) outbox.Report($"At {link.Address} there is now the node {identity.Node}; it was {former}: it starts anew.");
        if (!success.IsInBook || (success.Elsewhere is not null && link.Registrations.Count == 0) || book.IsCrowded(link.Address, Called))
        {
            book.Failed(link.Address, outbox.Now);
            Close(link, Removed);
            return;
        }

        link.Session = token;
        link.NextLookAt = outbox.Now + (link.Registrations.Count > 0 ? settings.LookAfterRegistration : 0);
        AnswerRegistrations(link, identity);
        Met(link);
    }

    // One node under two addresses is one peer: under the address that was there first, unless an operator wants it under the other.
    private bool Supersedes(PeerLink link, PeerLink other)
    {
        if (link.Registrations.Count == 0 || book.Find(other.Address) is not { IsWanted: false }) return false;

        book.Forget(other.Address, outbox.Now);
        Close(other, Removed);
        return true;
    }

    private void Reject(PeerLink link, Refusal why)
    {
        // Forgotten, not only failed: peers go on telling us of it.
        if (why.Code is PeerHandshake.Self) book.Forget(link.Address, outbox.Now);
        else book.Failed(link.Address, outbox.Now);
        if (why.Code is PeerHandshake.OtherChain) outbox.Report($"The node at {link.Address} is on another chain: {why.Detail}");
        Close(link, why);
    }

    private void AnswerRegistrations(PeerLink link, Verdict<PeerIdentity> answer)
    {
        foreach (var waiting in link.Registrations) outbox.Answer(waiting, answer);
        link.Registrations.Clear();
    }

    private void Close(PeerLink link, Refusal why)
    {
        AnswerRegistrations(link, why);
        links.Close(link);
    }
}
