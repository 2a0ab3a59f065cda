namespace SecuTicket.Api.Accounts;

/// <summary>A new kept account.</summary>
/// <param name="Address">The account.</param>
/// <param name="Secret">Its HMAC secret, 64 hex digits, shown this once.</param>
public sealed record AccountCreatedContract(string Address, string Secret)
{
    /// <summary>The address alone: a secret must not reach a log by being formatted.</summary>
    public override string ToString() => Address;
}
