using QRCoder;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>The codes that the browser draws are those of an independent implementation, module by module.</summary>
[Collection(SecondChromium.Name)]
public sealed class QrScriptTests(ChromiumFixture chromium, SiteFixture site)
{
    private const int QuietZone = 4;

    [SkippableTheory]
    [InlineData("A", 1)]
    [InlineData("ST1:%", 5)]
    [InlineData("https://tickets.example/wallet#passkey=Ünïcode-", 1)]
    [InlineData("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", 3)]
    [InlineData("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./", 4)]
    [InlineData("ST1:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", 9)]
    [InlineData("http://localhost:5000/wallet#passkey=abcdefghijklmnopqrstuvwxyz", 5)]
    [InlineData("http://localhost:5000/wallet#passkey=abcdefghijklmnopqrstuvwxyz", 9)]
    public async Task A_code_has_the_modules_that_another_implementation_gives_it(string text, int times)
    {
        var page = new SitePage(await chromium.NewPageAsync(), await site.UrlAsync());
        await page.OpenAsync("/sale");
        var whole = string.Concat(Enumerable.Repeat(text, times));

        // Left to itself it writes Latin letters as ISO 8859-1; where all are alphanumeric, forced it would write bytes.
        using var other = QRCodeGenerator.GenerateQrCode(whole, QRCodeGenerator.ECCLevel.M, forceUtf8: whole.Any(char.IsAsciiLetterLower));
        var rows = other.ModuleMatrix.Skip(QuietZone).SkipLast(QuietZone).Select(row => string.Concat(row.Cast<bool>().Skip(QuietZone).SkipLast(QuietZone).Select(isDark => isDark ? '#' : ' '))).ToArray();

        var drawn = await page.Page.EvaluateAsync<string[]>(
            """async ([text, mask]) => (await import("/web/js/wallet/qr.js")).encode(text, mask === "" ? undefined : Number(mask)).map((row) => row.map((isDark) => (isDark ? "#" : " ")).join(""))""",
            new[] { whole, $"{MaskOf(rows)}" });

        drawn.Should().Equal(rows);
    }

    // Three bits of the format information beside the upper left finder, taken from under their own mask (ISO/IEC 18004, 7.9.1).
    private static int MaskOf(string[] rows)
    {
        const int FormatMask = 0b101;
        int Bit(int x) => rows[8][x] == '#' ? 1 : 0;
        return ((Bit(2) << 2) | (Bit(3) << 1) | Bit(4)) ^ FormatMask;
    }
}
