using System.Text;

namespace SecuTicket.Cli;

/// <summary>Reads a line from the terminal without showing it.</summary>
internal static class HiddenLine
{
    /// <summary>Asks on standard error, so that what goes to standard output stays clean.</summary>
    /// <exception cref="OperationCanceledException">Ctrl+C, or Ctrl+D: whoever reads a key hears no signal, so the keys themselves are looked at.</exception>
    public static string Ask(string question)
    {
        Console.Error.Write(question);
        var line = new StringBuilder();
        Console.TreatControlCAsInput = true;
        try
        {
            for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
            {
                if (key is { Key: ConsoleKey.C or ConsoleKey.D, Modifiers: ConsoleModifiers.Control }) throw new OperationCanceledException();
                if (key.Key == ConsoleKey.Backspace) line.Length = Math.Max(0, line.Length - 1);
                else if (!char.IsControl(key.KeyChar)) line.Append(key.KeyChar);
            }
        }
        finally
        {
            Console.TreatControlCAsInput = false;
            Console.Error.WriteLine();
        }

        return line.ToString();
    }
}
