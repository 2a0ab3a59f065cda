using System.Globalization;

namespace SecuTicket.Simulation.Stakes;

/// <summary>How often happened what the scenarios are about, in one world or in many.</summary>
public sealed class StakeTally
{
    /// <summary>Worlds from which on each of it must have happened: ten of each scenario.</summary>
    public const int Many = 70;

    /// <summary>What chi-squared of one degree of freedom is above once in 10,000 times.</summary>
    public const double Bound = 15.14;

    private readonly long[] _counts = new long[Enum.GetValues<StakeHappening>().Length];
    private long _slots;
    private long _used;
    private double _fair;

    /// <summary>How often it happened.</summary>
    public long this[StakeHappening happening] => _counts[(int)happening];

    /// <summary>Chi-squared of the slots that grinders could use, against their part of the stake.</summary>
    public double Grinding => _slots == 0 ? 0 : Math.Pow(_used - _fair, 2) / (_fair * (1 - (_fair / _slots)));

    /// <summary>It happened once more.</summary>
    public void Count(StakeHappening happening) => _counts[(int)happening]++;

    /// <summary>Takes the slots of a chain on which somebody ground.</summary>
    /// <param name="all">All slots.</param>
    /// <param name="used">Those that were the grinder's, without those that it left empty on purpose.</param>
    /// <param name="share">The grinder's part of the stake.</param>
    public void CountSlots(long all, long used, double share) => (_slots, _used, _fair) = (_slots + all, _used + used, _fair + (all * share));

    /// <summary>Adds what happened in another world.</summary>
    public void Add(StakeTally other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        (_slots, _used, _fair) = (_slots + other._slots, _used + other._used, _fair + other._fair);
    }

    /// <summary>What speaks against the run as a whole.</summary>
    /// <param name="worlds">How many worlds were added.</param>
    public IReadOnlyList<Violation> Inspect(int worlds)
    {
        var found = new List<Violation>();
        if (worlds >= Many) found.AddRange(Enum.GetValues<StakeHappening>().Where(happening => this[happening] == 0).Select(static happening => new Violation("what is tried happens", $"{happening} never did")));

        // To leave slots empty costs more than it brings, so fewer than fair are no fault.
        if (Grinding > Bound && _used > _fair) found.Add(new Violation("grinding never pays", Slots));
        return found;
    }

    /// <summary>What people read of it, line by line.</summary>
    public IEnumerable<string> Lines => [.. Enum.GetValues<StakeHappening>().Select(happening => Invariant($"  {happening,-21} {this[happening]:N0}")), $"grinding           {Slots}"];

    private string Slots => Invariant($"{_used:N0} of {_slots:N0} slots used, {_fair:N0} are fair: chi-squared {Grinding:N2}, at most {Bound} above");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
