namespace SecuTicket.Cli.Wallets;

/// <summary>Where the wallet lies when no option names it.</summary>
internal static class WalletPlace
{
    /// <summary>SECUTICKET_WALLET, else <c>secuticket/wallet.pem</c> in the user's folder for settings (XDG base directory specification; APPDATA on Windows).</summary>
    public static string Default(Surroundings surroundings)
    {
        if (surroundings.Variable("SECUTICKET_WALLET") is { Length: > 0 } named) return named;

        // The specification: a path that is not absolute is to be ignored.
        var settings = surroundings.Variable("XDG_CONFIG_HOME") is { Length: > 0 } xdg && Path.IsPathRooted(xdg) ? xdg
            : OperatingSystem.IsWindows() && surroundings.Variable("APPDATA") is { Length: > 0 } roaming ? roaming
            : Path.Combine(surroundings.HomeFolder, ".config");
        return Path.Combine(settings, "secuticket", "wallet.pem");
    }
}
