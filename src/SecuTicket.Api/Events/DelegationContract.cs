namespace SecuTicket.Api.Events;

/// <summary>Whether this node completes official sales of an event.</summary>
/// <param name="EventId">32 hex digits.</param>
/// <param name="Enabled">Whether it does.</param>
public sealed record DelegationContract(string EventId, bool Enabled);
