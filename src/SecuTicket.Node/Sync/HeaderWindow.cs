using SecuTicket.Core.Blocks;

namespace SecuTicket.Node.Sync;

/// <summary>The last headers of a branch: as many as the checks of the next one look back at, each found in one step.</summary>
/// <param name="size">Headers it holds.</param>
internal sealed class HeaderWindow(int size)
{
    private readonly BlockHeader[] _ring = new BlockHeader[size];
    private int _end;

    /// <summary>Headers it holds now.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another one pushes out the oldest.</summary>
    public bool IsFull => Count == _ring.Length;

    /// <summary>Adds the next header.</summary>
    public void Push(BlockHeader header)
    {
        _ring[_end] = header;
        _end = _end + 1 == _ring.Length ? 0 : _end + 1;
        if (!IsFull) Count++;
    }

    /// <summary>The header so many steps before the last one; null where it is not held.</summary>
    public BlockHeader? Before(int steps)
    {
        if (steps >= Count) return null;

        var at = _end - 1 - steps;
        return _ring[at < 0 ? at + _ring.Length : at];
    }
}
