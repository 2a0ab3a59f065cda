using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Forging;

/// <summary>The hash chains of a key that are in use, and the one that comes after them; for one thread.</summary>
/// <param name="onion">Makes the chain of a number.</param>
internal sealed class Reveals(Func<int, Onion> onion)
{
    /// <summary>Chains that are looked through for a link of none: some 0.5 s each, once.</summary>
    public const int MaxChains = 16;

    private readonly List<Onion> _onions = [];
    private Hash256 _foreign;

    // Asked for again and again until the link is revealed.
    private (Hash256 Link, (Hash256 Reveal, int Left)? Answer)? _after;
    private int _current;

    /// <summary>What is revealed after a link, and how many more can be; null when the link is of none of the key's chains, or is the last.</summary>
    public (Hash256 Reveal, int Left)? After(in Hash256 link)
    {
        if (_after is var (known, answer) && known == link) return answer;

        answer = Find(link) is { } found && found.Before(link) is { } reveal ? (reveal, found.Left(reveal) ?? 0) : null;
        _after = (link, answer);
        return answer;
    }

    /// <summary>The commitment of the chain after the one that a link is of; of the first when it is of none.</summary>
    public Hash256 CommitmentAfter(in Hash256 link)
    {
        var next = Find(link) is { } found ? _onions.IndexOf(found) + 1 : 0;
        if (next == _onions.Count) _onions.Add(onion(next));
        return _onions[next].Commitment;
    }

    // The one that was found last is looked at first: a chain that a link is not of is gone through to its end.
    private Onion? Find(in Hash256 link)
    {
        if (link == _foreign) return null;
        if (_current < _onions.Count && _onions[_current].Left(link) is not null) return _onions[_current];

        for (var number = 0; number < MaxChains; number++)
        {
            if (number == _onions.Count) _onions.Add(onion(number));
            if (_onions[number].Commitment != link && _onions[number].Left(link) is null) continue;

            _current = number;
            return _onions[number];
        }

        _foreign = link;
        return null;
    }
}
