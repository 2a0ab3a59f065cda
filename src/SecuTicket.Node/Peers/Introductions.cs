using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Meets nodes: the handshake with whom we call, and that a node is one peer however many addresses it has.</summary>
/// <param name="settings">Intervals and limits.</param>
/// <param name="self">Who we are and what we sign with.</param>
/// <param name="book">Whom we know.</param>
/// <param name="links">Whom we call.</param>
/// <param name="outbox">What is to be done.</param>
internal sealed class Introductions(NetworkSettings settings, NetworkSelf self, PeerBook book, PeerLinks links, Outbox outbox)
{
    private static readonly Refusal NotWanted = new(PeerRefusals.Unreachable, "The node is reached under another address, or was removed meanwhile.", RefusalKind.Transient);

    /// <summary>Called with each peer that was met.</summary>
    public required Action<PeerLink> Met { get; init; }

    /// <summary>Calls a node for the first time.</summary>
    public PeerLink Meet(PeerAddress address)
    {
        var link = new PeerLink(address, settings);
        links.Add(link);
        SayHello(link);
        return link;
    }

    /// <summary>Begins again with a peer that knows our session no more, as after its restart.</summary>
    public void MeetAgain(PeerLink link)
    {
        // A peer that forgets us each time makes work for nothing: two nodes behind one address do so.
        link.LostSessions = outbox.Now - link.MetAt < settings.SessionGrace ? link.LostSessions + 1 : 1;
        if (link.LostSessions >= settings.FailuresBeforeLeaving)
        {
            Leave(link, NotWanted);
            return;
        }

        link.Session = null;
        SayHello(link);
    }

    /// <summary>Gives a peer up for now: it is called again after a pause.</summary>
    public void Leave(PeerLink link, Refusal why)
    {
        book.Failed(link.Address, outbox.Now);
        Close(link, why);
    }

    /// <summary>Closes a link; operators who wait for it hear why.</summary>
    public void Close(PeerLink link, Refusal why)
    {
        AnswerRegistrations(link, why);
        links.Close(link);
    }

    /// <summary>A handshake failed, or who answered is not whom we look for.</summary>
    public void Reject(PeerLink link, Refusal why)
    {
        // Once, not at each try: operators must not have to ask why a node that they named is not connected.
        if (book.Find(link.Address) is { IsWanted: true, Failures: 0 } && why.Code is not (PeerRefusals.Self or PeerRefusals.OtherChain)) outbox.Report($"The node at {link.Address} is not reached: {why.Detail}");

        // That it is ourselves was only said: a stranger's address may rest for it, an operator's wish is not undone.
        if (why.Code == PeerRefusals.Self && book.Find(link.Address) is { IsWanted: false }) book.Ban(link.Address, outbox.Now + settings.SelfRestTime);
        else book.Failed(link.Address, outbox.Now);
        if (why.Code == PeerRefusals.OtherChain && book.Find(link.Address) is { IsWanted: true }) outbox.Report($"The node at {link.Address} is on another chain: {why.Detail}");
        Close(link, why);
    }

    private void SayHello(PeerLink link)
    {
        var hello = new PeerHello(self.Identity(), link.Address, self.Challenge());
        outbox.Call<PeerAnswer.Welcome>(link, new PeerRequest.Hello(hello), (welcome, _) => Prove(link, hello, welcome.Claims), why => Abandon(link, why));
    }

    // What failed by an error of ours was not rejected yet; operators must not wait for it for ever.
    private void Abandon(PeerLink link, Refusal why)
    {
        if (!link.IsClosed) Reject(link, why);
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
        outbox.Call<PeerAnswer.Session>(link, new PeerRequest.Prove(PeerHandshake.Prove(hello, welcome, self.Sign)), (session, _) => Join(link, welcome.Self, session.Token), why => Abandon(link, why));
    }

    private void Join(PeerLink link, PeerIdentity identity, SessionToken token)
    {
        if (links.Of(identity.Node) is { } other && other != link && !Supersedes(link, other))
        {
            AnswerRegistrations(link, link.Address);
            Leave(link, NotWanted);
            return;
        }

        if (link.Registrations.Count > 0 && book.Register(link.Address, outbox.Now).Refusal is { } full)
        {
            Close(link, full);
            return;
        }

        var success = book.Succeeded(link.Address, identity.Node, link.Block, outbox.Now);
        if (success.Former is { } former) outbox.Report($"At {link.Address} there is now the node {identity.Node}; it was {former}: it starts anew.");
        if (!success.IsInBook || book.IsCrowded(link.Address, [.. links.All.Select(static one => one.Address)]))
        {
            Leave(link, NotWanted);
        }
        else if (success.Elsewhere is { } longer && !IsWanted(link))
        {
            // The address that is known longer comes first; only when nobody answers there, this one may take its place.
            Leave(link, NotWanted);
            if (links.At(longer) is null) Meet(longer);
        }
        else
        {
            Enter(link, token);
        }
    }

    private void Enter(PeerLink link, SessionToken token)
    {
        var isNew = link.MetAt == 0;
        link.Session = token;
        link.MetAt = outbox.Now;
        link.NextLookAt = outbox.Now + (link.Registrations.Count > 0 ? settings.LookAfterRegistration : isNew ? 0 : settings.LookInterval);
        AnswerRegistrations(link, link.Address);
        if (isNew) Met(link);
    }

    // One node under two addresses is one peer: under the address that was there first, unless an operator wants it under the other.
    private bool Supersedes(PeerLink link, PeerLink other)
    {
        if (!IsWanted(link) || IsWanted(other)) return false;

        Leave(other, NotWanted);
        return true;
    }

    private bool IsWanted(PeerLink link) => link.Registrations.Count > 0 || book.Find(link.Address) is { IsWanted: true };

    private void AnswerRegistrations(PeerLink link, Verdict<PeerAddress> answer)
    {
        foreach (var waiting in link.Registrations) outbox.Answer(waiting, answer);
        link.Registrations.Clear();
    }
}
