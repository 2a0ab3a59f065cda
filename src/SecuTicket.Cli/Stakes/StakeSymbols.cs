using System.CommandLine;
using System.Globalization;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Stakes;

/// <summary>Arguments and options of stakes.</summary>
internal static class StakeSymbols
{
    /// <summary>Most hash chains of one key: a node looks no further.</summary>
    public const int MaxChains = 16;

    /// <summary>An amount of coins; what a node must judge is sent, so that the same is said of it everywhere.</summary>
    public static Argument<long> Amount(string description) => new("amount")
    {
        Description = description,
        CustomParser = static result =>
        {
            if (result.Tokens is [{ Value: var text }] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount <= CanonicalJson.MaxInteger) return amount;

            result.AddError($"amount: expected a whole number from 0 to {CanonicalJson.MaxInteger}.");
            return 0;
        },
    };

    /// <summary>Which hash chain of a key.</summary>
    public static Option<long?> Number()
    {
        var option = Symbols.Amount("--chain", $"Which hash chain of the key, 0 to {MaxChains - 1}: another one when a stake begins anew after all of it was paid out. 0 when left out.");
        option.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= MaxChains)) result.AddError($"--chain: expected 0 to {MaxChains - 1}.");
        });
        return option;
    }

    /// <summary>The number that was given.</summary>
    public static int NumberOf(Run run, Option<long?> option) => (int)(run.Get(option) ?? 0);
}
