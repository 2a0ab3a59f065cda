using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli.Accounts;

/// <summary>Addresses as people type them.</summary>
internal static class AddressText
{
    /// <summary>Reads an address.</summary>
    /// <returns>The address, or <c>usage</c>.</returns>
    public static Verdict<Address> Parse(string text) => Address.TryParse(text.Trim(), out var address)
        ? address
        : new Refusal(FailureCodes.Usage, $"'{text}' is no address: expected 0x and 40 hex digits, all lower case or with a right checksum (EIP-55).");
}
