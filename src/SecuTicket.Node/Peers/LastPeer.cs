namespace SecuTicket.Node.Peers;

/// <summary>Tells the operator once when the last of the nodes that are called was lost, and once when one answers again.</summary>
/// <param name="settings">How long it waits before it tells.</param>
/// <param name="links">Whom we call.</param>
/// <param name="outbox">What is to be done.</param>
internal sealed class LastPeer(NetworkSettings settings, PeerLinks links, Outbox outbox)
{
    private bool _hadOne;
    private bool _isTold;
    private long? _aloneSince;

    /// <summary>When something is due, in milliseconds since 1970; <see cref="long.MaxValue"/> for nothing.</summary>
    public long NextAt => _aloneSince is { } since && !_isTold ? since + settings.AloneGrace : long.MaxValue;

    /// <summary>Looks whether there is a peer, after each input.</summary>
    public void Look()
    {
        if (Array.Find(links.All, static link => link.IsReady) is { } peer)
        {
            if (_isTold) outbox.Report($"The node at {peer.Address} is reached: this node is not alone any more.");
            (_hadOne, _isTold, _aloneSince) = (true, false, null);
            return;
        }

        // A node that never had a peer may be meant to have none; of one that was named it was said that it is not reached.
        if (!_hadOne || _isTold) return;

        // The clock may have been set back.
        _aloneSince = Math.Min(_aloneSince ?? outbox.Now, outbox.Now);
        if (outbox.Now < NextAt) return;

        _isTold = true;
        outbox.Report("None of the nodes that this one calls answers any more: it hears of blocks only from those that call it.");
    }
}
