using SecuTicket.Api.Chain;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Gate;

/// <summary>A one-time code for a gate's device.</summary>
/// <param name="Code">Twelve characters, such as <c>7K2M-Q4WD-9XTB</c>.</param>
/// <param name="ExpiresAt">RFC 3339: from then on it is unknown.</param>
public sealed record PairingCodeContract(string Code, string ExpiresAt);

/// <summary>What a device hears that used a code: the organiser lists its account next.</summary>
/// <param name="EventId">The event, 32 hex digits.</param>
/// <param name="EventName">What it is called.</param>
/// <param name="ChainId">The chain.</param>
/// <param name="Node">The account of the node, whose rosters the device is to trust.</param>
public sealed record PairedContract(string EventId, string EventName, string ChainId, string Node);

/// <summary>That a device used a code.</summary>
/// <param name="Gate">Its account, to be listed with <c>update_event</c>.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="ClaimedAt">RFC 3339.</param>
public sealed record PairingClaimContract(string Gate, string Name, string ClaimedAt)
{
    /// <summary>A claim.</summary>
    public static PairingClaimContract Of(PairingClaim claim) => new(claim.Gate.ToString(), claim.Name, TimeText.OfMilliseconds(claim.At.ToUnixTimeMilliseconds()));
}
