using SecuTicket.Api.Chain;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Specification;

namespace SecuTicket.Api.Stakes;

/// <summary>Whose turn it is, after a block and from a time on, as long as no other block comes.</summary>
/// <param name="spec">The chain's specification, which has stakes.</param>
/// <param name="stakes">Who has what at stake after that block.</param>
/// <param name="stake">The chain's parameters.</param>
/// <param name="now">The node's clock, in milliseconds.</param>
internal sealed class Schedule(ChainSpec spec, StakeState stakes, StakeSpec stake, long now)
{
    /// <summary>Slots shown when nobody says how many.</summary>
    public const int DefaultSlots = 20;

    /// <summary>Most slots shown.</summary>
    public const int MaxSlots = 1_000;

    private readonly Turns _turns = stakes.TurnsAfter(stake);

    // Before genesis no slot runs.
    private long First => Math.Max(spec.SlotOf(now), _turns.Slot + 1);

    /// <summary>The next slots.</summary>
    /// <param name="slots">How many.</param>
    public ScheduleContract Read(int slots)
    {
        var items = new TurnContract[slots];
        for (var i = 0; i < slots; i++) items[i] = TurnOf(First + i);
        return new ScheduleContract(spec.SlotOf(now), stake.SlotTime, _turns.Slot, stake.EpochOf(_turns.Index + 1), _turns.Seed.ToString(), items);
    }

    private TurnContract TurnOf(long slot)
    {
        var forger = _turns.ForgerOf(slot)!.Value;
        return new TurnContract(slot, TimeText.OfMilliseconds(spec.StartOf(slot)), forger.ToString(), slot == _turns.Slot + 1)
        {
            Empty = stakes.Validators.Find(forger) is { Slashed: 0 } ? null : true,
        };
    }
}
