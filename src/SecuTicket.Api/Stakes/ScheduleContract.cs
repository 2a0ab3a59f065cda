namespace SecuTicket.Api.Stakes;

/// <summary>Whose turn it is to make blocks, seen from the tip.</summary>
/// <param name="Slot">The slot that runs now.</param>
/// <param name="SlotTime">Milliseconds of a slot.</param>
/// <param name="TipSlot">Slot of the tip.</param>
/// <param name="Epoch">Epoch of the next block: tables of stakes change with it, when what they show is final.</param>
/// <param name="Seed">What forgers are drawn from until the next block, 64 hex digits.</param>
/// <param name="Items">Slots in order, from the running one on, or the one after the tip's where that is later.</param>
public sealed record ScheduleContract(long Slot, int SlotTime, long TipSlot, long Epoch, string Seed, IReadOnlyList<TurnContract> Items);

/// <summary>Whose turn a slot is.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="StartsAt">When it begins, RFC 3339 UTC with milliseconds.</param>
/// <param name="Forger">Who makes its block.</param>
/// <param name="Certain">Whether that is so whatever comes: of the slot right after the tip's only. The next block brings another seed, so of later slots it is so only while no block is made before.</param>
public sealed record TurnContract(long Slot, string StartsAt, string Forger, bool Certain)
{
    /// <summary>True where the forger lost stake for an offence: the slot stays empty; else absent.</summary>
    public bool? Empty { get; init; }
}
