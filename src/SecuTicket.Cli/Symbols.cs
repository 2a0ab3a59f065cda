using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Cli;

/// <summary>Arguments and options whose values are judged before anything is done: a mistyped address or moment is wrong usage.</summary>
internal static class Symbols
{
    /// <summary>A ticket's id.</summary>
    public static Argument<string> Ticket() => Checked(new Argument<string>("ticket") { Description = "The ticket's id: 32 hex digits." }, IsId);

    /// <summary>An event's id.</summary>
    public static Argument<string> Event() => Checked(new Argument<string>("event") { Description = "The event's id: 32 hex digits." }, IsId);

    /// <summary>An event's id as an option.</summary>
    public static Option<string> EventOption() => Checked(new Option<string>("--event") { Description = "The event's id: 32 hex digits.", HelpName = "EVENT", Required = true }, IsId);

    /// <summary>A text.</summary>
    public static Option<string?> Text(string name, string description, string shown, bool isRequired = false) =>
        new(name) { Description = description, HelpName = shown, Required = isRequired };

    /// <summary>An address.</summary>
    public static Option<string?> Address(string name, string description, bool isRequired = false) =>
        Checked(new Option<string?>(name) { Description = description, HelpName = "ADDRESS", Required = isRequired }, IsAddress);

    /// <summary>Addresses; the option may stand several times.</summary>
    public static Option<string[]> Addresses(string name, string description) =>
        Checked(new Option<string[]>(name) { Description = description + " May stand several times.", HelpName = "ADDRESS", Arity = ArgumentArity.OneOrMore }, IsAddress);

    /// <summary><c>--force</c> of commands that write a file.</summary>
    public static Option<bool> Force() => new("--force") { Description = "Replace the file if it exists." };

    /// <summary>An account as an argument that may be left out.</summary>
    public static Argument<string?> Account() => Checked(
        new Argument<string?>("address") { Description = "The account; the wallet's own when left out.", Arity = ArgumentArity.ZeroOrOne },
        IsAddress);

    /// <summary>64 hex digits.</summary>
    public static Option<string?> Hash(string name, string description, bool isRequired = false) => Checked(
        new Option<string?>(name) { Description = description, HelpName = "HEX", Required = isRequired },
        static text => Hash256.TryParse(text, out _) ? null : $"'{text}' is not 64 lower-case hex digits.");

    /// <summary>A whole number from 0 to 2^53−1.</summary>
    public static Option<long?> Amount(string name, string description, bool isRequired = false) => new(name)
    {
        Description = description,
        HelpName = "N",
        Required = isRequired,
        CustomParser = result => Parsed(result, static text =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= CanonicalJson.MaxInteger
                ? number
                : new Refusal(FailureCodes.Usage, $"'{text}' is no whole number from 0 to {CanonicalJson.MaxInteger}.")),
    };

    /// <summary>A moment.</summary>
    public static Option<long?> Moment(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => Parsed(result, MomentText.Parse),
    };

    private static long? Parsed(ArgumentResult result, Func<string, Verdict<long>> parse)
    {
        if (result.Tokens is not [{ } token]) return null;
        if (parse(token.Value).TryGet(out var value, out var refusal)) return value;

        result.AddError($"{NameOf(result)}: {refusal.Detail}");
        return null;
    }

    private static Option<T> Checked<T>(Option<T> option, Func<string, string?> fault)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (fault(token.Value) is { } sentence) result.AddError($"{option.Name}: {sentence}");
        });
        return option;
    }

    private static Argument<T> Checked<T>(Argument<T> argument, Func<string, string?> fault)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (fault(token.Value) is { } sentence) result.AddError($"{argument.Name}: {sentence}");
        });
        return argument;
    }

    private static string NameOf(ArgumentResult result) => result.Parent is OptionResult option ? option.Option.Name : result.Argument.Name;

    private static string? IsId(string text) => EventId.TryParse(text, out _) ? null : $"'{text}' is not 32 lower-case hex digits.";

    private static string? IsAddress(string text) => Core.Primitives.Address.TryParse(text, out _)
        ? null
        : $"'{text}' is no address: expected 0x and 40 hex digits, all lower case or with a right checksum (EIP-55).";
}
