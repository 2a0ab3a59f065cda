namespace SecuTicket.Simulation;

/// <summary>The only source of chance in a run: SplitMix64 (Steele, Lea, Flood 2014), the same numbers from the same seed on every runtime.</summary>
/// <param name="seed">Where the numbers start.</param>
public sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, not with, 1.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number from 0 to <paramref name="count"/> − 1.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both inclusive.</summary>
    public long Between(long least, long most) => least + (long)(Next() % (ulong)(most - least + 1));

    /// <summary>True once in 1 / <paramref name="probability"/> times.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>How long something without memory takes, at least 1.</summary>
    public long Exponential(double mean) => Math.Max(1, (long)(-mean * Math.Log(1 - Unit())));

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> among) => among[Below(among.Count)];

    /// <summary>Fills bytes.</summary>
    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)Next();
    }

    /// <summary>Other dice, so that one part of a run can throw more often without changing what another part throws.</summary>
    public Dice Fork() => new(Next());
}
