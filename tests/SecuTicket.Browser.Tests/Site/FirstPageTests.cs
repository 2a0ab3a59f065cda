using System.Text.Json;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace SecuTicket.Browser.Tests.Site;

/// <summary>What a page costs whoever opens it for the first time. Bytes are bounded here; how long it takes is printed, as it is the machine's affair too (docs/performance.md).</summary>
[Collection(SharedChromium.Name)]
public sealed class FirstPageTests(ChromiumFixture chromium, SiteFixture site, ITestOutputHelper output)
{
    /// <summary>Over the wire, before images.</summary>
    private const int MostBytes = 150 * 1024;

    [SkippableFact]
    public async Task A_first_page_is_small_over_the_wire()
    {
        await chromium.NewPageAsync();
        var stage = await SaleStage.OpenAsync(site, SaleStage.Rows("ABCDEFGHIJ", 50));
        foreach (var path in new[] { "/", "/sale", $"/sale/{stage.EventId}", "/wallet", $"/wallet/tickets/{stage.Tickets[0]}", "/entrance", "/explorer", $"/explorer/tickets/{stage.Tickets[0]}", $"/explorer/events/{stage.EventId}" })
        {
            var page = new SitePage(await chromium.AnotherPageAsync(new BrowserNewContextOptions()), await site.UrlAsync());
            var (bytes, images) = (new Dictionary<string, long>(), new HashSet<string>());
            var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
            session.Event("Network.responseReceived").OnEvent += (_, told) => { if (Text(told, "type") == "Image") images.Add(Text(told, "requestId")); };
            session.Event("Network.loadingFinished").OnEvent += (_, told) => bytes[Text(told, "requestId")] = (long)told!.Value.GetProperty("encodedDataLength").GetDouble();
            await session.SendAsync("Network.enable");

            await page.OpenAsync(path);
            var first = await PaintedAsync(page);
            var whole = bytes.Where(one => !images.Contains(one.Key)).Sum(static one => one.Value);
            await page.Page.ReloadAsync();
            output.WriteLine($"{path.Replace(stage.EventId, "…", StringComparison.Ordinal).Replace(stage.Tickets[0], "…", StringComparison.Ordinal)}: {whole / 1024.0:0.0} KB, painted after {first:0} ms, opened again after {await PaintedAsync(page):0} ms");
            whole.Should().BeInRange(1, MostBytes, path);
            page.ShouldBeCalm();
        }
    }

    private static Task<double> PaintedAsync(SitePage page) => page.Page.EvaluateAsync<double>(
        """
        () => new Promise((painted) => new PerformanceObserver((list) => {
          const [entry] = list.getEntriesByName("first-contentful-paint");
          if (entry) painted(entry.startTime);
        }).observe({ type: "paint", buffered: true }))
        """);

    private static string Text(JsonElement? told, string name) => told!.Value.GetProperty(name).GetString()!;
}
