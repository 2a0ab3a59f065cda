using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Wallets;

/// <summary>What <c>--json</c> prints of a wallet, which no node knows.</summary>
internal static class WalletJson
{
    /// <summary><c>{"address","encrypted","file","public_key"}</c>.</summary>
    public static string Of(Wallet wallet, string path, bool isEncrypted) => JsonValue.Object(
    [
        new("address", JsonValue.Of(wallet.Address.ToString())),
        new("public_key", JsonValue.Of(wallet.PublicKey.ToString())),
        new("file", JsonValue.Of(path)),
        new("encrypted", JsonValue.Of(isEncrypted)),
    ]).ToString();
}
