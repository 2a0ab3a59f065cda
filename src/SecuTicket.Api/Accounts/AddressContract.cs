namespace SecuTicket.Api.Accounts;

/// <summary>The address of a key.</summary>
/// <param name="Address">EIP-55.</param>
public sealed record AddressContract(string Address);
