using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Forging;

/// <summary>What can be told of a node's validator.</summary>
/// <param name="Account">Its account.</param>
/// <param name="NextSlot">The next slot that is its to make a block in, if nobody makes one before; null when none of the next ones is.</param>
/// <param name="NextSlotAt">When that slot begins, in milliseconds since 1970.</param>
/// <param name="Mark">How far it has signed.</param>
public sealed record ForgingState(Address Account, long? NextSlot, long? NextSlotAt, ForgingMark Mark)
{
    internal static ForgingState Of(Forger forger, Blockchain chain, long now)
    {
        var slot = forger.NextSlot(chain, chain.Spec.SlotOf(now));
        return new ForgingState(forger.Account, slot, slot is { } next ? chain.Spec.StartOf(next) : null, forger.Mark);
    }
}
