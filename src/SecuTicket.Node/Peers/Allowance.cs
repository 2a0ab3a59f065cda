namespace SecuTicket.Node.Peers;

/// <summary>What somebody may use: so much a second, and what was not used for a while, up to a limit. A token bucket.</summary>
/// <remarks>
/// What something costs may be known only after it was done, as with the bytes of an answer. So it may be overdrawn, by one thing at a time, and then nothing more is done until the
/// debt is paid.
/// </remarks>
internal sealed class Allowance
{
    // In thousandths, so that each millisecond adds a whole number.
    private const long Unit = 1_000;

    private readonly long _perSecond;
    private readonly long _most;
    private long _left;
    private long _at;

    /// <summary>Begins full.</summary>
    /// <param name="perSecond">What is added each second.</param>
    /// <param name="savedUp">How many milliseconds' worth are kept.</param>
    /// <param name="now">In milliseconds.</param>
    public Allowance(long perSecond, long savedUp, long now)
    {
        (_perSecond, _at) = (perSecond, now);
        _left = _most = perSecond * savedUp;
    }

    /// <summary>Whether something is left.</summary>
    public bool HasSome(long now)
    {
        // A clock that was set back adds nothing, one that was set ahead no more than what is kept.
        if (now > _at && _left < _most) _left = (long)Int128.Min(_most, _left + ((Int128)(now - _at) * _perSecond));
        _at = now;
        return _left > 0;
    }

    /// <summary>Uses some, whether it is there or not.</summary>
    public void Use(long amount) => _left -= amount * Unit;
}
