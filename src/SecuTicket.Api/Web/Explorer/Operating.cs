using SecuTicket.Api.Administration;
using SecuTicket.Node;

namespace SecuTicket.Api.Web.Explorer;

/// <summary>Why something that an operator does is not possible now.</summary>
public enum OperatingHindrance
{
    /// <summary>Nothing hinders.</summary>
    None,

    /// <summary>The request comes from elsewhere and without the node's admin key.</summary>
    Key,

    /// <summary>The chain names who may make blocks, and this node is not among them.</summary>
    Sealers,

    /// <summary>The node has no forging key.</summary>
    Forger,

    /// <summary>Another validator's slot runs, and when this one's comes can not be told.</summary>
    Slot,

    /// <summary>Another validator's slot runs; when this one's comes is known.</summary>
    NextSlot,
}

/// <summary>What an operator may do on a page that was asked for like this.</summary>
/// <param name="Mining">What hinders making a block.</param>
/// <param name="Key">Whether the admin key is due for it, and for all else that operators do.</param>
/// <param name="NextSlotAt">With <see cref="OperatingHindrance.NextSlot"/>, when it begins, in milliseconds since 1970.</param>
internal sealed record Operating(OperatingHindrance Mining, bool Key, long? NextSlotAt)
{
    /// <summary>What holds now; the routes themselves decide when they are pressed.</summary>
    public static Operating Of(HttpContext context, AdminGuard guard, TicketNode node, long now)
    {
        var key = !guard.Check(context).IsAccepted;
        var forging = node.Forging;
        var mining = node.Spec switch
        {
            { Stake: not null } when forging is null => OperatingHindrance.Forger,
            { Stake: not null } when forging!.NextSlot is null => OperatingHindrance.Slot,
            { Stake: not null } spec when forging!.NextSlot != spec.SlotOf(now) => OperatingHindrance.NextSlot,
            { Sealers: { } sealers } when !sealers.Contains(node.Sealer) => OperatingHindrance.Sealers,
            _ => key ? OperatingHindrance.Key : OperatingHindrance.None,
        };
        return new Operating(mining, key, mining == OperatingHindrance.NextSlot ? forging!.NextSlotAt : null);
    }
}
