using System.CommandLine;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Cli.Events;

/// <summary>Sessions as people type them: <c>2027-06-15 19:00</c>.</summary>
internal static class SessionText
{
    /// <summary>The option, which may stand several times.</summary>
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--session")
        {
            Description = "A performance's date and time where it takes place, such as \"2027-06-15 19:00\". May stand several times.",
            HelpName = "DATE TIME",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        option.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
                if (Parts(token.Value) is null) result.AddError($"--session: '{token.Value}' is no date and time such as \"2027-06-15 19:00\".");
        });
        return option;
    }

    /// <summary>The field of a payload. Whether the day exists is the ledger's to say.</summary>
    public static JsonMember Field(IEnumerable<string> sessions) => new("sessions", JsonValue.Array(sessions.Select(session =>
    {
        var parts = Parts(session)!;
        return JsonValue.Object([new("date", JsonValue.Of(parts[0])), new("time", JsonValue.Of(parts[1]))]);
    })));

    private static string[]? Parts(string text) => text.Split([' ', 'T'], StringSplitOptions.RemoveEmptyEntries) is [{ Length: 10 } date, { Length: 5 } time] ? [date, time] : null;
}
