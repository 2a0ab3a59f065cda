using System.Text;
using QRCoder;

namespace SecuTicket.Cli.Output;

/// <summary>QR codes (ISO/IEC 18004) for a terminal: two modules a character, dark on light whatever the terminal's colours.</summary>
internal static class QrPicture
{
    // Black on white (ECMA-48 SGR), so that a scanner sees dark modules on a light ground on dark terminals too.
    private const string Start = "\u001b[30;47m";
    private const string End = "\u001b[0m";

    /// <summary>The picture of a text at error correction level M, its quiet zone of four modules included, as UTF-8.</summary>
    public static byte[] Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var rows = code.ModuleMatrix;
        var picture = new StringBuilder();
        for (var y = 0; y < rows.Count; y += 2)
        {
            picture.Append(Start);
            for (var x = 0; x < rows[y].Count; x++)
            {
                var lower = y + 1 < rows.Count && rows[y + 1][x];
                picture.Append((rows[y][x], lower) switch { (true, true) => '█', (true, false) => '▀', (false, true) => '▄', _ => ' ' });
            }

            picture.Append(End).Append('\n');
        }

        return Encoding.UTF8.GetBytes(picture.ToString());
    }
}
