using System.Net;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Peers;

/// <summary>Who may call: handshakes that wait for their proof, the sessions of those who gave it, and who is refused for a time. Thread-safe.</summary>
/// <remarks>
/// In memory: after a restart callers begin anew. A stranger can fill neither table for others, and nobody is refused for want of a place: where a host, an address block or a table has
/// as many as it may have, whoever has most of them by his block and his host gives one up, the one that was silent the longest. Handshakes of the last seconds are spared while others can go.
/// </remarks>
/// <param name="settings">How many, how long and how fast.</param>
public sealed class PeerSessions(PeerServerSettings settings)
{
    private readonly Lock _changing = new();
    private readonly Places<Hash256, PeerHandshakeUnderWay> _handshakes = new(settings.Handshakes, settings.HandshakesPerBlock, settings.HandshakesPerHost);
    private readonly Places<SessionToken, PeerSession> _sessions = new(settings.Sessions, settings.SessionsPerBlock, settings.SessionsPerHost);
    private readonly Dictionary<Address, long> _banished = [];
    private readonly SortedSet<(long Until, Address Node)> _banishedUntil = [];

    /// <summary>Sessions now.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _sessions.Count;
        }
    }

    /// <summary>Whether somebody who says to be a node may begin a handshake. Asked first, so that a flood costs no signatures.</summary>
    /// <returns>Accepted; <c>banished</c> (Transient).</returns>
    public Verdict MayBegin(Address caller, long now)
    {
        lock (_changing) return RefuseBanished(caller, now) is { } refusal ? refusal : Verdict.Accepted;
    }

    /// <summary>Keeps a handshake until its proof comes.</summary>
    /// <returns>Accepted; <c>banished</c> (Transient).</returns>
    public Verdict Begin(PeerHello hello, PeerWelcome welcome, IPAddress from, long now)
    {
        lock (_changing)
        {
            if (RefuseBanished(hello.Self.Node, now) is { } refusal) return refusal;

            _handshakes.Put(welcome.Challenge, new PeerHandshakeUnderWay(hello, welcome, now), from, IsExempt(from), one => now - one.At < settings.HandshakeGrace);
            return Verdict.Accepted;
        }
    }

    /// <summary>Takes out the handshake that a proof answers, whether the proof will be found right or not: each challenge is good for one.</summary>
    /// <returns>The handshake, or <c>session_unknown</c> (Transient).</returns>
    public Verdict<PeerHandshakeUnderWay> TakeHandshake(Hash256 challenge, long now)
    {
        lock (_changing)
        {
            ForgetOld(now);
            return _handshakes.TryRemove(challenge, out var handshake)
                ? handshake
                : new Refusal(PeerRefusals.SessionUnknown, $"No handshake waits for this proof: it was used, or is older than {settings.HandshakeLife / 1_000} s. Begin with a hello.", RefusalKind.Transient);
        }
    }

    /// <summary>Begins the session of a caller whose proof was found right. Where it has too many its oldest one ends; where its host, its address block or all have, another one.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="from">From where.</param>
    /// <param name="token">16 random bytes.</param>
    /// <param name="now">In milliseconds since 1970.</param>
    /// <returns>Accepted; <c>banished</c> (Transient).</returns>
    public Verdict Start(Address caller, IPAddress from, SessionToken token, long now)
    {
        lock (_changing)
        {
            if (RefuseBanished(caller, now) is { } refusal) return refusal;

            var own = _sessions.OldestFirst.Where(one => one.Value.Caller == caller).OrderBy(one => one.Value.StartedAt).ToArray();
            foreach (var old in own.SkipLast(settings.SessionsPerNode - 1)) _sessions.TryRemove(old.Key, out _);
            var isExempt = IsExempt(from);
            _sessions.Put(token, new PeerSession(caller, now, isExempt ? null : new Speed(settings, now)), from, isExempt, static _ => false);
            return Verdict.Accepted;
        }
    }

    /// <summary>Whether a session is open. Counts nothing.</summary>
    public bool IsOpen(SessionToken token, long now)
    {
        lock (_changing)
        {
            ForgetOld(now);
            return _sessions.TryGet(token, out _);
        }
    }

    /// <summary>Finds whose session it is and counts one request in it.</summary>
    /// <param name="token">What the caller showed.</param>
    /// <param name="bytes">Bytes of the request.</param>
    /// <param name="now">In milliseconds since 1970.</param>
    /// <returns>The caller; <c>session_unknown</c> or <c>rate_limited</c> (both Transient).</returns>
    public Verdict<Address> Find(SessionToken token, long bytes, long now)
    {
        lock (_changing)
        {
            ForgetOld(now);
            if (!_sessions.TryTouch(token, out var session)) return new Refusal(PeerRefusals.SessionUnknown, "There is no such session: it ended, or this node was started anew. Begin with a hello.", RefusalKind.Transient);

            session.UsedAt = now;
            if (session.Speed?.Refuses(now) == true)
            {
                var limits = $"{settings.RequestsPerSecond} requests and {settings.BytesPerSecond} bytes a second";
                return new Refusal(PeerRefusals.RateLimited, $"More than {limits}, the most of a session: try again in a moment.", RefusalKind.Transient);
            }

            session.Speed?.Count(1, bytes);
            return session.Caller;
        }
    }

    /// <summary>Counts the bytes that were read for an answer in a session, if there still is one.</summary>
    public void CountAnswer(SessionToken token, long bytes)
    {
        lock (_changing)
        {
            if (_sessions.TryGet(token, out var session)) session.Speed?.Count(0, bytes);
        }
    }

    /// <summary>Ends the sessions and handshakes of a node and refuses it new ones until then, in milliseconds since 1970.</summary>
    public void Banish(Address caller, long until)
    {
        lock (_changing)
        {
            foreach (var one in _sessions.OldestFirst.Where(one => one.Value.Caller == caller).ToArray()) _sessions.TryRemove(one.Key, out _);
            foreach (var one in _handshakes.OldestFirst.Where(one => one.Value.Hello.Self.Node == caller).ToArray()) _handshakes.TryRemove(one.Key, out _);
            if (_banished.TryGetValue(caller, out var before)) Pardon(caller, before);
            if (_banished.Count >= settings.Banished) Pardon(_banishedUntil.Min.Node, _banishedUntil.Min.Until);

            _banished.Add(caller, until);
            _banishedUntil.Add((until, caller));
        }
    }

    private void Pardon(Address caller, long until)
    {
        _banished.Remove(caller);
        _banishedUntil.Remove((until, caller));
    }

    private Refusal? RefuseBanished(Address caller, long now)
    {
        ForgetOld(now);
        return _banished.TryGetValue(caller, out var until)
            ? new Refusal(PeerRefusals.Banished, $"{caller} broke the protocol: it is refused for {(until - now + 999) / 1_000} more seconds.", RefusalKind.Transient)
            : null;
    }

    // By the address that it came from, not by one that it wraps: that is its owner's choice.
    private bool IsExempt(IPAddress from) => settings.IsLoopbackExempt && IPAddress.IsLoopback(from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from);

    private void ForgetOld(long now)
    {
        while (_banishedUntil.Count > 0 && _banishedUntil.Min.Until <= now) Pardon(_banishedUntil.Min.Node, _banishedUntil.Min.Until);
        while (_handshakes.TryOldest(out var challenge, out var handshake) && now - handshake.At >= settings.HandshakeLife) _handshakes.TryRemove(challenge, out _);
        while (_sessions.TryOldest(out var token, out var session) && now - session.UsedAt >= settings.IdleLife) _sessions.TryRemove(token, out _);
    }

    private sealed class PeerSession(Address caller, long now, Speed? speed)
    {
        public Address Caller { get; } = caller;

        public long StartedAt { get; } = now;

        public long UsedAt { get; set; } = now;

        /// <summary>Null for one that may be as fast as it likes.</summary>
        public Speed? Speed { get; } = speed;
    }

    private sealed class Speed(PeerServerSettings settings, long now)
    {
        private readonly Allowance _requests = new(settings.RequestsPerSecond, settings.SavedUp, now);
        private readonly Allowance _bytes = new(settings.BytesPerSecond, settings.SavedUp, now);

        // Both are asked, so that both go on with the time.
        public bool Refuses(long now) => !_requests.HasSome(now) | !_bytes.HasSome(now);

        public void Count(long requests, long bytes)
        {
            _requests.Use(requests);
            _bytes.Use(bytes);
        }
    }
}
