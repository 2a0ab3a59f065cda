using Microsoft.Playwright;
using QRCoder;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The codes that the browser draws are those of an independent implementation, module by module.</summary>
[Collection(SecondChromium.Name)]
public sealed class QrScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    private const int QuietZone = 4;

    // The last two fill the largest version that we draw, in either mode (table 7).
    private static readonly (string Text, int Times)[] Texts =
    [
        ("A", 1), ("ST1:%", 5), ("https://tickets.example/wallet#passkey=Ünïcode-", 1), ("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", 3), ("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./", 4),
        ("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", 9), ("http://localhost:5000/wallet#passkey=abcdefghijklmnopqrstuvwxyz", 5), ("http://localhost:5000/wallet#passkey=abcdefghijklmnopqrstuvwxyz", 9),
        ("A123456789", 97), ("/#abcd", 111),
    ];

    [SkippableFact]
    public async Task A_code_has_the_modules_that_another_implementation_gives_it()
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/sale");
        foreach (var (text, times) in Texts)
        {
            var whole = string.Concat(Enumerable.Repeat(text, times));

            // Left to itself it writes Latin letters as ISO 8859-1; where all are alphanumeric, forced it would write bytes.
            using var other = QRCodeGenerator.GenerateQrCode(whole, QRCodeGenerator.ECCLevel.M, forceUtf8: whole.Any(char.IsAsciiLetterLower));
            var rows = other.ModuleMatrix.Skip(QuietZone).SkipLast(QuietZone).Select(row => string.Concat(row.Cast<bool>().Skip(QuietZone).SkipLast(QuietZone).Select(isDark => isDark ? '#' : ' '))).ToArray();

            (await DrawnAsync(page, whole, $"{MaskOf(rows)}")).Should().Equal(rows, whole);
        }

        foreach (var longer in new[] { new string('A', 971), new string('a', 667) })
            await FluentActions.Awaiting(() => DrawnAsync(page, longer, "")).Should().ThrowAsync<PlaywrightException>().WithMessage("*RangeError*");
    }

    private static Task<string[]> DrawnAsync(SitePage page, string text, string mask) => page.Page.EvaluateAsync<string[]>(
        """async ([text, mask]) => (await import("/web/js/wallet/qr.js")).encode(text, mask === "" ? undefined : Number(mask)).map((row) => row.map((isDark) => (isDark ? "#" : " ")).join(""))""",
        new[] { text, mask });

    // Three bits of the format information beside the upper left finder, taken from under their own mask (ISO/IEC 18004, 7.9.1).
    private static int MaskOf(string[] rows)
    {
        const int FormatMask = 0b101;
        int Bit(int x) => rows[8][x] == '#' ? 1 : 0;
        return ((Bit(2) << 2) | (Bit(3) << 1) | Bit(4)) ^ FormatMask;
    }
}
