using System.Text;
using SecuTicket.Core.Gate;

namespace SecuTicket.Cli.Gates;

/// <summary>Reads what a hand-held scanner types: a code, then Enter. What is longer than any code is dropped as it comes, so no line can fill the memory.</summary>
/// <param name="input">Where it types.</param>
internal sealed class ScannedLines(TextReader input)
{
    // One more than a receipt keeps, so that what is too long stays so.
    private const int MaxLength = GateReceipt.MaxCodeLength + 1;

    /// <summary>The next line that is not empty, cut where it is longer than any code; null at the end.</summary>
    public string? Read()
    {
        var line = new StringBuilder(MaxLength);
        while (true)
        {
            var character = input.Read();
            if (character is '\n' or '\r' or -1)
            {
                if (line.Length > 0) return line.ToString();
                if (character < 0) return null;
            }
            else if (line.Length < MaxLength)
            {
                line.Append((char)character);
            }
        }
    }
}
